/** The run as it stands: asked of the hub while somebody looks, and what people do to it. */
import { computed, onMounted, onUnmounted, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { get, post } from '../api/client'
import type { ConditionInfo, Injected, Scorecard, Simulator } from '../api/types'
import { say } from '../i18n'
import { useLive } from '../live/store'
import { useAttempt } from '../ui/attempt'

const EVERY_MS = 2000

export function useRun() {
  const live = useLive()
  const { t, te } = useI18n()
  const { error, run } = useAttempt()
  const doing = useAttempt()
  const simulator = ref<Simulator | null>(null)
  const score = ref<Scorecard | null>(null)
  const conditions = ref<Record<string, ConditionInfo>>({})
  const path = computed(() => `/api/sites/${live.site?.id}/simulator`)
  let timer = 0
  let gone = false

  async function load(): Promise<void> {
    clearTimeout(timer)
    if (live.site && !document.hidden) {
      await run(async () => {
        if (!Object.keys(conditions.value).length) {
          const list = await get<ConditionInfo[]>('/api/conditions')
          conditions.value = Object.fromEntries(list.map((one) => [one.id, one]))
        }
        ;[simulator.value, score.value] = await Promise.all([
          get<Simulator>(path.value), get<Scorecard>(path.value + '/scorecard'),
        ])
      })
    }
    if (!gone) timer = window.setTimeout(load, EVERY_MS)
  }
  onMounted(load)
  onUnmounted(() => {
    gone = true
    clearTimeout(timer)
  })

  async function start(scenario: string): Promise<boolean> {
    const done = await doing.run(async () => void (simulator.value = await post<Simulator>(path.value + '/scenario', { scenario })))
    if (done) void load()
    return done
  }

  async function inject(event: string, device: string, options: Record<string, string | number>): Promise<boolean> {
    const done = await doing.run(async () => void (await post<Injected>(path.value + '/injections', { event, device, options })))
    if (done) void load()
    return done
  }

  /** What an alarm is called. */
  function alarm(kind: string): string {
    return say(conditions.value[kind]?.name) || kind
  }

  /** What a device, or an agent, is called. */
  function device(id: string): string {
    return say(live.state.devices[id]?.name ?? live.state.agents[id]?.name) || id
  }

  function lane(name: string): string {
    return te('laneName.' + name) ? t('laneName.' + name) : name
  }

  return { simulator, score, error, load, start, inject, busy: doing.busy, refused: doing.error, alarm, device, lane }
}

export type Run = ReturnType<typeof useRun>
