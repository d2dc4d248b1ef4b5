import { keys } from '../../inventory/indexKeys.js'
import { assumptionsOf, type Certainty } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { isUnnamed, namespaceLabel } from '../../resources/namespaceId.js'
import { qualifiedName } from '../../resources/resource.js'
import { count, listed } from '../../text/words.js'

export interface NotesResult {
  readonly assumptions: readonly string[]
  readonly unknowns: readonly string[]
}

/** Collects the assumptions of an explanation, and what is not known from the files. */
export class Notes {
  readonly #assumptions = new Set<string>()
  readonly #unknowns = new Set<string>()

  take(...certainties: readonly Certainty[]): void {
    for (const assumption of assumptionsOf(certainties)) this.#assumptions.add(assumption)
  }

  missing(what: string): void {
    this.#unknowns.add(what)
  }

  /** Adds the notes of another explanation. */
  add({ assumptions, unknowns }: NotesResult): void {
    for (const assumption of assumptions) this.#assumptions.add(assumption)
    for (const unknown of unknowns) this.#unknowns.add(unknown)
  }

  result(): NotesResult {
    return { assumptions: [...this.#assumptions], unknowns: [...this.#unknowns] }
  }
}

interface Named {
  readonly namespace: string
  readonly name: string
}

/** `namespace/name`, or the name alone if the namespace is not given. */
export function shownName(object: Named): string {
  return isUnnamed(object.namespace) ? object.name : qualifiedName(object)
}

export function shownNamespace(namespace: string): string | null {
  return namespace === '' || isUnnamed(namespace) ? null : namespace
}

/** Why a namespace is not known. */
export function undescribed(mesh: Mesh, namespace: string): string {
  if (isUnnamed(namespace)) return 'no namespace is given'
  const [first, second] = mesh.at('Namespace', keys.named('Namespace', '', namespace))
  if (!first) return `no Namespace object for "${namespace}" in the workspace`
  return second && mesh.get(namespaceObject, namespace) === undefined
    ? `the definitions of Namespace "${namespace}" in the workspace differ`
    : `Namespace "${namespace}" has no label of Istio here, and another tool may set it`
}

export { count, namespaceLabel }

/** `a`, `a or b`, `a, b or c`; beyond `limit` values `a, b or 3 more`. */
export function listedUpTo(values: readonly string[], word: 'and' | 'or', limit = 4): string {
  return values.length > limit
    ? listed([...values.slice(0, limit - 1), `${values.length - limit + 1} more`], word)
    : listed(values, word)
}

/** `3 policies`: the AuthorizationPolicies that are enforced. */
export function countPolicies(
  policies: readonly { readonly kind: string; readonly enforcedBy: string }[],
): string {
  return count(
    policies.filter(
      ({ kind, enforcedBy }) => kind === 'AuthorizationPolicy' && enforcedBy !== 'nobody',
    ).length,
    'policy',
  )
}

/** A text with a capital first letter and a full stop. */
export function sentence(text: string): string {
  const stopped = /[.!?:]$/.test(text) ? text : `${text}.`
  // The names of proxies are written in lower case everywhere.
  return /^(?:ztunnel|istiod)\b/.test(stopped)
    ? stopped
    : stopped.charAt(0).toUpperCase() + stopped.slice(1)
}
