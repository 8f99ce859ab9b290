/** Which layers of the plan are shown; kept in the browser. */
import { reactive, watch } from 'vue'

const KEY = 'gatehouse.plan-layers'
export const LAYERS = ['alarms', 'cases', 'devices', 'names', 'trees'] as const
export type Layers = Record<(typeof LAYERS)[number], boolean>

export function useLayers(): Layers {
  const layers = reactive<Layers>({ alarms: true, cases: true, devices: true, names: true, trees: true })
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    for (const name of LAYERS) if (typeof (kept as Layers)?.[name] === 'boolean') layers[name] = (kept as Layers)[name]
  } catch {
    // Whatever was kept there, it is not ours.
  }
  watch(layers, () => localStorage.setItem(KEY, JSON.stringify(layers)))
  return layers
}
