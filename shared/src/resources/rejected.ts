import type { Resource, ResourceType } from './resource.js'
import type { ResourceBase } from './resourceBase.js'

/** The kinds whose fields are validated as the API server and istiod do it (docs/semantics.md §8). */
export const VALIDATED_KINDS = [
  'AuthorizationPolicy',
  'Gateway',
  'PeerAuthentication',
  'RequestAuthentication',
  'ServiceEntry',
] as const satisfies readonly ResourceType[]

const VALIDATED: ReadonlySet<ResourceType> = new Set(VALIDATED_KINDS)

/**
 * Whether the API server rejects an object, so that it is not in the cluster (docs/knowledge.md §1.3).
 * False where this depends on the mesh (`mesh/discovery.ts` isRejectedIn).
 */
export function isRejected({
  type,
  problems,
}: Pick<ResourceBase, 'problems'> & { readonly type: ResourceType }): boolean {
  return (
    problems.length > 0 && VALIDATED.has(type) && problems.some(({ needs }) => needs === undefined)
  )
}

/** The objects that are in the cluster. */
export function withoutRejected(resources: readonly Resource[]): readonly Resource[] {
  return resources.some(isRejected) ? resources.filter((each) => !isRejected(each)) : resources
}
