import { describe, expect, test } from 'vitest'
import { blocks, spans } from '../src/admin/markdown'
import { fresh, kindOf, meant, type Schema } from '../src/admin/form/schema'

describe('markdown', () => {
  test('markup in a card stays text', () => {
    expect(blocks('<img src=x onerror=alert(1)>')).toEqual([{ kind: 'paragraph', spans: [{ kind: 'text', text: '<img src=x onerror=alert(1)>' }] }])
  })
  test('a link keeps its words and leads nowhere', () => {
    expect(spans('see [this](javascript:alert(1)) now').map((one) => one.text).join('')).toContain('see this')
  })
  test('tables, lists, code and headings', () => {
    const found = blocks('# A\n\n| a | b |\n| --- | --- |\n| **1** | `2` |\n\n- x\n  y\n- z\n\n```\nc | d\n```\n')
    expect(found.map((one) => one.kind)).toEqual(['heading', 'table', 'list', 'code'])
    expect(found[1]).toMatchObject({ rows: [[[{ kind: 'bold', text: '1' }], [{ kind: 'code', text: '2' }]]] })
    expect(found[2]).toMatchObject({ items: [[{ text: 'x y' }], [{ text: 'z' }]] })
  })
})

describe('fields of a schema', () => {
  const root: Schema = {
    $defs: {
      Text: { type: 'object', properties: { zh: { type: 'string' }, en: { type: 'string' } }, required: ['zh', 'en'] },
      Row: { type: 'object', properties: { id: { type: 'string' }, name: { $ref: '#/$defs/Text' }, n: { type: 'integer', default: 3 } }, required: ['id', 'name'] },
      Day: { enum: ['mon', 'tue'], type: 'string' },
    },
  }
  test.each<[Schema, string]>([
    [{ $ref: '#/$defs/Text' }, 'words'],
    [{ anyOf: [{ $ref: '#/$defs/Text' }, { type: 'null' }] }, 'words'],
    [{ type: 'array', items: { $ref: '#/$defs/Row' } }, 'rows'],
    [{ type: 'array', items: { $ref: '#/$defs/Day' } }, 'picks'],
    [{ type: 'array', items: { type: 'string' }, 'x-of': 'posts' }, 'picks'],
    [{ type: 'array', items: { type: 'string' } }, 'list'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }], 'x-of': 'posts' }, 'pick'],
    [{ type: 'string', format: 'password', writeOnly: true }, 'secret'],
    [{ type: 'string', format: 'date' }, 'date'],
    [{ type: 'object', additionalProperties: { $ref: '#/$defs/Row' } }, 'map'],
    [{ type: 'object', additionalProperties: true }, 'any'],
    [{ type: 'boolean' }, 'switch'],
  ])('%j is %s', (schema, kind) => expect(kindOf(meant(schema, root), root)).toBe(kind))

  test('a new row has what it must have, and nothing else', () => {
    expect(fresh({ $ref: '#/$defs/Row' }, root)).toEqual({ id: '', name: { zh: '', en: '' } })
  })
})
