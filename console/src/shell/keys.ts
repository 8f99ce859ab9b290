/** Keys: whose a press is, and which button on screen it stands for. */

/** Whether a key press belongs to a field or a dialog instead of to the view. */
export function typing(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true
  const target = event.target as HTMLElement | null
  if (target?.closest('input, textarea, select, [role="dialog"], [contenteditable]')) return true
  return document.querySelector('.el-overlay:not([style*="display: none"])') !== null
}

/** Press the button on screen that says it answers to `key` (`data-key`); a clip plays or stops. */
export function pressKey(key: string): boolean {
  if (!/^[a-z]$/.test(key)) return false
  const marked = [...document.querySelectorAll<HTMLElement>(`[data-key="${key}"]`)]
  const one = marked.find((each) => each.checkVisibility() && !(each as HTMLButtonElement).disabled)
  if (!one) return false
  if (one instanceof HTMLVideoElement) void (one.paused ? one.play().catch(() => undefined) : one.pause())
  else {
    one.focus()
    one.click()
  }
  return true
}

export interface KeyRow {
  keys: string[]
  /** Under `keys.` in the messages. */
  text: string
}

/** Every key that there is, as the help shows them. */
export const KEYS: { group: string; rows: KeyRow[] }[] = [
  {
    group: 'everywhere',
    rows: [
      { keys: ['1', '…', '9'], text: 'views' },
      { keys: ['n'], text: 'newest' },
      { keys: ['m'], text: 'mute' },
      { keys: ['w'], text: 'wall' },
      { keys: ['?'], text: 'help' },
      { keys: ['Esc'], text: 'escape' },
    ],
  },
  {
    group: 'list',
    rows: [
      { keys: ['j', 'k', '↓', '↑'], text: 'move' },
      { keys: ['Enter'], text: 'open' },
      { keys: ['a'], text: 'ack' },
      { keys: ['c'], text: 'case' },
      { keys: ['x'], text: 'false' },
      { keys: ['s'], text: 'shelve' },
      { keys: ['t'], text: 'note' },
      { keys: ['e'], text: 'reset' },
    ],
  },
  {
    group: 'device',
    rows: [
      { keys: ['l'], text: 'look' },
      { keys: ['p'], text: 'clip' },
      { keys: ['v'], text: 'voice' },
      { keys: ['h'], text: 'hold' },
      { keys: ['r'], text: 'release' },
      { keys: ['o'], text: 'openDoor' },
    ],
  },
]
