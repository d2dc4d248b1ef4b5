import { entryOf, type YamlEntry, type YamlMap } from '../../yaml/node.js'
import { groupOf } from '../decoders.js'
import { jsonPatch } from './jsonPatch.js'
import { namespaceOf, withId, type KustomizeSubject, type ObjectState } from './objectState.js'
import { appliesTo, mayApplyTo, type OriginalId, type Patch } from './patch.js'
import { withReferences } from './references.js'
import { strategicMerge } from './strategicMerge.js'
import { textAt, withEntry, withoutEntry } from './tree.js'
import { applyTransform, transformName, type KustomizeTransform } from './transform.js'

/** What one kustomization does to an object. */
export interface KustomizeStep {
  readonly transform: KustomizeTransform
  readonly patches: readonly Patch[]
}

/** The kustomizations that include an object, from the innermost to the outermost. */
export type KustomizationPath = readonly KustomizeStep[]

/** An object as `kustomize build` prints it. */
export interface BuiltObject {
  readonly root: YamlMap
  /** The namespace that a kustomization sets; undefined: the one in `metadata`. */
  readonly namespace: string | undefined
  /** The names that the object has had; the present one is the last. */
  readonly names: readonly string[]
}

/** A reference from one object to another by a name that the other has had. */
export interface ObjectReference {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** The name that the other object has now if the same kustomizations include it. */
  readonly expected: string
}

/** The present name of the object that a reference means. */
export type CurrentName = (reference: ObjectReference) => string

/**
 * Applies the kustomizations of a path to an object, in the order of kustomize
 * (kubernetes-sigs/kustomize api/internal/target/kusttarget_configplugin.go).
 *
 * @returns undefined if a patch deletes the object.
 */
export function applyKustomizations(
  root: YamlMap,
  path: KustomizationPath,
  {
    subject,
    currentName,
  }: { readonly subject: KustomizeSubject; readonly currentName: CurrentName },
): BuiltObject | undefined {
  const original = { name: subject.name, namespace: textAt(root, 'metadata', 'namespace') ?? '' }
  let state: ObjectState | undefined = { root, namespace: undefined, ids: [original] }
  for (const { transform, patches } of path) {
    state = applyPatches(
      state,
      patches.filter(({ isLast }) => !isLast),
      subject,
    )
    if (!state) return undefined
    state = applyTransform(state, transform, subject)
    state = applyPatches(
      state,
      patches.filter(({ isLast }) => isLast),
      subject,
    )
    if (!state) return undefined
  }
  const namespace = namespaceOf(state)
  return {
    root: withReferences(state.root, subject.kind, (kind, name) =>
      currentName({ kind, namespace, name, expected: builtName(path, name) }),
    ),
    namespace: state.namespace,
    names: [...new Set(state.ids.map(({ name }) => name))],
  }
}

/**
 * The parts of a path that may change an object. Two paths with the same parts build the same
 * object.
 */
export function partsThatMayChange(
  path: KustomizationPath,
  object: OriginalId,
): readonly (string | Patch)[] {
  return path.flatMap(({ transform, patches }) => [
    ...(transform.key === '' ? [] : [transform.key]),
    ...patches.filter((patch) => mayApplyTo(patch, object)),
  ])
}

function builtName(path: KustomizationPath, name: string): string {
  return path.reduce((before, { transform }) => transformName(transform, before), name)
}

/** @returns undefined if a patch deletes the object. */
function applyPatches(
  before: ObjectState,
  patches: readonly Patch[],
  { apiVersion, kind }: KustomizeSubject,
): ObjectState | undefined {
  let state = before
  for (const patch of patches) {
    if (!appliesTo(patch, { apiVersion, kind, ids: state.ids, root: state.root })) continue
    if (patch.body.type === 'seq') {
      const root = jsonPatch(state.root, patch.body)
      if (root.type !== 'map') continue
      const setsNamespace =
        textAt(root, 'metadata', 'namespace') !== textAt(state.root, 'metadata', 'namespace')
      state = withId({ ...state, root, namespace: setsNamespace ? undefined : state.namespace })
    } else {
      const root = strategicMerge(state.root, patch.body, isBuiltin(apiVersion))
      if (!root) return undefined
      state = { ...state, root: withIdentityOf(state.root, root) }
    }
  }
  return state
}

/**
 * The patched object with kind, name and namespace as before: a strategic merge patch never changes
 * these.
 */
function withIdentityOf(before: YamlMap, patched: YamlMap): YamlMap {
  const restore = (map: YamlMap, key: string, entry: YamlEntry | undefined): YamlMap =>
    entry ? withEntry(map, entry) : withoutEntry(map, key)
  const root = ['apiVersion', 'kind'].reduce(
    (map, key) => restore(map, key, entryOf(before, key)),
    patched,
  )
  const metadata = entryOf(root, 'metadata')
  const own = entryOf(before, 'metadata')
  if (metadata?.value.type !== 'map' || !own) return restore(root, 'metadata', own)
  const value = ['name', 'namespace'].reduce(
    (map, key) => restore(map, key, entryOf(own.value, key)),
    metadata.value,
  )
  return withEntry(root, { ...metadata, value })
}

/** Whether kustomize knows the merge keys of the kind's lists. */
function isBuiltin(apiVersion: string): boolean {
  const group = groupOf(apiVersion)
  return (
    (!group.includes('.') || group.endsWith('.k8s.io')) && group !== 'gateway.networking.k8s.io'
  )
}
