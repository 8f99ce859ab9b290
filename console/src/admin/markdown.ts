/** The Markdown that model cards are written in, as data: nothing in it becomes markup by itself. */

export type Span = { kind: 'text' | 'bold' | 'italic' | 'code'; text: string }
export type Block =
  | { kind: 'heading'; level: number; spans: Span[] }
  | { kind: 'paragraph'; spans: Span[] }
  | { kind: 'list'; ordered: boolean; items: Span[][] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; head: Span[][]; rows: Span[][][] }

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\([^)]*\)/g

/** Links keep their words alone: nothing leads out of the console. */
export function spans(text: string): Span[] {
  const found: Span[] = []
  let from = 0
  for (const one of text.matchAll(INLINE)) {
    if (one.index > from) found.push({ kind: 'text', text: text.slice(from, one.index) })
    const [, code, bold, italic, link] = one
    if (code !== undefined) found.push({ kind: 'code', text: code })
    else if (bold !== undefined) found.push({ kind: 'bold', text: bold })
    else if (italic !== undefined) found.push({ kind: 'italic', text: italic })
    else found.push({ kind: 'text', text: link ?? '' })
    from = one.index + one[0].length
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) })
  return found
}

function cells(line: string): Span[][] {
  return line.trim().replace(/^\||\|$/g, '').split('|').map((cell) => spans(cell.trim()))
}

export function blocks(text: string): Block[] {
  const found: Block[] = []
  const lines = text.split('\n')
  let at = 0
  const peek = (): string => lines[at] ?? ''
  const take = (fits: (line: string) => boolean): string[] => {
    const taken: string[] = []
    while (at < lines.length && fits(peek())) taken.push(lines[at++] ?? '')
    return taken
  }
  while (at < lines.length) {
    const line = peek()
    const heading = /^(#{1,6})\s+(.*)/.exec(line)
    if (line.trim() === '') at++
    else if (heading) {
      found.push({ kind: 'heading', level: heading[1]?.length ?? 1, spans: spans(heading[2] ?? '') })
      at++
    } else if (line.startsWith('```')) {
      at++
      found.push({ kind: 'code', text: take((one) => !one.startsWith('```')).join('\n') })
      at++
    } else if (line.trim().startsWith('|')) {
      const [head = '', , ...rows] = take((one) => one.trim().startsWith('|'))
      found.push({ kind: 'table', head: cells(head), rows: rows.map(cells) })
    } else if (/^\s*([-*]|\d+\.)\s/.test(line)) {
      const ordered = /^\s*\d/.test(line)
      const items = take((one) => /^\s*([-*]|\d+\.)\s/.test(one) || /^\s{2,}\S/.test(one))
      const joined: string[] = []
      for (const item of items) {
        if (/^\s*([-*]|\d+\.)\s/.test(item)) joined.push(item.replace(/^\s*([-*]|\d+\.)\s+/, ''))
        else joined.push(`${joined.pop() ?? ''} ${item.trim()}`)
      }
      found.push({ kind: 'list', ordered, items: joined.map(spans) })
    } else {
      found.push({ kind: 'paragraph', spans: spans(take((one) => one.trim() !== '' && !/^(#|```|\s*\|)/.test(one)).join(' ')) })
    }
  }
  return found
}
