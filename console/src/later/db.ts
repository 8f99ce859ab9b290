/** What could not be sent yet, on this telephone's own disk: it outlives a reload and a flat battery. */

/** A request that waits. key: the hub does it once, however often it is sent. photos: ids, of the hub's or of this disk's. */
export interface Job {
  key: string
  user: string
  kind: 'case' | 'visit'
  site: string
  path: string
  body: Record<string, unknown>
  photos: string[]
  title: string
  at: number
  refused: { code: string; detail: string; zh?: string; en?: string } | null
}

export interface KeptPhoto {
  id: string
  at: number
  body: Blob
}

type Place = 'jobs' | 'photos'
let opened: Promise<IDBDatabase> | undefined

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the disk does not take it'))
  })
}

function open(): Promise<IDBDatabase> {
  opened ??= (() => {
    const request = indexedDB.open('gatehouse-later', 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('jobs', { keyPath: 'key' })
      request.result.createObjectStore('photos', { keyPath: 'id' })
    }
    return done(request)
  })()
  return opened
}

async function at(place: Place, mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return (await open()).transaction(place, mode).objectStore(place)
}

export async function put(place: Place, value: Job | KeptPhoto): Promise<void> {
  await done((await at(place, 'readwrite')).put(value))
}

export async function drop(place: Place, id: string): Promise<void> {
  await done((await at(place, 'readwrite')).delete(id))
}

export async function jobs(): Promise<Job[]> {
  return (await done((await at('jobs', 'readonly')).getAll())) as Job[]
}

export async function photo(id: string): Promise<KeptPhoto | undefined> {
  return (await done((await at('photos', 'readonly')).get(id))) as KeptPhoto | undefined
}
