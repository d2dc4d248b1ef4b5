import {
  entryOf,
  type ForeignText,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from '../../yaml/node.js'
import { labelPaths, annotationPaths } from './labelPaths.js'
import { itemsOf, relocate, textAt, withEntryAt, withTextAt } from './tree.js'
import { namespaceOf, withId, type ObjectState, type KustomizeSubject } from './objectState.js'

/** The changes that a kustomization makes to every object. */
export interface KustomizeTransform {
  /**
   * Equal for two transforms that make the same changes with values at the same places. Empty if it
   * changes nothing.
   */
  readonly key: string
  readonly namespace: string | undefined
  /** The namespace of objects that name none. Kustomize itself has no such field; Argo CD does. */
  readonly missingNamespace?: string
  readonly namePrefix: string
  readonly nameSuffix: string
  readonly labels: readonly LabelSet[]
  readonly annotations: readonly YamlEntry[]
}

/** An item of `labels`, or `commonLabels`. */
export interface LabelSet {
  readonly pairs: readonly YamlEntry[]
  /** Also add the labels to selectors. */
  readonly selectors: boolean
  /** Also add the labels to pod templates. */
  readonly templates: boolean
}

/** Reads the transform of a kustomization file. `foreign` is that file, `text` its text. */
export function readTransform(
  root: YamlNode | undefined,
  foreign: ForeignText,
  text: string,
): KustomizeTransform {
  const labels = itemsOf(root, 'labels').map((item): LabelSet => {
    const selectors = textAt(item, 'includeSelectors') === 'true'
    return {
      pairs: readPairs(entryOf(item, 'pairs')?.value, foreign),
      selectors,
      templates: selectors || textAt(item, 'includeTemplates') === 'true',
    }
  })
  const namespace = textAt(root, 'namespace')
  const transform = {
    namespace: namespace === '' ? undefined : namespace,
    namePrefix: textAt(root, 'namePrefix') ?? '',
    nameSuffix: textAt(root, 'nameSuffix') ?? '',
    labels: [
      ...labels,
      {
        pairs: readPairs(entryOf(root, 'commonLabels')?.value, foreign),
        selectors: true,
        templates: true,
      },
    ].filter(({ pairs }) => pairs.length > 0),
    annotations: readPairs(entryOf(root, 'commonAnnotations')?.value, foreign),
  }
  return { ...transform, key: keyOf(transform, text) }
}

function readPairs(node: YamlNode | undefined, foreign: ForeignText): readonly YamlEntry[] {
  const relocated = node && relocate(node, foreign, ({ start, end }) => ({ start, end }))
  return relocated?.type === 'map'
    ? relocated.entries
        .filter(({ value }) => value.type === 'scalar')
        .map((entry) => ({ ...entry, value: asString(entry.value) }))
    : []
}

/** Kustomize writes every value of a label as a string. */
function asString(node: YamlNode): YamlNode {
  return node.type === 'scalar' ? { ...node, value: node.text, quoted: true } : node
}

/**
 * Labels and annotations have places, which any edit of the file may move: their key is the whole
 * text.
 */
function keyOf(
  { namespace, namePrefix, nameSuffix, labels, annotations }: Omit<KustomizeTransform, 'key'>,
  text: string,
): string {
  if (labels.length > 0 || annotations.length > 0) return text
  return namespace === undefined && namePrefix === '' && nameSuffix === ''
    ? ''
    : JSON.stringify([namespace ?? '', namePrefix, nameSuffix])
}

const NEVER_RENAMED: ReadonlySet<string> = new Set([
  'Namespace',
  'CustomResourceDefinition',
  'APIService',
])

/** Applies a transform to an object: namespace, name, labels and annotations, in this order. */
export function applyTransform(
  before: ObjectState,
  transform: KustomizeTransform,
  { kind, clusterScoped }: KustomizeSubject,
): ObjectState {
  const { namespace, missingNamespace, namePrefix, nameSuffix } = transform
  let state = before
  if (missingNamespace !== undefined && !clusterScoped && namespaceOf(state) === '')
    state = withId({ ...state, namespace: missingNamespace })
  if (namespace !== undefined) {
    if (kind === 'Namespace')
      state = withId({ ...state, root: withName(state.root, () => namespace) })
    else if (!clusterScoped) state = withId({ ...state, namespace })
  }
  if (!NEVER_RENAMED.has(kind) && (namePrefix !== '' || nameSuffix !== '')) {
    const root = withName(state.root, (name) => transformName(transform, name))
    state = withId({ ...state, root })
  }
  const labelled = transform.labels.reduce((root, set) => withLabels(root, set, kind), state.root)
  return { ...state, root: withAnnotations(labelled, transform.annotations, kind) }
}

export function transformName(
  { namePrefix, nameSuffix }: KustomizeTransform,
  name: string,
): string {
  return `${namePrefix}${name}${nameSuffix}`
}

function withName(root: YamlMap, rename: (name: string) => string): YamlMap {
  const renamed = withTextAt(root, ['metadata', 'name'], rename)
  return renamed.type === 'map' ? renamed : root
}

function withLabels(root: YamlMap, set: LabelSet, kind: string): YamlMap {
  const paths = labelPaths(kind, set)
  return set.pairs.reduce(
    (labelled, entry) =>
      paths.reduce((map, { path, create }) => add(map, path, { entry, create }), labelled),
    root,
  )
}

function withAnnotations(root: YamlMap, pairs: readonly YamlEntry[], kind: string): YamlMap {
  return pairs.reduce(
    (annotated, entry) =>
      annotationPaths(kind).reduce(
        (map, path) => add(map, path, { entry, create: true }),
        annotated,
      ),
    root,
  )
}

function add(
  root: YamlMap,
  path: readonly string[],
  change: { readonly entry: YamlEntry; readonly create: boolean },
): YamlMap {
  const changed = withEntryAt(root, path, change)
  return changed.type === 'map' ? changed : root
}
