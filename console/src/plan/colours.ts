/** The console's colours for a canvas, read anew with each theme. */

export interface Colours {
  [name: string]: string
}

const NAMES = [
  'ink', 'ink-2', 'ink-3', 'raised', 'ground', 'line-strong', 'press', 'on-press', 'focus', 'calm',
  'p0', 'p0-on', 'p0-text', 'p1', 'p1-on', 'p1-text', 'p2', 'p2-on', 'p2-text', 'p3', 'p3-on', 'p3-text',
  'plan-around', 'plan-plot', 'plan-lawn', 'plan-plaza', 'plan-court', 'plan-water', 'plan-parking', 'plan-house', 'plan-road',
  'plan-path', 'plan-wall', 'plan-tree', 'plan-building', 'plan-edge', 'plan-shade', 'font',
]

export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]))
}

/** One rem, px: what is drawn grows with the screen as the text does. */
export function remPx(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
}
