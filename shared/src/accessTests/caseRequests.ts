import type { AccessRequest } from '../access/request.js'
import { decodeRequest } from '../protocol/decodeRequest.js'
import type { Span } from '../text/lineIndex.js'
import { count } from '../text/words.js'
import { entryOf, nodeAt, toPlain, type YamlNode } from '../yaml/node.js'
import type { FieldReader } from './fieldReader.js'
import { accountOf, OUTSIDE, targetOf } from './selectors.js'

/** A case with more requests is not run. */
export const MOST_REQUESTS = 1_000

/** The fields of a request that may have a list of values, one request for each. */
const LISTS: readonly (readonly string[])[] = [
  ['from'],
  ['to'],
  ['http', 'method'],
  ['http', 'path'],
  ['http', 'host'],
]

/** The requests of a case: one or a list, each with lists of values. */
export function readRequests(reader: FieldReader, node: YamlNode): AccessRequest[] {
  const written = reader.items(node, '"request"')
  const total = written.reduce((sum, each) => sum + combinations(each), 0)
  if (total > MOST_REQUESTS) {
    reader.report(
      node,
      `This case has ${count(total, 'request')}: the limit is ${MOST_REQUESTS}. Write a rule with "never" or "always".`,
    )
    return []
  }
  return written.flatMap((each) => requestsOf(reader, each))
}

function valuesAt(node: YamlNode, path: readonly string[]): readonly YamlNode[] | undefined {
  const found = nodeAt(node, path)
  return found?.type === 'seq' ? found.items : undefined
}

function combinations(node: YamlNode): number {
  return LISTS.reduce((product, path) => product * (valuesAt(node, path)?.length ?? 1), 1)
}

function requestsOf(reader: FieldReader, node: YamlNode): AccessRequest[] {
  if (node.type !== 'map') {
    reader.report(node, 'A request must be a mapping with "from", "to" and "http".')
    return []
  }
  for (const path of LISTS)
    if (valuesAt(node, path)?.length === 0) {
      reader.report(
        nodeAt(node, path) ?? node,
        `The list "${path.join('.')}" of a request must not be empty.`,
      )
      return []
    }
  const reported = new Set<string>()
  return expand(node).flatMap(({ plain, places }) => {
    const { request, problem } = decodeRequest(longForm(plain))
    if (request) return [isOutside(plain) ? { ...request, from: {} } : request]
    const span = spanOf(node, problem, places)
    const key = `${span.start} ${problem}`
    if (!reported.has(key)) reader.report(span, sentence(problem))
    reported.add(key)
    return []
  })
}

interface Expanded {
  readonly plain: Readonly<Record<string, unknown>>
  /** The chosen items of the lists, by path. */
  readonly places: ReadonlyMap<string, YamlNode>
}

/** One plain request for each combination of the values of the lists. */
function expand(node: YamlNode): Expanded[] {
  const plain = toPlain(node)
  if (!isRecord(plain)) return []
  return LISTS.reduce<Expanded[]>(
    (requests, path) => {
      const values = valuesAt(node, path)
      if (!values) return requests
      return requests.flatMap((request) =>
        values.map((value) => ({
          plain: withValue(request.plain, path, toPlain(value)),
          places: new Map(request.places).set(path.join('.'), value),
        })),
      )
    },
    [{ plain, places: new Map() }],
  )
}

function withValue(
  request: Readonly<Record<string, unknown>>,
  [first = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const inner = request[first]
  return {
    ...request,
    [first]: rest.length === 0 ? value : withValue(isRecord(inner) ? inner : {}, rest, value),
  }
}

function isOutside({ from }: Readonly<Record<string, unknown>>): boolean {
  return from === OUTSIDE
}

/** An address for the decoder, which accepts no client without identity and address. It is removed again. */
const SOME_ADDRESS = '192.0.2.1'

/** The request with the short forms of its client and destination replaced. */
function longForm(plain: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { from, to } = plain
  const target = typeof to === 'string' ? targetOf(to) : undefined
  return {
    ...plain,
    ...(isOutside(plain) ? { from: { ip: SOME_ADDRESS } } : {}),
    ...(typeof from === 'string' ? fromText(from) : {}),
    ...(target ? { to: { [target.kind]: target.name, port: target.port } } : {}),
  }
}

function fromText(from: string): object {
  const account = accountOf(from)
  return account ? { from: account } : {}
}

const FIELD = /^(?:unknown field "([^"]+)"|((?:from|to|http|id)(?:\.\S+)*) )/

/** The place of the field that a problem names, else of its nearest part. An unknown field is its key. */
function spanOf(node: YamlNode, problem: string, places: ReadonlyMap<string, YamlNode>): Span {
  const [, unknown, known] = FIELD.exec(problem) ?? []
  const path = (unknown ?? known ?? '').split('.').filter((part) => part !== '')
  for (let depth = path.length; depth > 0; depth--) {
    const chosen = places.get(path.slice(0, depth).join('.'))
    const inside = chosen && nodeAt(chosen, path.slice(depth))
    const found = inside ?? chosen ?? nodeAt(node, path.slice(0, depth))
    if (!found) continue
    if (unknown === undefined) return found
    const parent = nodeAt(node, path.slice(0, depth - 1))
    return entryOf(parent, path[depth - 1] ?? '')?.keySpan ?? found
  }
  const first = node.type === 'map' ? node.entries[0] : undefined
  return first?.keySpan ?? node
}

function sentence(problem: string): string {
  if (problem === 'from must be an object')
    return `The client must be NAMESPACE/ACCOUNT, "${OUTSIDE}", or a mapping with namespace and serviceAccount, or ip.`
  if (problem === 'to must be an object')
    return 'The destination must be "service NAMESPACE/NAME:PORT", "workload NAMESPACE/NAME:PORT" or "host NAME:PORT", or a mapping.'
  const text = problem.replace(/^(\w+\.\S+|from|to|http)(?= )/, '"$1"')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
