import type { YamlNode } from '../../yaml/node.js'
import { groupOf } from '../decoders.js'
import { textAt, textsAt } from './tree.js'

/** An object as patches are aimed at it: its kind, and the names that it has gone by. */
export interface Subject {
  readonly apiVersion: string
  readonly kind: string
  /** The first is the one that is written, the last the one that it has now. */
  readonly ids: readonly { readonly name: string; readonly namespace: string }[]
  readonly root: YamlNode
}

/** Which objects a patch is for. Every part is optional (kubernetes-sigs/kustomize api/types/selector.go). */
export interface Target {
  readonly group: RegExp | undefined
  readonly version: RegExp | undefined
  readonly kind: RegExp | undefined
  readonly name: RegExp | undefined
  readonly namespace: RegExp | undefined
  readonly labels: LabelTest
  readonly annotations: LabelTest
}

type LabelTest = (labels: ReadonlyMap<string, string>) => boolean

/** Undefined where it says something that is not understood. */
export function readTarget(node: YamlNode): Target | undefined {
  const patterns = ['group', 'version', 'kind', 'name', 'namespace'].map((key) =>
    pattern(textAt(node, key)),
  )
  const labels = labelTest(textAt(node, 'labelSelector') ?? '')
  const annotations = labelTest(textAt(node, 'annotationSelector') ?? '')
  if (patterns.includes('unknown') || !labels || !annotations) return undefined
  const [group, version, kind, name, namespace] = patterns.map((found) =>
    found === 'unknown' ? undefined : found,
  )
  return { group, version, kind, name, namespace, labels, annotations }
}

/** The name and the namespace may be those that are written or those that the object has by now. */
export function isTargeted({ apiVersion, kind, ids, root }: Subject, target: Target): boolean {
  const ends = [ids[0], ids[ids.length - 1]]
  return (
    fits(target.group, groupOf(apiVersion)) &&
    fits(target.version, versionOf(apiVersion)) &&
    fits(target.kind, kind) &&
    ends.some((id) => fits(target.name, id?.name ?? '')) &&
    ends.some((id) => fits(target.namespace, namespaceOf(id?.namespace))) &&
    target.labels(textsAt(root, 'metadata', 'labels')) &&
    target.annotations(textsAt(root, 'metadata', 'annotations'))
  )
}

/** Whether a patch without a target names the object. */
export function isNamed({ apiVersion, kind, ids }: Subject, patch: YamlNode): boolean {
  const name = textAt(patch, 'metadata', 'name')
  const namespace = namespaceOf(textAt(patch, 'metadata', 'namespace'))
  return (
    textAt(patch, 'apiVersion') === apiVersion &&
    textAt(patch, 'kind') === kind &&
    ids.some((id) => id.name === name && namespaceOf(id.namespace) === namespace)
  )
}

function namespaceOf(namespace: string | undefined): string {
  return namespace === undefined || namespace === '' ? 'default' : namespace
}

function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1)
}

function fits(wanted: RegExp | undefined, text: string): boolean {
  return wanted === undefined || wanted.test(text)
}

/** Quantified groups, and many quantifiers, can take a matcher that tracks back more time than there is. */
const COSTLY = /\)[*+?{]|(?:[*+?{].*){4}/

function pattern(text: string | undefined): RegExp | 'unknown' | undefined {
  if (text === undefined || text === '') return undefined
  if (COSTLY.test(text)) return 'unknown'
  try {
    return new RegExp(`^(?:${text})$`)
  } catch {
    // Go's expressions have words that these have not.
    return 'unknown'
  }
}

/** The selectors of `kubectl -l`: `a=b, c!=d, e in (f, g), h notin (i), j, !k`. */
function labelTest(text: string): LabelTest | undefined {
  const parts = text.trim() === '' ? [] : text.split(/,(?![^(]*\))/)
  const tests = parts.map((part): LabelTest | undefined => {
    const equal = /^\s*([^\s=!,()]+)\s*(==?|!=)\s*([^\s=!,()]*)\s*$/.exec(part)
    if (equal) return (labels) => (labels.get(equal[1] ?? '') === equal[3]) === (equal[2] !== '!=')
    const set = /^\s*([^\s=!,()]+)\s+(in|notin)\s*\(([^()]*)\)\s*$/.exec(part)
    const values = new Set(set?.[3]?.split(',').map((value) => value.trim()))
    if (set) return (labels) => values.has(labels.get(set[1] ?? '') ?? ' ') === (set[2] === 'in')
    const there = /^\s*(!?)\s*([^\s=!,()]+)\s*$/.exec(part)
    return there ? (labels) => labels.has(there[2] ?? '') === (there[1] === '') : undefined
  })
  return tests.includes(undefined) ? undefined : (labels) => tests.every((test) => test?.(labels))
}
