import { entryOf, type YamlEntry, type YamlMap, type YamlNode } from '../../yaml/node.js'
import { groupOf } from '../decoders.js'
import type { KustomizeTransform, LabelSet } from './parts.js'
import { jsonPatch } from './jsonPatch.js'
import { appliesTo, mayTouch, type Patch, type WrittenId } from './patch.js'
import { TEMPLATED, withReferences } from './references.js'
import { strategicMerge } from './strategicMerge.js'
import { textAt, withEntry, withEntryAt, withoutEntry, withTextAt } from './tree.js'

/** What one kustomization does to an object. */
export interface Layer {
  readonly transform: KustomizeTransform
  readonly patches: readonly Patch[]
}

/** The kustomizations that an object passes, from the innermost to the outermost. */
export type KustomizationPath = readonly Layer[]

export interface DerivedObject {
  readonly root: YamlMap
  /** The namespace that a kustomization gives; undefined where the object's own counts. */
  readonly namespace: string | undefined
  /** The names that it has gone by, the present one last. */
  readonly names: readonly string[]
}

/** An object by a name that it has gone by, and what it would be called if it had passed the same kustomizations as who refers to it. */
export interface Referred {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly likely: string
}

/** What an object is called now that others refer to. */
export type NameNow = (referred: Referred) => string

interface Subject extends WrittenId {
  readonly clusterScoped: boolean
}

interface State extends Omit<DerivedObject, 'names'> {
  readonly ids: readonly { readonly name: string; readonly namespace: string }[]
}

/**
 * An object as the kustomizations of a chain make it, in the order in which kustomize does
 * (kubernetes-sigs/kustomize api/internal/target/kusttarget_configplugin.go); undefined where a patch deletes it.
 */
export function derive(
  root: YamlMap,
  chain: KustomizationPath,
  { subject, nameNow }: { readonly subject: Subject; readonly nameNow: NameNow },
): DerivedObject | undefined {
  let state: State | undefined = {
    root,
    namespace: undefined,
    ids: [{ name: subject.name, namespace: textAt(root, 'metadata', 'namespace') ?? '' }],
  }
  for (const { transform, patches } of chain) {
    state = patched(
      state,
      patches.filter(({ last }) => !last),
      subject,
    )
    if (!state) return undefined
    state = given(state, transform, subject)
    state = patched(
      state,
      patches.filter(({ last }) => last),
      subject,
    )
    if (!state) return undefined
  }
  const namespace = finalNamespace(state)
  return {
    root: withReferences(state.root, subject.kind, (kind, name) =>
      nameNow({ kind, namespace, name, likely: renamed(chain, name) }),
    ),
    namespace: state.namespace,
    names: [...new Set(state.ids.map(({ name }) => name))],
  }
}

export function finalNamespace({
  root,
  namespace,
}: {
  readonly root: YamlNode
  readonly namespace: string | undefined
}): string {
  return namespace ?? textAt(root, 'metadata', 'namespace') ?? ''
}

/** The parts of a chain that may change an object, for comparing two chains. */
export function touchesOf(
  chain: KustomizationPath,
  subject: WrittenId,
): readonly (string | Patch)[] {
  return chain.flatMap(({ transform, patches }) => [
    ...(transform.key === '' ? [] : [transform.key]),
    ...patches.filter((patch) => mayTouch(patch, subject)),
  ])
}

function patched(
  before: State,
  patches: readonly Patch[],
  { apiVersion, kind }: Subject,
): State | undefined {
  let state = before
  for (const patch of patches) {
    if (!appliesTo(patch, { apiVersion, kind, ids: state.ids, root: state.root })) continue
    if (patch.body.type === 'seq') {
      const root = jsonPatch(state.root, patch.body)
      if (root.type !== 'map') continue
      const renames =
        textAt(root, 'metadata', 'namespace') !== textAt(state.root, 'metadata', 'namespace')
      state = withId({ ...state, root, namespace: renames ? undefined : state.namespace })
    } else {
      const root = strategicMerge(state.root, patch.body, isBuiltin(apiVersion))
      if (!root) return undefined
      state = { ...state, root: keepingIdentity(root, state.root) }
    }
  }
  return state
}

/** A merged patch changes neither kind nor name nor namespace, even where it says another. */
function keepingIdentity(root: YamlMap, before: YamlMap): YamlMap {
  const restore = (map: YamlMap, key: string, entry: YamlEntry | undefined): YamlMap =>
    entry ? withEntry(map, entry) : withoutEntry(map, key)
  const top = ['apiVersion', 'kind'].reduce(
    (map, key) => restore(map, key, entryOf(before, key)),
    root,
  )
  const metadata = entryOf(top, 'metadata')
  const own = entryOf(before, 'metadata')
  if (metadata?.value.type !== 'map' || !own) return restore(top, 'metadata', own)
  const kept = ['name', 'namespace'].reduce(
    (map, key) => restore(map, key, entryOf(own.value, key)),
    metadata.value,
  )
  return withEntry(top, { ...metadata, value: kept })
}

/** Kinds whose lists kustomize knows the keys of. */
function isBuiltin(apiVersion: string): boolean {
  const group = groupOf(apiVersion)
  return (
    (!group.includes('.') || group.endsWith('.k8s.io')) && group !== 'gateway.networking.k8s.io'
  )
}

const NOT_RENAMED: ReadonlySet<string> = new Set([
  'Namespace',
  'CustomResourceDefinition',
  'APIService',
])

function given(before: State, gives: KustomizeTransform, { kind, clusterScoped }: Subject): State {
  let state = before
  if (gives.namespace !== undefined) {
    if (kind === 'Namespace')
      state = withId({ ...state, root: named(state.root, () => gives.namespace ?? '') })
    else if (!clusterScoped) state = withId({ ...state, namespace: gives.namespace })
  }
  if (!NOT_RENAMED.has(kind) && (gives.namePrefix !== '' || gives.nameSuffix !== '')) {
    state = withId({
      ...state,
      root: named(state.root, (name) => `${gives.namePrefix}${name}${gives.nameSuffix}`),
    })
  }
  const labelled = gives.labels.reduce((root, set) => withLabels(root, set, kind), state.root)
  const annotated = gives.annotations.reduce(
    (root, entry) =>
      annotationPaths(kind).reduce((map, path) => add(map, path, { entry, create: true }), root),
    labelled,
  )
  return { ...state, root: annotated }
}

function withId(state: State): State {
  const id = {
    name: textAt(state.root, 'metadata', 'name') ?? '',
    namespace: state.namespace ?? textAt(state.root, 'metadata', 'namespace') ?? '',
  }
  return { ...state, ids: [...state.ids, id] }
}

function named(root: YamlMap, rename: (name: string) => string): YamlMap {
  const changed = withTextAt(root, ['metadata', 'name'], rename)
  return changed.type === 'map' ? changed : root
}

/** Where the metadata of an object and of what it makes are. */
function metadataPaths(kind: string): readonly (readonly string[])[] {
  if (kind === 'CronJob')
    return [
      ['spec', 'jobTemplate', 'metadata'],
      ['spec', 'jobTemplate', 'spec', 'template', 'metadata'],
    ]
  return TEMPLATED.has(kind) ? [['spec', 'template', 'metadata']] : []
}

function annotationPaths(kind: string): readonly (readonly string[])[] {
  return [['metadata'], ...metadataPaths(kind)].map((path) => [...path, 'annotations'])
}

/** Selectors that labels are written into, and whether they are made (kustomize api/internal/konfig/builtinpluginconsts/commonlabels.go). */
function selectorPaths(
  kind: string,
): readonly { readonly path: readonly string[]; readonly create: boolean }[] {
  switch (kind) {
    case 'Service':
    case 'ReplicationController':
      return [{ path: ['spec', 'selector'], create: true }]
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet':
    case 'StatefulSet':
      return [{ path: ['spec', 'selector', 'matchLabels'], create: true }]
    case 'Job':
      return [{ path: ['spec', 'selector', 'matchLabels'], create: false }]
    case 'CronJob':
      return [{ path: ['spec', 'jobTemplate', 'spec', 'selector', 'matchLabels'], create: false }]
    case 'NetworkPolicy':
      return [
        ['spec', 'podSelector'],
        ['spec', 'ingress', 'from', 'podSelector'],
        ['spec', 'egress', 'to', 'podSelector'],
      ].map((path) => ({ path: [...path, 'matchLabels'], create: false }))
    default:
      return []
  }
}

function withLabels(
  root: YamlMap,
  { pairs, selectors, templates }: LabelSet,
  kind: string,
): YamlMap {
  const metadata = [['metadata'], ...(templates ? metadataPaths(kind) : [])].map((path) => ({
    path: [...path, 'labels'],
    create: true,
  }))
  const paths = [...metadata, ...(selectors ? selectorPaths(kind) : [])]
  return pairs.reduce(
    (labelled, entry) =>
      paths.reduce((map, { path, create }) => add(map, path, { entry, create }), labelled),
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

/** The name that the kustomizations of a chain make of one. */
function renamed(chain: KustomizationPath, name: string): string {
  return chain.reduce(
    (before, { transform: { namePrefix, nameSuffix } }) => `${namePrefix}${before}${nameSuffix}`,
    name,
  )
}
