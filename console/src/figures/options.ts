/** What the charts of figures look like. */
import type { EChartsCoreOption } from 'echarts/core'
import type { DetectorFigures, Figures, Text } from '../api/types'

export interface Look {
  color: (name: string) => string
  rem: number
}
export type Draw = (look: Look) => EChartsCoreOption
type Say = (text: Text) => string

/** Hues that stand apart in both appearances and mean no alarm. */
const HUES = ['#2f7d80', '#7a6bb0', '#4b8f4f', '#a0673a', '#5f7f9f', '#9a5f8a']

function base(look: Look): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', fontSize: look.rem * 0.8, color: look.color('--ink-2') },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, confine: true },
    grid: { left: 4, right: look.rem * 2, top: look.rem * 2, bottom: 4, containLabel: true },
  }
}

function legend(look: Look, data: string[]): object {
  return { data, top: 0, left: 0, icon: 'roundRect', itemWidth: look.rem * 0.9, itemHeight: look.rem * 0.55, type: 'scroll', textStyle: { color: look.color('--ink-2'), fontSize: look.rem * 0.8 } }
}

function values(look: Look): object {
  return { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: look.color('--line') } }, axisLabel: { color: look.color('--ink-3') } }
}

function names(look: Look, data: string[], more: object = {}): object {
  return { type: 'category', data, axisTick: { show: false }, axisLine: { lineStyle: { color: look.color('--line-strong') } }, axisLabel: { color: look.color('--ink-2') }, ...more }
}

/** A day on the site's own clock, which the figures are counted by, wherever they are read. */
function dayThere(figures: Figures, at: number, tag: string): string {
  return new Date(at + figures.utc_offset * 3_600_000).toLocaleDateString(tag, { month: 'numeric', day: 'numeric', timeZone: 'UTC' })
}

/** Categories, now against the time before, the most on top. */
export function hotOption(figures: Figures, say: Say, words: { now: string; before: string }): Draw {
  const rows = [...figures.hot].reverse()
  return (look) => ({
    ...base(look),
    legend: legend(look, [words.now, words.before]),
    xAxis: values(look),
    yAxis: names(look, rows.map((one) => say(one.name))),
    series: [
      { name: words.before, type: 'bar', data: rows.map((one) => one.before), itemStyle: { color: look.color('--line-strong'), borderRadius: 3 }, barGap: '10%', barCategoryGap: '35%' },
      { name: words.now, type: 'bar', data: rows.map((one) => one.count), itemStyle: { color: look.color('--calm'), borderRadius: 3 }, label: { show: true, position: 'right', color: look.color('--ink') } },
    ],
  })
}

/** The leading categories, week by week. */
export function trendOption(figures: Figures, say: Say, tag: string): Draw {
  const leading = figures.hot.slice(0, HUES.length)
  const weeks = figures.spans.map((at) => dayThere(figures, at, tag))
  return (look) => ({
    ...base(look),
    color: HUES,
    legend: legend(look, leading.map((one) => say(one.name))),
    xAxis: names(look, weeks, { boundaryGap: false }),
    yAxis: values(look),
    series: leading.map((one) => ({ name: say(one.name), type: 'line', data: one.trend, symbolSize: 6, lineStyle: { width: 2 } })),
  })
}

/** How many began each day. */
export function barsOption(figures: Figures, tag: string, name: string): Draw {
  const days = figures.bars.map((one) => dayThere(figures, one.at, tag))
  return (look) => ({
    ...base(look),
    xAxis: names(look, days),
    yAxis: values(look),
    series: [{ name, type: 'bar', data: figures.bars.map((one) => one.count), itemStyle: { color: look.color('--calm'), borderRadius: [3, 3, 0, 0] }, barMaxWidth: look.rem * 2 }],
  })
}

type Verdicts = DetectorFigures['detectors'][number]['spans']

/** Where each span begins, on the site's own clock. */
function spansOf(figures: DetectorFigures, tag: string): string[] {
  return figures.spans.map((at) => new Date(at + figures.utc_offset * 3_600_000).toLocaleDateString(tag, { month: 'numeric', day: 'numeric', timeZone: 'UTC' }))
}

/** What staff said of a detector's alarms, span by span. */
export function verdictsOption(figures: DetectorFigures, spans: Verdicts, tag: string, words: Record<'true' | 'false' | 'untold' | 'open', string>): Draw {
  return (look) => {
    const fills = { true: look.color('--calm'), false: look.color('--ink'), untold: look.color('--line-strong'), open: look.color('--raised') }
    return {
      ...base(look),
      legend: legend(look, Object.values(words)),
      xAxis: names(look, spansOf(figures, tag)),
      yAxis: values(look),
      series: (['true', 'false', 'untold', 'open'] as const).map((id) => ({
        name: words[id], type: 'bar', stack: 'all', barMaxWidth: look.rem * 1.6, data: spans.map((one) => one[id]),
        itemStyle: { color: fills[id], borderColor: id === 'open' ? look.color('--ink-3') : undefined, borderWidth: id === 'open' ? 1 : 0 },
      })),
    }
  }
}

/** The share of true ones with its interval, span by span; a gap where nobody has said anything. */
export function sharesOption(figures: DetectorFigures, spans: Verdicts, tag: string, words: { share: string; interval: string }): Draw {
  const percent = (share: number | null) => (share === null ? null : Math.round(share * 1000) / 10)
  return (look) => ({
    ...base(look),
    tooltip: { trigger: 'axis', confine: true, valueFormatter: (value: unknown) => (typeof value === 'number' ? `${value} %` : '–') },
    legend: legend(look, [words.share, words.interval]),
    xAxis: names(look, spansOf(figures, tag), { boundaryGap: true }),
    yAxis: { ...values(look), min: 0, max: 100, axisLabel: { color: look.color('--ink-3'), formatter: '{value} %' } },
    series: [
      { name: 'low', type: 'line', stack: 'range', data: spans.map((one) => percent(one.low)), lineStyle: { opacity: 0 }, symbol: 'none', silent: true, tooltip: { show: false } },
      {
        name: words.interval, type: 'line', stack: 'range', symbol: 'none', lineStyle: { opacity: 0 }, itemStyle: { color: look.color('--calm') }, tooltip: { show: false },
        areaStyle: { color: look.color('--calm'), opacity: 0.28 }, data: spans.map((one) => (one.high === null || one.low === null ? null : percent(one.high - one.low))),
      },
      { name: words.share, type: 'line', data: spans.map((one) => percent(one.share)), symbol: 'circle', symbolSize: 7, lineStyle: { width: 2, color: look.color('--ink') }, itemStyle: { color: look.color('--ink') } },
    ],
  })
}
