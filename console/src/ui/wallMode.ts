/** Everything larger, for a display that is read from three metres; kept until it is switched off. */
import { ref, watchEffect } from 'vue'

const KEY = 'gatehouse.wall-mode'

export const wallMode = ref(localStorage.getItem(KEY) === 'on')

watchEffect(() => {
  localStorage.setItem(KEY, wallMode.value ? 'on' : 'off')
  document.documentElement.classList.toggle('wall-mode', wallMode.value)
})

/** In and out; the browser's own bars go too, where it lets a page do that. */
export function toggleWallMode(): void {
  wallMode.value = !wallMode.value
  if (wallMode.value) void document.documentElement.requestFullscreen?.().catch(() => undefined)
  else if (document.fullscreenElement) void document.exitFullscreen()
}
