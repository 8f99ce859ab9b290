/**
 * The event stream of one site: opened once, resumed from the last position after every break.
 *
 * It runs in a SharedWorker for all tabs, or in a tab of its own where there is none.
 */
import type { FromLine } from './messages'

const CHANGES = ['alert', 'case', 'device', 'agent', 'command', 'mode', 'round']
/** A ping comes every 5 s; two and a half missed ones mean that the line is dead. */
const SILENCE_MS = 12_500
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 5_000

export class Line {
  private source: EventSource | null = null
  private site: string | null = null
  private position = 0
  private from = 0
  private failures = 0
  private retry = 0
  private watchdog = 0

  constructor(private readonly tell: (message: FromLine) => void) {}

  /** Stream `site` from `after`; a stream that already covers it goes on undisturbed. */
  start(site: string, after: number): void {
    if (this.site === site && after >= this.from) return
    this.site = site
    this.position = this.from = after
    this.connect()
  }

  /** Something after `after` is missing: ask for it again. */
  resume(after: number): void {
    if (this.site === null) return
    this.position = Math.min(this.position, after)
    this.connect()
  }

  /** The network is back: do not sit out the wait. */
  hurry(): void {
    if (this.site !== null && this.source === null) this.connect()
  }

  stop(): void {
    this.site = null
    this.close()
  }

  private connect(): void {
    this.close()
    this.tell({ kind: 'line', state: 'connecting' })
    const source = new EventSource(`/api/sites/${this.site}/stream?after=${this.position}`)
    this.source = source
    source.onopen = () => {
      this.failures = 0
      this.tell({ kind: 'line', state: 'open' })
      this.heard()
    }
    source.onerror = () => this.broken(source.readyState === EventSource.CLOSED)
    for (const type of CHANGES) source.addEventListener(type, (event) => this.onChange(event))
    source.addEventListener('reading', (event) => {
      this.heard()
      this.tell({ kind: 'reading', event: JSON.parse(event.data) })
    })
    source.addEventListener('ping', (event) => {
      this.heard()
      this.tell({ kind: 'ping', ...JSON.parse(event.data) })
    })
    source.addEventListener('reset', () => {
      this.stop()
      this.tell({ kind: 'reset' })
    })
    this.heard()
  }

  private onChange(message: MessageEvent<string>): void {
    this.heard()
    const event = JSON.parse(message.data)
    this.position = Math.max(this.position, event.position)
    this.tell({ kind: 'change', event })
  }

  private heard(): void {
    clearTimeout(this.watchdog)
    this.watchdog = setTimeout(() => this.broken(false), SILENCE_MS) as unknown as number
  }

  private broken(refused: boolean): void {
    this.close()
    if (this.site === null) return
    this.tell({ kind: 'line', state: refused ? 'refused' : 'connecting' })
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures++)
    const jittered = wait * (0.5 + Math.random() / 2)
    this.retry = setTimeout(() => this.connect(), jittered) as unknown as number
  }

  private close(): void {
    clearTimeout(this.retry)
    clearTimeout(this.watchdog)
    this.source?.close()
    this.source = null
  }
}
