import { textMatcher, type TextMatcher } from '../../text/pattern/matchText.js'
import { parseRegExp } from '../../text/pattern/parseRegExp.js'
import type { YamlNode } from '../../yaml/node.js'
import { groupOf } from '../decoders.js'
import { textAt, textsAt } from './tree.js'

/** What decides whether a patch applies to an object. */
export interface PatchSubject {
  readonly apiVersion: string
  readonly kind: string
  /** Names and namespaces that the object has had; the original first, the present last. */
  readonly ids: readonly { readonly name: string; readonly namespace: string }[]
  readonly root: YamlNode
}

/**
 * The objects to which a patch applies. Every part is optional (kubernetes-sigs/kustomize
 * api/types/selector.go).
 */
export interface Target {
  readonly group: TextMatcher | undefined
  readonly version: TextMatcher | undefined
  readonly kind: TextMatcher | undefined
  readonly name: TextMatcher | undefined
  readonly namespace: TextMatcher | undefined
  readonly labels: LabelTest
  readonly annotations: LabelTest
}

type LabelTest = (labels: ReadonlyMap<string, string>) => boolean

/** Undefined if a pattern or a selector cannot be read. */
export function readTarget(node: YamlNode): Target | undefined {
  const patterns = ['group', 'version', 'kind', 'name', 'namespace'].map((key) =>
    readPattern(textAt(node, key)),
  )
  const labels = labelTest(textAt(node, 'labelSelector') ?? '')
  const annotations = labelTest(textAt(node, 'annotationSelector') ?? '')
  if (patterns.includes('unknown') || !labels || !annotations) return undefined
  const [group, version, kind, name, namespace] = patterns.map((found) =>
    found === 'unknown' ? undefined : found,
  )
  return { group, version, kind, name, namespace, labels, annotations }
}

/**
 * Whether a target matches an object. Name and namespace match if the original or the present one
 * does.
 */
export function isTargeted({ apiVersion, kind, ids, root }: PatchSubject, target: Target): boolean {
  const ends = [ids[0], ids[ids.length - 1]]
  return (
    matches(target.group, groupOf(apiVersion)) &&
    matches(target.version, versionOf(apiVersion)) &&
    matches(target.kind, kind) &&
    ends.some((id) => matches(target.name, id?.name ?? '')) &&
    ends.some((id) => matches(target.namespace, namespaceOf(id?.namespace))) &&
    target.labels(textsAt(root, 'metadata', 'labels')) &&
    target.annotations(textsAt(root, 'metadata', 'annotations'))
  )
}

/** Whether a patch without a target has the kind and a name of the object. */
export function isNamed({ apiVersion, kind, ids }: PatchSubject, patch: YamlNode): boolean {
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

function matches(pattern: TextMatcher | undefined, text: string): boolean {
  return pattern === undefined || pattern(text) === true
}

/** Kustomize compares the whole text. `unknown` for syntax of Go that is not supported here. */
function readPattern(text: string | undefined): TextMatcher | 'unknown' | undefined {
  if (text === undefined || text === '') return undefined
  const pattern = parseRegExp(text)
  return (pattern && textMatcher(pattern)) ?? 'unknown'
}

/** The selectors of `kubectl -l`: `a=b, c!=d, e in (f, g), h notin (i), j, !k`. */
function labelTest(text: string): LabelTest | undefined {
  const parts = text.trim() === '' ? [] : splitSelectors(text).map((part) => part.trim())
  const tests = parts.map((part): LabelTest | undefined => {
    const equal = /^([^\s=!,()]+)\s*(==?|!=)(?:\s*([^\s=!,()]+))?$/.exec(part)
    if (equal)
      return (labels) => (labels.get(equal[1] ?? '') === (equal[3] ?? '')) === (equal[2] !== '!=')
    const set = /^([^\s=!,()]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part)
    const values = new Set(set?.[3]?.split(',').map((value) => value.trim()))
    if (set) return (labels) => values.has(labels.get(set[1] ?? '') ?? ' ') === (set[2] === 'in')
    const there = /^(!?)\s*([^\s=!,()]+)$/.exec(part)
    return there ? (labels) => labels.has(there[2] ?? '') === (there[1] === '') : undefined
  })
  return tests.includes(undefined) ? undefined : (labels) => tests.every((test) => test?.(labels))
}

/** Splits at the commas outside of parentheses. */
function splitSelectors(text: string): string[] {
  const parts: string[] = []
  let start = 0
  let isInside = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (character === '(') isInside = true
    else if (character === ')') isInside = false
    else if (character === ',' && !isInside) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  return [...parts, text.slice(start)]
}
