import type { YamlMap } from '../../yaml/node.js'
import type { OriginalId } from './patch.js'
import { textAt } from './tree.js'

/** The object that is built, as its file has it. */
export interface KustomizeSubject extends OriginalId {
  readonly clusterScoped: boolean
}

/** An object after some of its kustomizations were applied. */
export interface ObjectState {
  readonly root: YamlMap
  /** The namespace that a kustomization sets; undefined: the one in `metadata`. */
  readonly namespace: string | undefined
  /** The names and namespaces that the object has had; the original first, the present last. */
  readonly ids: readonly { readonly name: string; readonly namespace: string }[]
}

/** The state with its present name and namespace added to `ids`. */
export function withId(state: ObjectState): ObjectState {
  const id = { name: textAt(state.root, 'metadata', 'name') ?? '', namespace: namespaceOf(state) }
  return { ...state, ids: [...state.ids, id] }
}

/** The namespace of the object as it is built; `''` for none. */
export function namespaceOf({ root, namespace }: Pick<ObjectState, 'root' | 'namespace'>): string {
  return namespace ?? textAt(root, 'metadata', 'namespace') ?? ''
}
