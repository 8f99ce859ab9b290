/** What a JSON schema of the hub means for a form: which field it is, and what an empty one looks like. */

export interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  anyOf?: Schema[]
  type?: string
  title?: string
  format?: string
  writeOnly?: boolean
  enum?: (string | number)[]
  const?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  prefixItems?: Schema[]
  additionalProperties?: Schema | boolean
  default?: unknown
  pattern?: string
  minimum?: number
  maximum?: number
  'x-of'?: string
}

export type Doc = Record<string, unknown>
export type Kind =
  | 'words' | 'object' | 'rows' | 'list' | 'map' | 'pick' | 'picks' | 'switch' | 'number' | 'date' | 'secret' | 'string' | 'any'

/** The schema behind references and "or null"; what stands beside a reference counts. */
export function meant(schema: Schema, root: Schema): Schema {
  let found = schema
  for (;;) {
    if (found.$ref) {
      const { $ref, ...beside } = found
      found = { ...root.$defs?.[$ref.split('/').at(-1) ?? ''], ...beside }
    } else if (found.anyOf) {
      const { anyOf, ...beside } = found
      found = { ...(anyOf.find((one) => one.type !== 'null') ?? {}), ...beside }
    } else return found
  }
}

export function mayBeEmpty(schema: Schema): boolean {
  return schema.anyOf?.some((one) => one.type === 'null') ?? false
}

/** Which field shows it. */
export function kindOf(one: Schema, root: Schema): Kind {
  if (one.enum) return 'pick'
  if (one.format === 'password' || one.writeOnly) return 'secret'
  if (one.type === 'object') return objectKind(one)
  if (one.type === 'array') {
    const item = meant(one.items ?? {}, root)
    if (item.type === 'object') return 'rows'
    return item.enum || one['x-of'] ? 'picks' : 'list'
  }
  if (one['x-of']) return 'pick'
  if (one.type === 'boolean') return 'switch'
  if (one.type === 'integer' || one.type === 'number') return 'number'
  if (one.type === 'string') return one.format === 'date' ? 'date' : 'string'
  return 'any'
}

function objectKind(one: Schema): Kind {
  const names = Object.keys(one.properties ?? {})
  if (names.length === 2 && names.includes('zh') && names.includes('en')) return 'words'
  if (names.length) return 'object'
  return typeof one.additionalProperties === 'object' ? 'map' : 'any'
}

/** What a new one begins with: whatever it must have. */
export function fresh(schema: Schema, root: Schema): unknown {
  const one = meant(schema, root)
  switch (kindOf(one, root)) {
    case 'words': return { zh: '', en: '' }
    case 'object': {
      const needed = new Set(one.required)
      return Object.fromEntries(
        Object.entries(one.properties ?? {}).filter(([name]) => needed.has(name)).map(([name, field]) => [name, fresh(field, root)]),
      )
    }
    case 'rows': case 'list': case 'picks': return []
    case 'map': case 'any': return {}
    case 'switch': return false
    case 'pick': return one.enum?.[0] ?? ''
    case 'number': return one.default ?? one.minimum ?? null
    default: return one.default ?? ''
  }
}

const UNITS: [RegExp, string][] = [
  [/_s$/, 's'], [/_m$/, 'm'], [/_mpa$/, 'MPa'], [/_mb$/, 'MB'], [/_gb$/, 'GB'], [/_days$/, 'day'], [/_min$/, 'min'],
]

/** The unit that a field's name ends with. */
export function unitOf(name: string): string {
  return UNITS.find(([end]) => end.test(name))?.[1] ?? ''
}

/** A place in the document as the hub names it in faults. */
export function keyOf(prefix: string, part: string | number): string {
  if (typeof part === 'number') return `${prefix}[${part}]`
  return prefix ? `${prefix}.${part}` : part
}
