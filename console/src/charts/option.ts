/** A signal chart's ECharts option: a quiet line in its band, limits drawn, nothing else. */
import type { Limits } from '../api/types'
import { figure } from '../domain/figures'
import { bounds, type Point } from './series'

export interface ChartWords {
  low: string
  high: string
  band: string
  tag: string
}

export interface Drawing {
  points: readonly Point[]
  limits: Limits
  from: number
  to: number
  unit: string
  words: ChartWords
  /** Px per rem, so that labels grow with the page. */
  rem: number
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

export function chartOption(drawing: Drawing): Record<string, unknown> {
  const { points, limits, from, to, rem } = drawing
  const ink = token('--ink-3')
  const [min, max] = bounds(points, limits)
  const label = { color: ink, fontSize: rem * 0.78, fontFamily: token('--font') }
  const line = { type: 'line', showSymbol: false, silent: true, animation: false, connectNulls: false }
  const bare = { lineStyle: { opacity: 0 }, stack: 'band', tooltip: { show: false } }
  return {
    animation: false,
    textStyle: { fontFamily: token('--font') },
    grid: { left: rem * 3.4, right: rem * 0.6, top: rem * 1.1, bottom: rem * 1.8 },
    xAxis: {
      type: 'time', min: from, max: to, splitNumber: 5,
      axisLine: { lineStyle: { color: token('--line-strong') } }, axisTick: { show: false },
      axisLabel: { ...label, hideOverlap: true, formatter: { day: '{M}/{d}', hour: '{HH}:{mm}', minute: '{HH}:{mm}', second: '{HH}:{mm}:{ss}' } },
    },
    yAxis: {
      type: 'value', min, max, splitNumber: 4,
      splitLine: { lineStyle: { color: token('--line') } },
      axisLabel: { ...label, formatter: (value: number) => figure(value), showMinLabel: min === 0, showMaxLabel: false },
    },
    tooltip: { trigger: 'axis', className: 'chart-tip', axisPointer: { lineStyle: { color: token('--ink-3') } }, formatter: tip(drawing) },
    series: [
      { ...line, ...bare, data: points.map((point) => [point[0], point[1]]) },
      { ...line, ...bare, data: points.map((point) => [point[0], point[3] - point[1]]), areaStyle: { color: token('--calm-soft') } },
      {
        ...line, data: points.map((point) => [point[0], point[2]]),
        lineStyle: { color: token('--calm'), width: rem * 0.14 }, itemStyle: { color: token('--calm') },
        markLine: { silent: true, symbol: 'none', animation: false, data: limitLines(drawing, label) },
      },
    ],
  }
}

function limitLines({ limits, words, rem }: Drawing, label: object): object[] {
  const color = token('--p0-text')
  const draw = (value: number, name: string, position: string) => ({
    yAxis: value,
    lineStyle: { color, type: [rem * 0.4, rem * 0.3], width: rem * 0.09 },
    label: { ...label, color, position, formatter: `${name} ${figure(value)}` },
  })
  return [
    ...(limits.low != null ? [draw(limits.low, words.low, 'insideStartBottom')] : []),
    ...(limits.high != null ? [draw(limits.high, words.high, 'insideStartTop')] : []),
  ]
}

/** The tip is built from elements: under a strict content-security policy, markup keeps no style. */
function tip({ points, unit, words }: Drawing) {
  return (params: { data: [number, number] }[]): HTMLElement => {
    const box = document.createElement('div')
    const at = params[0]?.data[0] ?? 0
    const point = points.find((one) => one[0] === at)
    const when = document.createElement('div')
    when.textContent = new Date(at).toLocaleString(words.tag, { hour12: false })
    box.append(when)
    if (point) {
      const value = document.createElement('strong')
      value.textContent = `${figure(point[2])} ${unit}`
      const band = document.createElement('div')
      band.textContent = `${words.band} ${figure(point[1])} – ${figure(point[3])}`
      box.append(value, band)
    }
    return box
  }
}
