import type { Resource } from '../resources/resource.js'
import { roleOf, type KindRole } from '../vocabulary/kinds.js'
import type { Analysis } from './analysis.js'

const JUDGED_ROLES: readonly (KindRole | undefined)[] = ['policy', 'gateway']

/**
 * Whether rules have something to say about the files of a mesh: a policy, a Gateway, or an object of Istio or with a
 * label of Istio. A template counts by its kind.
 */
export function hasJudgedObjects({ files }: Analysis): boolean {
  return [...files.values()].some(({ documents }) =>
    documents.some(
      ({ facts }) =>
        facts.resources.some(isJudged) ||
        (facts.opaqueKind !== undefined && JUDGED_ROLES.includes(roleOf(facts.opaqueKind))),
    ),
  )
}

function isJudged(resource: Resource): boolean {
  return (
    JUDGED_ROLES.includes(roleOf(resource.type)) ||
    resource.group.endsWith('istio.io') ||
    [resource.labels, resource.annotations].some((entries) =>
      Object.keys(entries ?? {}).some((key) => key.includes('istio.io/')),
    )
  )
}

/** Whether the object of a template of this kind is read, once it is rendered. */
export function isReadIfRendered(kind: string | undefined): kind is string {
  return kind !== undefined && (roleOf(kind) !== undefined || kind.endsWith('List'))
}
