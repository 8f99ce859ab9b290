/** Light, dark, or as the system has it. */
import { computed, ref, watch } from 'vue'

export type Theme = 'auto' | 'light' | 'dark'

const KEY = 'gatehouse.theme'
const system = matchMedia('(prefers-color-scheme: dark)')
const systemDark = ref(system.matches)
system.addEventListener('change', (event) => (systemDark.value = event.matches))

export const theme = ref<Theme>((localStorage.getItem(KEY) as Theme | null) ?? 'auto')
export const dark = computed(() => theme.value === 'dark' || (theme.value === 'auto' && systemDark.value))

watch(theme, (value) => localStorage.setItem(KEY, value))
watch(dark, (value) => document.documentElement.classList.toggle('dark', value), { immediate: true, flush: 'sync' })
