/** What the list of cases is asked with: it stands in the page's address, so that a link shows the same. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { CaseFilter } from '../api/types'

/** Facets of the hub's counts; each is a filter of the same name. */
export const FACETS = ['due', 'step', 'priority', 'branch', 'category', 'department', 'building', 'assignee'] as const
export type Facet = (typeof FACETS)[number]

const NAMES = ['state', ...FACETS, 'source', 'q', 'order'] as const
type Name = (typeof NAMES)[number]
export type Asked = Record<Name, string>

/** Stands for cases without an assignee. */
export const NOBODY = '-'

const PLAIN: Partial<Asked> = { state: 'open', order: 'newest' }

/** From an address; what is not there is empty. */
export function askedOf(query: LocationQuery): Asked {
  const value = (name: Name) => (typeof query[name] === 'string' ? query[name] : '')
  const found = Object.fromEntries(NAMES.map((name) => [name, value(name)])) as Asked
  return settled({ ...found, state: found.state || 'open', order: found.order || 'newest' })
}

/** To an address: only what differs from a plain list. */
export function addressOf(asked: Asked): LocationQueryRaw {
  return Object.fromEntries(Object.entries(asked).filter(([name, value]) => value && value !== PLAIN[name as Name]))
}

/** From a view that was kept. */
export function askedAgain(kept: CaseFilter): Asked {
  return askedOf(Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, value == null ? '' : String(value)])))
}

/** To a view that is kept. */
export function toKeep(asked: Asked): CaseFilter {
  return addressOf(asked) as CaseFilter
}

/** Only open cases have deadlines. */
function settled(asked: Asked): Asked {
  return asked.state === 'open' ? asked : { ...asked, order: 'newest', due: '' }
}

/** How many facets are narrowed. */
export function narrowed(asked: Asked): number {
  return [...FACETS, 'source' as const].filter((name) => asked[name]).length
}
