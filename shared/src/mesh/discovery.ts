import { ATTRIBUTE_NAMES, factsOf } from '../vocabulary/attributes.js'
import { kindsOf } from '../vocabulary/kinds.js'
import { REVISION, REVISIONED } from '../vocabulary/labels.js'
import type { Rule } from '../resources/authorizationPolicy.js'
import { isRejected } from '../resources/rejected.js'
import { supports } from '../vocabulary/releases.js'
import type { Resource } from '../resources/resource.js'
import { NONE } from '../text/collections.js'
import type { FieldPath } from '../yaml/node.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { assumed, CERTAIN, type KnownCertainty } from './certainty.js'
import { query, type Mesh } from './mesh.js'
import { namespaceLabels } from './namespaceEnrolment.js'
import { discoveryOf, isDiscovered } from './namespaces.js'

// What istiod reads. An object that it does not read binds nothing and is enforced by no proxy.

/** The kinds whose objects a proxy knows only from istiod. */
const READ_KINDS: ReadonlySet<string> = new Set([
  ...kindsOf('service', 'gateway', 'policy', 'route', 'extension', 'workload-entry', 'pods'),
  'DestinationRule',
  'TCPRoute',
  'TLSRoute',
  'Gateway.networking.istio.io',
])
const REVISIONED_KINDS: ReadonlySet<string> = new Set(REVISIONED)

/**
 * Whether istiod reads an object: `discoverySelectors` select its namespace, and it has no label of
 * another revision. True where this is unknown, and for objects of other kinds.
 */
export function isRead(mesh: Mesh, resource: Resource): boolean {
  return whyNotRead(mesh, resource) === undefined
}

/**
 * Whether the API server rejects an object of this mesh, so that it is not in the cluster
 * (docs/knowledge.md §1.3).
 */
export function isRejectedIn(mesh: Mesh, resource: Resource): boolean {
  if (unknownFields(mesh, resource).length > 0) return true
  if (resource.problems.length === 0) return false
  return (
    isRejected(resource) ||
    (resource.problems.some(({ needs }) => needs === 'httpRouteTargets') && !canTargetRoutes(mesh))
  )
}

/** The fields of an object, and the keys of its conditions, that the release of the mesh does not have. */
export function unknownFields(mesh: Mesh, resource: Resource): readonly FieldPath[] {
  if (resource.type === 'AuthorizationPolicy') return unknownAttributes(mesh, resource.rules)
  return resource.type === 'RequestAuthentication' &&
    resource.rulesWithPresence.length > 0 &&
    !supports(mesh.settings, 'requiredTokens')
    ? resource.rulesWithPresence.map((index) => ['spec', 'jwtRules', index, 'presence'])
    : NONE
}

const attributesOfLaterReleases = query('attributes of later releases', (mesh, _: '') =>
  ATTRIBUTE_NAMES.map(factsOf).filter(
    ({ since }) => since !== undefined && !supports(mesh.settings, since),
  ),
)

/** Where rules name attributes that a release does not have. */
function unknownAttributes(mesh: Mesh, rules: readonly Rule[]): readonly FieldPath[] {
  const unknown = mesh.get(attributesOfLaterReleases, '')
  if (unknown.length === 0) return NONE
  return rules.flatMap(({ from = [], when = [] }, rule) => [
    ...from.flatMap((source, at) =>
      unknown
        .flatMap((facts) => (facts.source ? [facts.source.field, facts.source.notField] : []))
        .filter((field) => source?.[field] !== undefined)
        .map((field) => ['spec', 'rules', rule, 'from', at, 'source', field]),
    ),
    ...when.flatMap(({ key }, at) =>
      unknown.some((facts) => facts.when?.key === key)
        ? [['spec', 'rules', rule, 'when', at, 'key']]
        : [],
    ),
  ])
}

/** Whether policies can target an HTTPRoute (docs/semantics.md §3.11). */
export function canTargetRoutes({ settings }: Mesh): boolean {
  return (
    settings.flag('ENABLE_GATEWAY_API_HTTPROUTE_AUTH') && supports(settings, 'httpRouteTargets')
  )
}

/** Why istiod does not read an object; undefined if it does, or if this is unknown. */
export function whyNotRead(mesh: Mesh, resource: Resource): string | undefined {
  if (resource.namespace === '') return undefined
  if (isRejectedIn(mesh, resource)) return 'the API server rejects it'
  if (READ_KINDS.has(resource.type) && !mesh.get(isDiscovered, resource.namespace))
    return 'discoverySelectors exclude its namespace'
  const revision = revisionLabel(resource)
  return revision !== undefined && isOtherRevision(mesh, revision)
    ? `its label ${REVISION} is "${revision}", and the revision of istiod is "${mesh.settings.revision ?? ''}"`
    : undefined
}

function revisionLabel({ type, labels }: Resource): string | undefined {
  return REVISIONED_KINDS.has(type) ? labels?.[REVISION] : undefined
}

/** `LabelsInRevision` (pkg/config/model.go:111). Tags do not count. */
function isOtherRevision({ settings: { revision } }: Mesh, label: string): boolean {
  return (
    revision !== undefined &&
    label !== revision &&
    !isPlaceholder(label) &&
    !isPlaceholder(revision)
  )
}

/** The revision of an object where the files do not show whether istiod has it; else undefined. */
export function unknownRevision(mesh: Mesh, resource: Resource): string | undefined {
  const label = revisionLabel(resource)
  if (label === undefined) return undefined
  return mesh.settings.revision === undefined || isPlaceholder(label) ? label : undefined
}

/** How it is known that istiod has the revision of an object. */
export function assumedRevision(mesh: Mesh, resource: Resource): KnownCertainty {
  const revision = unknownRevision(mesh, resource)
  return revision === undefined ? CERTAIN : assumed(`istiod has the revision "${revision}"`)
}

/**
 * Whether `discoverySelectors` certainly leave out a namespace: its labels are known, or another
 * namespace of the files has labels that the selectors select, so that the files show such labels.
 */
export const isHidden = query('hidden', (mesh, namespace: string): boolean => {
  if (mesh.get(discoveryOf, namespace) !== 'left out') return false
  return (
    mesh.get(namespaceLabels, namespace) !== undefined ||
    mesh.all('Namespace').some(({ name }) => mesh.get(discoveryOf, name) === 'selected')
  )
})

/** Whether istiod sees the Gateways of a namespace. */
export const gatewayVisibility = query(
  'gateway visibility',
  (mesh, namespace: string): 'seen' | 'hidden' | 'unknown' => {
    if (mesh.get(isHidden, namespace)) return 'hidden'
    return mesh.get(isDiscovered, namespace) ? 'seen' : 'unknown'
  },
)
