/** Reports and points of a round that found no line: kept, shown, and sent once there is one. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { ApiError, get, newKey, postOnce, send } from '../api/client'
import type { Case, Evidence, Round } from '../api/types'
import { useLive } from '../live/store'
import { useSession } from '../session'
import * as db from './db'
import type { Job } from './db'

const AGAIN_MS = 20_000
const LOCAL = 'local-'

/** Whether a photo waits on this disk. */
export function isLocal(photo: string): boolean {
  return photo.startsWith(LOCAL)
}

/** What says nothing about the request itself: it is sent again. */
function passing(error: ApiError): boolean {
  return error.status === 0 || error.status === 401 || error.status === 429 || error.status >= 500
}

export const useLater = defineStore('later', () => {
  const live = useLive()
  const session = useSession()
  const all = ref<Job[]>([])
  const sending = ref('')
  const sent = ref(0)
  /** Only one's own: whoever has the telephone next neither sees nor sends them. */
  const jobs = computed(() => all.value.filter((one) => one.user === session.user?.name).sort((a, b) => a.at - b.at))
  const waiting = computed(() => jobs.value.filter((one) => !one.refused))

  async function keepPhoto(body: Blob): Promise<string> {
    const id = LOCAL + newKey()
    await db.put('photos', { id, at: Date.now(), body })
    return id
  }

  async function add(said: Pick<Job, 'kind' | 'site' | 'path' | 'title' | 'body' | 'photos'>, key = newKey()): Promise<void> {
    const job: Job = { ...JSON.parse(JSON.stringify(said)), key, user: session.user?.name ?? '', at: live.now, refused: null }
    await db.put('jobs', job)
    all.value = [...all.value.filter((one) => one.key !== key), job]
    void flush()
  }

  async function drop(job: Job): Promise<void> {
    await db.drop('jobs', job.key)
    for (const id of job.photos.filter(isLocal)) await db.drop('photos', id)
    all.value = all.value.filter((one) => one.key !== job.key)
  }

  async function retry(job: Job): Promise<void> {
    job.refused = null
    await write(job)
    await flush()
  }

  async function write(job: Job): Promise<void> {
    await db.put('jobs', JSON.parse(JSON.stringify(job)))
  }

  async function flush(): Promise<void> {
    if (sending.value || !session.user) return
    for (const job of waiting.value) {
      sending.value = job.key
      const went = await one(job).finally(() => (sending.value = ''))
      if (!went) return
    }
  }

  /** False where there is still no line, and the rest need not be tried. */
  async function one(job: Job): Promise<boolean> {
    try {
      await bring(job)
      const made = await postOnce<Case | Round>(job.path, { ...job.body, photos: job.photos }, job.key)
      if (job.kind === 'case') live.putCase(made as Case)
      else live.putRound(made as Round)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (passing(error)) return false
      if (!(await recorded(job, error))) {
        job.refused = { code: error.code, detail: error.detail, zh: error.why?.zh, en: error.why?.en }
        await write(job)
        return true
      }
    }
    await drop(job)
    sent.value++
    return true
  }

  /** Photos first; each is written down as soon as the hub has it, so that what follows stays the same. */
  async function bring(job: Job): Promise<void> {
    for (const [n, id] of job.photos.entries()) {
      if (!isLocal(id)) continue
      const kept = await db.photo(id)
      if (!kept) continue
      job.photos[n] = (await send<Evidence>('POST', `/api/sites/${job.site}/photos`, kept.body)).id
      await write(job)
      await db.drop('photos', id)
    }
    job.photos = job.photos.filter((id) => !isLocal(id))
  }

  /** A point that this person has recorded: the answer to an earlier try was lost on its way. */
  async function recorded(job: Job, error: ApiError): Promise<boolean> {
    if (job.kind !== 'visit' || error.code !== 'point-visited') return false
    const [round, point] = job.path.split('/points/')
    const found = await get<Round>(round!).catch(() => null)
    return found?.points.some((one) => one.id === point && one.visit?.by === job.user) ?? false
  }

  db.jobs().then((kept) => (all.value = kept), () => undefined)
  addEventListener('online', () => void flush())
  setInterval(() => waiting.value.length && void flush(), AGAIN_MS)
  watch(() => live.live && session.user?.name, (ready) => ready && void flush())

  return { jobs, waiting, sending, sent, keepPhoto, add, drop, retry, flush }
})
