import { Document, isMap, isSeq, parse, parseDocument, stringify, type YAMLMap, YAMLSeq } from 'yaml'

/** An audience as the form has it, and how it is read from the file and written back: the rest of the file stays as it was typed. */
export interface Definition {
  name: string
  description: string
  purpose: string
  freshness: string
  minimumStay: string
  holdout: string
  join: 'all' | 'any'
  rows: Row[]
}

/** A condition. What the form has no fields for is kept as it stands in the file. */
export type Row = EventRow | FactRow | { kind: 'audience'; name: string } | { kind: 'text'; yaml: string }

export interface EventRow {
  kind: 'event'
  of: 'event' | 'page' | 'screen'
  name: string
  /** Of which property what must be true; without a property every event counts. */
  property: string
  propertyOperator: string
  propertyValue: string
  within: string
  measure: 'count' | 'sum'
  sumOf: string
  operator: string
  value: string
}

export interface FactRow {
  kind: 'fact'
  fact: string
  operator: string
  value: string
}

export const factOperators = [
  'equals',
  'in',
  'contains',
  'startsWith',
  'endsWith',
  'matches',
  'greaterThan',
  'atLeast',
  'lessThan',
  'atMost',
  'exists',
  'withinDays',
] as const
export const numberOperators = ['atLeast', 'atMost', 'equals', 'greaterThan', 'lessThan'] as const

const style = { lineWidth: 0, flowCollectionPadding: false } as const
const words = ['event', 'page', 'screen'] as const
const fields = ['name', 'description', 'purpose', 'freshness', 'minimumStay', 'holdout'] as const

export const emptyRow = (kind: Row['kind']): Row =>
  kind === 'event'
    ? {
        kind,
        of: 'event',
        name: '',
        property: '',
        propertyOperator: 'equals',
        propertyValue: '',
        within: '30d',
        measure: 'count',
        sumOf: '',
        operator: 'atLeast',
        value: '1',
      }
    : kind === 'fact'
      ? { kind, fact: '', operator: 'equals', value: '' }
      : kind === 'audience'
        ? { kind, name: '' }
        : { kind, yaml: '{not: {audience: }}' }

export const emptyDefinition = (): Definition => ({
  name: '',
  description: '',
  purpose: '',
  freshness: '',
  minimumStay: '',
  holdout: '',
  join: 'all',
  rows: [emptyRow('event')],
})

/** The names of the audiences of a file; null where it can't be read as YAML. */
export function namesOf(text: string): string[] | null {
  const list = listOf(text)
  return list && list.items.map(item => String((item as YAMLMap).get?.('name') ?? ''))
}

/** What the file says of an audience; null where it has none of that name. */
export function read(text: string, name: string): Definition | null {
  const found = listOf(text)?.items.find(item => isMap(item) && item.get('name') === name)
  if (!found) return null
  const one = (found as YAMLMap).toJSON() as Record<string, unknown>
  const condition = one.if as Record<string, unknown> | undefined
  const join = condition && Object.keys(condition).length === 1 && Array.isArray(condition.any) ? 'any' : 'all'
  const isList = condition !== undefined && Object.keys(condition).length === 1 && Array.isArray(condition[join])
  const parts = isList ? (condition[join] as unknown[]) : condition ? [condition] : []
  return {
    ...(Object.fromEntries(fields.map(field => [field, one[field] === undefined || one[field] === null ? '' : String(one[field])])) as Pick<
      Definition,
      (typeof fields)[number]
    >),
    join,
    rows: parts.map(rowOf),
  }
}

/** The file with the audience put in the place of the one of that name, or behind the last. Comments around it stay. */
export function write(text: string, name: string | null, definition: Definition): string {
  const document = parseDocument(text)
  const list = listIn(document)
  const old = list?.items.find(item => isMap(item) && item.get('name') === name) as YAMLMap | undefined
  const item = old ?? (document.createNode({}) as YAMLMap)
  const place = old ?? (list?.items.at(-1) as YAMLMap | undefined)
  fill(item, definition)
  if (!place?.range || place.flow || list?.flow) {
    // There is no block to write into as it was typed: the file is written anew, with its comments.
    if (!list || list.items.length === 0) document.set('audiences', document.createNode([item]))
    else if (!old) list.add(item)
    return document.toString(style)
  }
  const [start, end] = place.range
  const dash = text.slice(text.lastIndexOf('\n', start - 1) + 1, start)
  const written = textOf(item, dash.length)
  if (old) return text.slice(0, start) + written + text.slice(end)
  const before = text.slice(0, end)
  return `${before}${before.endsWith('\n') ? '' : '\n'}\n${dash}${written}${text.slice(end)}`
}

/** The condition as the file would have it. */
export function conditionOf(definition: Definition): unknown {
  const parts = definition.rows.map(partOf)
  return parts.length === 1 ? parts[0] : { [definition.join]: parts }
}

function listOf(text: string): YAMLSeq | null {
  const document = parseDocument(text)
  const isThere = document.has('audiences') && document.get('audiences') !== null
  return document.errors.length > 0 ? null : isThere ? listIn(document) : new YAMLSeq()
}

function listIn(document: Document): YAMLSeq | null {
  const list = document.get('audiences')
  return isSeq(list) ? list : null
}

/** Only what is otherwise is set, so that comments and the form of what stays are kept. */
function fill(map: YAMLMap, definition: Definition) {
  const document = new Document()
  const before = map.toJSON() as Record<string, unknown>
  for (const field of fields) {
    const value = definition[field].trim()
    if (value === '') map.delete(field)
    else if (String(before[field] ?? '') !== value) map.set(field, field === 'holdout' && /^\d+$/.test(value) ? Number(value) : value)
  }
  const condition = conditionOf(definition)
  if (JSON.stringify(before.if) === JSON.stringify(condition)) return
  const node = document.createNode(condition) as YAMLMap
  const list = isMap(node) && (node.get('all') ?? node.get('any'))
  if (isSeq(list)) list.items.forEach(item => isMap(item) && (item.flow = true))
  else node.flow = true
  map.set('if', node)
}

/** A map as text, its lines behind the first so far in. */
function textOf(map: YAMLMap, indent: number): string {
  const document = new Document()
  document.contents = map as never
  return document
    .toString(style)
    .replace(/\n+$/, '\n')
    .split('\n')
    .map((line, index) => (index === 0 || line === '' ? line : ' '.repeat(indent) + line))
    .join('\n')
}

function rowOf(part: unknown): Row {
  return eventOf(part) ?? factOf(part) ?? audienceOf(part) ?? { kind: 'text', yaml: stringify(part, { ...style, collectionStyle: 'flow' }).trim() }
}

function eventOf(part: unknown): EventRow | null {
  if (!isRecord(part)) return null
  const word = words.find(one => one in part)
  if (!word || Object.keys(part).some(key => ![word, 'where', 'within', 'count', 'sum'].includes(key))) return null
  const where = part.where === undefined ? ['', 'equals', ''] : testOf(part.where, 'fact', factOperators)
  const measure = 'sum' in part ? 'sum' : 'count'
  if ('sum' in part && 'count' in part) return null
  const compared = part[measure] === undefined ? ['', 'atLeast', '1'] : testOf(part[measure], measure === 'sum' ? 'of' : null, numberOperators)
  if (!where || !compared) return null
  return {
    kind: 'event',
    of: word,
    name: String(part[word]),
    property: where[0],
    propertyOperator: where[1],
    propertyValue: where[2],
    within: part.within === undefined ? '' : String(part.within),
    measure,
    sumOf: compared[0],
    operator: compared[1],
    value: compared[2],
  }
}

function factOf(part: unknown): FactRow | null {
  const test = testOf(part, 'fact', factOperators)
  return test && { kind: 'fact', fact: test[0], operator: test[1], value: test[2] }
}

const audienceOf = (part: unknown): Row | null =>
  isRecord(part) && Object.keys(part).length === 1 && typeof part.audience === 'string' ? { kind: 'audience', name: part.audience } : null

/** `{SUBJECT: x, OPERATOR: y}` as its three words; null where it is more than that. */
function testOf(part: unknown, subject: string | null, operators: readonly string[]): [string, string, string] | null {
  if (!isRecord(part) || (subject && typeof part[subject] !== 'string')) return null
  const others = Object.keys(part).filter(key => key !== subject)
  if (others.length !== 1 || !operators.includes(others[0])) return null
  const value = part[others[0]]
  const text = Array.isArray(value)
    ? listText(value)
    : typeof value === 'string'
      ? textLiteral(value)
      : isRecord(value) || value === null
        ? null
        : String(value)
  return text === null ? null : [subject ? String(part[subject]) : '', others[0], text]
}

function partOf(row: Row): unknown {
  if (row.kind === 'audience') return { audience: row.name }
  if (row.kind === 'fact') return { fact: row.fact, [row.operator]: literal(row.value, row.operator) }
  if (row.kind === 'text') {
    try {
      return parse(row.yaml)
    } catch {
      // The check says what is wrong with it.
      return row.yaml
    }
  }
  const once = row.measure === 'count' && row.operator === 'atLeast' && row.value === '1'
  return {
    [row.of]: row.name,
    ...(row.property ? { where: { fact: row.property, [row.propertyOperator]: literal(row.propertyValue, row.propertyOperator) } } : {}),
    ...(row.within ? { within: row.within } : {}),
    ...(once ? {} : { [row.measure]: { ...(row.measure === 'sum' ? { of: row.sumOf } : {}), [row.operator]: literal(row.value, row.operator) } }),
  }
}

/** Numbers, true and false are what they look like; in quotes they are texts. Of `in`, one value after the other, with commas between. */
function literal(text: string, operator: string): unknown {
  if (operator === 'in') return text.split(',').map(one => scalar(one.trim()))
  return scalar(text.trim())
}

function scalar(text: string): unknown {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (text === 'true' || text === 'false') return text === 'true'
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text
}

const textLiteral = (value: string) => (typeof scalar(value) === 'string' && !/^".*"$/s.test(value) && value === value.trim() ? value : `"${value}"`)

const listText = (values: unknown[]) =>
  values.every(one => ['string', 'number', 'boolean'].includes(typeof one) && !String(one).includes(','))
    ? values.map(one => (typeof one === 'string' ? textLiteral(one) : String(one))).join(', ')
    : null

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
