/** Tones made in the browser: nothing to download. */
import type { Pattern } from './patterns'

const ATTACK_S = 0.012

/** Play `pattern` now. A soft second partial keeps it audible through a closed door. */
export function playPattern(context: AudioContext, pattern: Pattern): void {
  const start = context.currentTime + 0.03
  for (const [at, hz, lasts] of pattern.tones) {
    tone(context, start + at, hz, lasts, pattern.gain)
    tone(context, start + at, hz * 2, lasts, pattern.gain * 0.35)
  }
}

function tone(context: AudioContext, at: number, hz: number, lasts: number, peak: number): void {
  const oscillator = new OscillatorNode(context, { frequency: hz, type: 'triangle' })
  const gain = new GainNode(context, { gain: 0 })
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(peak, at + ATTACK_S)
  gain.gain.setValueAtTime(peak, at + lasts * 0.6)
  gain.gain.exponentialRampToValueAtTime(0.0001, at + lasts)
  oscillator.connect(gain).connect(context.destination)
  oscillator.start(at)
  oscillator.stop(at + lasts + 0.02)
}
