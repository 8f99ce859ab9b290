/** One file of the configuration in the making: what was typed, what is wrong with it, what it would change. */
import { computed, ref, shallowRef } from 'vue'
import { get, post } from '../api/client'
import type { ConfigCheck, ConfigDocument, ConfigFault, ConfigPart, ConfigPast } from '../api/types'
import { useSession } from '../session'
import { useAttempt } from '../ui/attempt'
import type { Doc } from './form/schema'

/** What goes to the hub besides the version: the whole document, a TOML text, or one of the past. */
export type Source = { document: Doc } | { text: string } | { past: string }

const PREFIX = 'gatehouse.draft.'
/** Secrets that were typed are kept in this page alone, never in the browser's storage. */
const inMemory = new Map<string, string>()

export function useEditor(area: string, name: string) {
  const session = useSession()
  const path = `/api/admin/config/${area}/${name}`
  const place = `${PREFIX}${session.user?.name}.config.${area}/${name}`
  const { busy, error, run } = useAttempt()
  const loaded = shallowRef<ConfigDocument | null>(null)
  const document = shallowRef<Doc>({})
  const faults = ref<ConfigFault[]>([])
  const review = shallowRef<{ check: ConfigCheck; source: Source } | null>(null)
  const history = ref<ConfigPast[]>([])
  const restored = ref(false)
  const overtaken = ref(false)
  const dirty = computed(() => loaded.value !== null && JSON.stringify(document.value) !== JSON.stringify(loaded.value.document))

  function keep(): void {
    if (!dirty.value) forget()
    else if (area === 'notify') inMemory.set(place, JSON.stringify(document.value))
    else sessionStorage.setItem(place, JSON.stringify(document.value))
  }
  function forget(): void {
    inMemory.delete(place)
    sessionStorage.removeItem(place)
  }
  function change(now: Doc): void {
    document.value = now
    keep()
  }
  function take(found: ConfigDocument): void {
    loaded.value = found
    document.value = found.document
    faults.value = []
    review.value = null
    restored.value = overtaken.value = false
  }

  async function load(): Promise<void> {
    await run(async () => {
      take(await get<ConfigDocument>(path))
      const kept = inMemory.get(place) ?? sessionStorage.getItem(place)
      if (kept && loaded.value?.part.editable) {
        document.value = JSON.parse(kept) as Doc
        restored.value = dirty.value
      }
    })
  }
  async function loadHistory(): Promise<void> {
    await run(async () => void (history.value = await get<ConfigPast[]>(`${path}/history`)))
  }
  /** Whoever was overtaken keeps what they typed, on top of what the other one saved. */
  async function check(source: Source): Promise<void> {
    const version = loaded.value?.part.version
    const went = await run(async () => {
      const found = await post<ConfigCheck>(`${path}/check`, { version, ...source })
      faults.value = found.faults
      review.value = found.ok ? { check: found, source } : null
    })
    if (!went && error.value?.code === 'config-changed') await catchUp()
  }
  async function catchUp(): Promise<void> {
    const typed = document.value
    await run(async () => {
      const found = await get<ConfigDocument>(path)
      take(found)
      document.value = typed
      overtaken.value = true
    })
  }
  async function save(): Promise<ConfigPart | null> {
    const { source } = review.value ?? {}
    const version = loaded.value?.part.version
    const went = await run(async () => {
      take(await post<ConfigDocument>(path, { version, ...source }))
      forget()
    })
    if (went) return loaded.value?.part ?? null
    if (error.value?.code === 'config-changed') await catchUp()
    return null
  }
  function discard(): void {
    forget()
    if (loaded.value) take(loaded.value)
  }
  return { busy, error, loaded, document, faults, review, history, restored, overtaken, dirty, change, load, loadHistory, check, save, discard }
}

/** Whether something was typed there and not saved. */
export function isDraft(user: string | undefined, part: ConfigPart): boolean {
  const place = `${PREFIX}${user}.config.${part.area}/${part.name}`
  return inMemory.has(place) || sessionStorage.getItem(place) !== null
}
