import type { Thing } from '../navigation/mention.js'
import { spanOfName } from '../navigation/mentionPlaces.js'
import { namesInHost, namespaceThing, type NameInValue } from '../navigation/namesInValue.js'
import { lineStartsOf, rangeOf, type Range, type Span } from '../text/lineIndex.js'
import { nodeAt, type FieldPath, type YamlNode, type YamlScalar } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'

/** The name of an object in a test file. */
export interface NameInTest {
  readonly thing: Thing
  readonly range: Range
  /** The text of the range is the name itself, so a rename can replace it. */
  readonly literal: boolean
}

/** The names of namespaces, service accounts, Services and workloads in a test file, also in one with problems. */
export function namesInTest(text: string): NameInTest[] {
  const { root } = parseYaml(text)
  if (!root) return []
  const lineStarts = lineStartsOf(text)
  const cases = itemsAt(root, ['cases']).flatMap((test) => [
    ...itemsAt(test, ['request']).flatMap(inRequest),
    ...scalarsAt(test, ['by'], inPolicy),
  ])
  const rules = itemsAt(root, ['rules']).flatMap((test) =>
    ['never', 'always'].flatMap((claim) => [
      ...scalarsAt(test, [claim, 'from'], inClient),
      ...scalarsAt(test, [claim, 'notFrom'], inClient),
      ...scalarsAt(test, [claim, 'to'], inTarget),
      ...scalarsAt(test, [claim, 'http', 'host'], namesInHost),
    ]),
  )
  return [...cases, ...rules]
    .map(({ thing, part, value }): NameInTest => {
      const span = spanOfName(text, value, { name: thing.name, part })
      return { thing, range: rangeOf(lineStarts, span ?? value), literal: span !== undefined }
    })
    .sort((a, b) => a.range.start.line - b.range.start.line)
}

interface PlacedName extends NameInValue {
  readonly value: Span
}

type NamesIn = (text: string) => readonly NameInValue[]

function inRequest(request: YamlNode): PlacedName[] {
  return [
    ...scalarsAt(request, ['from'], inClient),
    ...itemsAt(request, ['from']).flatMap(inClientFields),
    ...scalarsAt(request, ['to'], inTarget),
    ...itemsAt(request, ['to']).flatMap((to) => [
      ...scalarsAt(to, ['service'], (text) => qualified('Service', text, 0)),
      ...scalarsAt(to, ['workload'], (text) => qualified('Workload', text, 0)),
      ...scalarsAt(to, ['host'], namesInHost),
    ]),
    ...scalarsAt(request, ['http', 'host'], namesInHost),
  ]
}

/** An account of another trust domain is no account of the mesh. */
function inClientFields(from: YamlNode): PlacedName[] {
  const namespace = nodeAt(from, ['namespace'])
  if (namespace?.type !== 'scalar' || nodeAt(from, ['trustDomain'])) return []
  return [
    ...scalarsAt(from, ['namespace'], (text) => [{ thing: namespaceThing(text), part: undefined }]),
    ...scalarsAt(from, ['serviceAccount'], (text) => [
      {
        thing: { kind: 'ServiceAccount', namespace: namespace.text, name: text },
        part: undefined,
      },
    ]),
  ]
}

const NAMESPACE = 'namespace:'

function inNamespace(text: string): NameInValue[] | undefined {
  if (!text.startsWith(NAMESPACE)) return undefined
  const part = { start: NAMESPACE.length, end: text.length }
  return [{ thing: namespaceThing(text.slice(part.start)), part }]
}

function inClient(text: string): NameInValue[] {
  return inNamespace(text) ?? qualified('ServiceAccount', text, 0)
}

function inTarget(text: string): readonly NameInValue[] {
  const names = inNamespace(text)
  if (names) return names
  const [, start = '', kind, name = ''] =
    /^((service|workload|host)[ =:])(\S+?)(?::\d+)?$/.exec(text) ?? []
  if (kind === undefined) return []
  if (kind === 'host')
    return namesInHost(name).map((found) => ({ ...found, part: moved(found.part, start.length) }))
  return qualified(kind === 'service' ? 'Service' : 'Workload', name, start.length)
}

/** The namespace of the policy. The product has no rename for the name of a policy. */
function inPolicy(text: string): NameInValue[] {
  return qualified(undefined, text, 0)
}

/** The names in `namespace/name`, which starts at a place of the value. Without a kind, only the namespace. */
function qualified(
  kind: 'ServiceAccount' | 'Service' | 'Workload' | undefined,
  text: string,
  at: number,
): NameInValue[] {
  const [, namespace, name] = /^([^/\s:]+)\/([^/\s:]+)$/.exec(text) ?? []
  if (namespace === undefined || name === undefined) return []
  const middle = at + namespace.length
  const own = { thing: namespaceThing(namespace), part: { start: at, end: middle } }
  return kind === undefined
    ? [own]
    : [
        own,
        { thing: { kind, namespace, name }, part: { start: middle + 1, end: at + text.length } },
      ]
}

function moved(part: Span | undefined, by: number): Span | undefined {
  return part && { start: part.start + by, end: part.end + by }
}

/** The items of a list, or a single value as a list of one. */
function itemsAt(node: YamlNode, path: FieldPath): readonly YamlNode[] {
  const found = nodeAt(node, path)
  return found?.type === 'seq' ? found.items : found ? [found] : []
}

function scalarsAt(node: YamlNode, path: FieldPath, namesIn: NamesIn): PlacedName[] {
  return itemsAt(node, path)
    .filter((item): item is YamlScalar => item.type === 'scalar')
    .flatMap((value) => namesIn(value.text).map((name) => ({ ...name, value })))
}
