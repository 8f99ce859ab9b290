/** Calls to the hub: same origin, session cookie, CSRF header, problems as typed errors. */
import type { Problem, Text } from './types'

/** An answer other than 2xx, or none at all (`code` `unreachable`). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly fields: { field: string; message: string }[] = [],
    readonly why: Text | null = null,
  ) {
    super(`${code}: ${detail}`)
  }
}

type Query = Record<string, string | number | undefined | null>

let csrf = ''
let onSignedOut: () => void = () => undefined

/** The token that unsafe methods carry from now on. */
export function setCsrf(token: string): void {
  csrf = token
}

/** What happens when the session has ended (any 401 but the login's own). */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action
}

export function get<T>(path: string, query: Query = {}): Promise<T> {
  return send<T>('GET', path + search(query))
}

export function post<T>(path: string, body: object = {}): Promise<T> {
  return send<T>('POST', path, body)
}

/** As `post`; sent again with the same key, the hub does it once. */
export function postOnce<T>(path: string, body: object, key: string): Promise<T> {
  return send<T>('POST', path, body, { 'Idempotency-Key': key })
}

/** A key that no other request has, also on a page that came without TLS. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function patch<T>(path: string, body: object): Promise<T> {
  return send<T>('PATCH', path, body)
}

function search(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value != null && value !== '')
  if (given.length === 0) return ''
  return '?' + new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()
}

/** Ask the hub; a body is sent as JSON, bytes (a photo) as they are. */
export async function send<T>(method: string, path: string, body?: object, more: Record<string, string> = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', ...more }
  const raw = body instanceof Blob
  if (body !== undefined) headers['Content-Type'] = raw ? body.type : 'application/json'
  if (method !== 'GET') headers['X-CSRF-Token'] = csrf
  const answer = await request(path, { method, headers, body: raw ? body : body && JSON.stringify(body) })
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T
  const error = await problemOf(answer)
  if (error.status === 401 && path !== '/api/login') onSignedOut()
  throw error
}

async function request(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store' })
  } catch {
    throw new ApiError(0, 'unreachable', 'Hub unreachable', 'The hub did not answer.')
  }
}

async function problemOf(answer: Response): Promise<ApiError> {
  const fallback = { code: 'http-' + answer.status, title: answer.statusText, detail: '' }
  const problem = (await answer.json().catch(() => fallback)) as Partial<Problem>
  return new ApiError(
    answer.status,
    problem.code ?? fallback.code,
    problem.title ?? fallback.title,
    problem.detail ?? '',
    problem.errors ?? [],
    problem.why ?? null,
  )
}
