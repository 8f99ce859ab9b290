/** A signal's points over a window of time, growing as readings come in. */

/** `[at, min, avg, max]`, as the hub sends them. */
export type Point = readonly [at: number, min: number, avg: number, max: number]

export type Range = '10m' | '1h' | '24h' | '7d' | '30d'

export const RANGE_MS: Record<Range, number> = {
  '10m': 600_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
}

/** Add a live value: into the last bucket while it lasts, else as a new one; drop what left the window. */
export function extend(points: readonly Point[], at: number, value: number, spanMs: number, bucketMs: number): Point[] {
  const kept = points.filter((point) => point[0] >= at - spanMs)
  const last = kept.at(-1)
  if (!last || at - last[0] >= bucketMs) return [...kept, [at, value, value, value]]
  if (at < last[0]) return kept
  kept[kept.length - 1] = [last[0], Math.min(last[1], value), (last[2] + value) / 2, Math.max(last[3], value)]
  return kept
}

/** The axis: around the values and the limits, so that a limit is always in the picture. */
export function bounds(points: readonly Point[], limits: { low: number | null; high: number | null }): [number, number] {
  const values = points.flatMap((point) => [point[1], point[3]])
  if (limits.low != null) values.push(limits.low)
  const top = Math.max(...values)
  // A high limit far above everything would flatten the curve.
  if (limits.high != null && limits.high < top * 2.5) values.push(limits.high)
  if (values.length === 0) return [0, 1]
  const low = Math.min(...values)
  const high = Math.max(...values)
  const pad = (high - low || Math.abs(high) || 1) * 0.12
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad]
}
