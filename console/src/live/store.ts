/** The one picture of the site that every view draws from. */
import { defineStore } from 'pinia'
import { computed, reactive, ref } from 'vue'
import { ApiError, get } from '../api/client'
import type { Alert, Case, Command, Kind, ModeSwitch, Round, Site, Snapshot } from '../api/types'
import { compareAlerts, isOpen, waits } from '../domain/order'
import { joinLine, type Order } from './join'
import type { FromLine, LineState } from './messages'
import { prune } from './prune'
import { apply, type Effect, emptyState, restart, upsertAlert, upsertCase, upsertMode, upsertRound } from './reducer'

const RETRY_MS = 3000
const STALE_MS = 10_000
const PRUNE_MS = 60_000
/** Between two pictures of a burst. */
const GATHER_MS = 150

export const useLive = defineStore('live', () => {
  const state = reactive(emptyState())
  const site = ref<Site | null>(null)
  const kinds = ref<Record<string, Kind>>({})
  /** Devices are simulated, beside the hub. */
  const simulated = ref(false)
  const line = ref<LineState['state']>('connecting')
  const heardAt = ref(Date.now())
  const failure = ref<ApiError | null>(null)
  /** Ticks once a second; ages and countdowns hang on it. */
  const tick = ref(Date.now())
  /** Hub clock minus this browser's clock, ms. */
  const clockOffset = ref(0)
  let order: Order | null = null
  let retry = 0

  setInterval(() => (tick.value = Date.now()), 1000)
  setInterval(() => prune(state, now.value), PRUNE_MS)

  const now = computed(() => tick.value + clockOffset.value)
  const loaded = computed(() => state.cursor !== null)
  const silentMs = computed(() => Math.max(0, tick.value - heardAt.value))
  const live = computed(() => line.value === 'open' && silentMs.value < STALE_MS)
  const openAlerts = computed(() => Object.values(state.alerts).filter(isOpen).sort(compareAlerts))
  const waiting = computed(() => openAlerts.value.filter((alert) => waits(alert) && !alert.late))
  const modes = computed(() =>
    Object.values(state.modes).filter((one) => one.ended_at === null).sort((a, b) => a.begun_at - b.begun_at),
  )
  const rounds = computed(() =>
    Object.values(state.rounds).filter((one) => one.ended_at === null).sort((a, b) => a.due_at - b.due_at),
  )
  const ended = computed(() =>
    Object.values(state.alerts)
      .filter((alert) => !isOpen(alert))
      .sort((a, b) => (b.closed_at ?? 0) - (a.closed_at ?? 0)),
  )

  /** What comes within a moment is taken in together: a burst is one picture, not hundreds. */
  let waitingFor: FromLine[] = []
  let takenAt = 0

  function hear(message: FromLine): void {
    if (message.kind !== 'line') heardAt.value = Date.now()
    waitingFor.push(message)
    if (waitingFor.length > 1) return
    window.setTimeout(takeIn, Math.max(0, takenAt + GATHER_MS - Date.now()))
  }

  function takeIn(): void {
    const all = waitingFor
    waitingFor = []
    takenAt = Date.now()
    let effect: Effect = 'none'
    for (const message of all) {
      if (message.kind === 'line') onLine(message.state)
      else {
        if (message.kind === 'ping') clockOffset.value = message.now - Date.now()
        const one = apply(state, message)
        if (effect !== 'snapshot' && one !== 'none') effect = one
      }
    }
    if (effect === 'snapshot') void takeSnapshot()
    if (effect === 'resume') order?.({ do: 'resume', after: state.cursor ?? 0 })
  }

  function onLine(now: LineState['state']): void {
    line.value = now
    if (now === 'refused') void get('/api/me').catch(() => undefined)
  }

  /** Start to follow `one`; join the stream first, so that nothing falls between. */
  async function follow(one: Site): Promise<void> {
    if (site.value?.id === one.id && loaded.value) return
    site.value = one
    Object.assign(state, emptyState())
    order ??= joinLine(hear)
    const list = await get<Kind[]>('/api/kinds')
    kinds.value = Object.fromEntries(list.map((kind) => [kind.id, kind]))
    await takeSnapshot()
  }

  async function takeSnapshot(): Promise<void> {
    const id = site.value?.id
    if (!id) return
    clearTimeout(retry)
    try {
      const snapshot = await get<Snapshot>(`/api/sites/${id}/snapshot`)
      clockOffset.value = snapshot.now - Date.now()
      simulated.value = snapshot.simulated ?? false
      restart(state, snapshot)
      failure.value = null
      order?.({ do: 'start', site: id, after: snapshot.cursor })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      failure.value = error
      if (error.status !== 401) retry = window.setTimeout(takeSnapshot, RETRY_MS)
    }
  }

  function leave(): void {
    order?.({ do: 'stop' })
    site.value = null
    Object.assign(state, emptyState())
  }

  return {
    state, site, kinds, simulated, line, failure, tick, now, loaded, silentMs, live,
    openAlerts, waiting, ended, modes, rounds, follow, leave, takeSnapshot,
    putAlert: (alert: Alert) => upsertAlert(state, alert),
    putMode: (one: ModeSwitch) => upsertMode(state, one),
    putRound: (one: Round) => upsertRound(state, one),
    putCase: (one: Case) => upsertCase(state, one),
    putCommand: (command: Command) => { state.commands[command.id] ??= command },
  }
})
