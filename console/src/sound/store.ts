/** Sound: on after the first gesture, muted only for a while, and from one tab of the browser. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { useLive } from '../live/store'
import type { Priority } from '../api/types'
import { duePattern, interrupts, PATTERNS, telling } from './patterns'
import { playPattern } from './play'

const MUTE_KEY = 'gatehouse.muted-until'
export const MUTE_MS = 10 * 60_000
/** The press that turns sound on is not, when it comes to the button, the one that mutes it. */
const SAME_PRESS_MS = 1000

export const useSound = defineStore('sound', () => {
  const live = useLive()
  const ready = ref(false)
  const mutedUntil = ref(Number(localStorage.getItem(MUTE_KEY) ?? 0))
  const mutedMs = computed(() => Math.max(0, mutedUntil.value - live.tick))
  const muted = computed(() => mutedMs.value > 0)
  const state = computed(() => (!ready.value ? 'off' : muted.value ? 'muted' : 'on'))
  const known = new Set<string>()
  let context: AudioContext | null = null
  let opening: Promise<void> | null = null
  let readyAt = 0
  let ours = false
  let again: { timer: number; priority: Priority } | null = null

  addEventListener('storage', (event) => {
    if (event.key === MUTE_KEY) mutedUntil.value = Number(event.newValue ?? 0)
  })
  for (const gesture of ['click', 'keydown']) addEventListener(gesture, () => void enable())

  /** Browsers let a page sound only after a gesture; any gesture will do. */
  function enable(): Promise<void> {
    return (opening ??= open())
  }

  async function open(): Promise<void> {
    context ??= new AudioContext()
    await context.resume()
    ready.value = context.state === 'running'
    readyAt = Date.now()
    if (ready.value) claim()
    else opening = null
  }

  /** Only the tab that holds the lock sounds; when it closes, another one takes over. */
  function claim(): void {
    const hold = () => {
      ours = true
      sound()
      return new Promise<void>(() => undefined)
    }
    if ('locks' in navigator) void navigator.locks.request('gatehouse-sound', hold)
    else void hold()
  }

  function mute(ms = MUTE_MS): void {
    mutedUntil.value = ms ? Date.now() + ms : 0
    localStorage.setItem(MUTE_KEY, String(mutedUntil.value))
  }

  function toggle(): void {
    if (!ready.value) void enable()
    else if (Date.now() - readyAt > SAME_PRESS_MS) mute(muted.value ? 0 : MUTE_MS)
  }

  function sound(): void {
    const due = duePattern(live.openAlerts, known)
    for (const alert of live.openAlerts) known.add(telling(alert))
    if (!due || !ours || muted.value || !context || (again && !interrupts(due, again.priority))) return
    const pattern = PATTERNS[due.priority]
    if (!pattern) return
    if (again) clearTimeout(again.timer)
    again = null
    playPattern(context, pattern)
    if (!due.repeats) return
    const timer = window.setTimeout(() => {
      again = null
      sound()
    }, pattern.every * 1000)
    again = { timer, priority: due.priority }
  }

  watch(() => live.openAlerts.map((alert) => telling(alert) + alert.state).join(), sound)
  watch(muted, (now) => now || sound())

  return { state, mutedMs, enable, mute, toggle }
})
