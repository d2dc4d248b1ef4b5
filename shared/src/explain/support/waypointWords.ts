import { keys } from '../../inventory/indexKeys.js'
import { isHidden } from '../../mesh/discovery.js'
import { gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import {
  certaintyOf,
  type WaypointBinding,
  type WaypointChoice,
} from '../../mesh/waypointBinding.js'
import { isDiscovered } from '../../mesh/namespaces.js'
import { visibilityOf } from '../../mesh/serviceEntryVisibility.js'
import { waypointFor } from '../../mesh/waypointGateway.js'
import type { Gateway } from '../../resources/gateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { Labels, Resource } from '../../resources/resource.js'
import { formatPrincipal } from '../../vocabulary/principal.js'
import type { WaypointExplanation } from '../explanation.js'
import { namespaceLabel, shownName, undescribed, type Notes } from './notes.js'
import { USE_WAYPOINT } from '../../vocabulary/labels.js'

/** The object that uses the waypoint: one with labels of its own, or its namespace. */
interface WaypointSubject {
  readonly namespace: string
  readonly labels?: Labels | undefined
  readonly serviceType?: string
  /** Whether its pods are on the host network. */
  readonly hostNetwork?: boolean
  readonly type?: string
}

/**
 * The waypoint of an object, and why. Every error fails open: traffic goes directly to the pods, without layer 7
 * (`ambient/waypoints.go:99-207`).
 */
export function explainWaypoint(
  mesh: Mesh,
  binding: WaypointBinding,
  subject: WaypointSubject,
  notes: Notes,
): WaypointExplanation {
  notes.take(certaintyOf(binding))
  switch (binding.status) {
    case 'bound':
      return {
        status: 'bound',
        name: shownName(binding.gateway),
        why: binding.choice ? chosenBy(binding.choice) : `assumed: ${assumptionIn(binding)}`,
      }
    case 'none':
      return { status: 'none', name: null, why: whyNone(mesh, subject) }
    case 'error':
      return {
        status: 'error',
        name: shownName(binding.choice),
        why: `${chosenBy(binding.choice)}, but ${whyNot(mesh, binding)}; traffic goes directly to the pods`,
      }
    case 'unknown': {
      const why = binding.choice
        ? `${chosenBy(binding.choice)}, and ${whyUnknown(mesh, binding.choice)}`
        : undescribed(mesh, subject.namespace)
      notes.missing(`waypoint unknown: ${why}`)
      return { status: 'unknown', name: binding.choice ? shownName(binding.choice) : null, why }
    }
  }
}

function assumptionIn(binding: { readonly certainty: ReturnType<typeof certaintyOf> }): string {
  return binding.certainty.level === 'assumed' ? binding.certainty.assumption : ''
}

function chosenBy({ own, resource, namespace, name }: WaypointChoice): string {
  const label = own
    ? `its label ${USE_WAYPOINT}`
    : `${USE_WAYPOINT} of ${namespaceLabel(resource.name)}`
  return `${label} names ${shownName({ namespace, name })}`
}

function whyNone(
  mesh: Mesh,
  { namespace, labels, serviceType, hostNetwork, type }: WaypointSubject,
): string {
  if (!mesh.get(isDiscovered, namespace)) return 'discoverySelectors exclude its namespace'
  if (type === 'ServiceEntry' && mesh.get(visibilityOf, namespace) === 'NONE')
    return 'istiod does not configure it (serviceEntryVisibility)'
  if (hostNetwork === true) return 'ztunnel does not know the addresses of pods on the host network'
  if (serviceType === 'ExternalName') return 'ambient mode ignores Services of type ExternalName'
  if (labels?.[USE_WAYPOINT] === 'none') return `its label ${USE_WAYPOINT} is "none"`
  return `neither it nor ${namespaceLabel(namespace)} has the label ${USE_WAYPOINT}`
}

function whyNot(mesh: Mesh, binding: Extract<WaypointBinding, { status: 'error' }>): string {
  switch (binding.reason) {
    case 'WaypointIsNotReady':
      return mesh.get(isHidden, binding.choice.namespace)
        ? 'discoverySelectors exclude its namespace'
        : 'there is no such Gateway'
    case 'AttachmentDenied':
      return 'its allowedRoutes do not allow this namespace'
    case 'UnsupportedTrafficType':
      return `it serves only ${binding.gateway ? mesh.get(waypointFor, binding.gateway) : 'other'} traffic`
    case 'CrossNamespaceWaypointForbidden':
      return 'a ServiceEntry that is visible only in its namespace cannot use a waypoint in another one'
  }
}

function whyUnknown(mesh: Mesh, choice: WaypointChoice): string {
  const definitions = mesh.at('Gateway', keys.named('Gateway', choice.namespace, choice.name))
  if (definitions.length > 1) return 'the workspace has several different definitions of it'
  return definitions.length > 0
    ? 'it is not known whether it allows this namespace'
    : 'the workspace has no such Gateway'
}

/** The identity of a Gateway's proxy, in the form of `principals`. */
export function principalOfGateway(mesh: Mesh, gateway: Gateway, notes: Notes): string {
  return principal(mesh, gateway.namespace, mesh.get(gatewayServiceAccount, gateway), notes)
}

export function principal(
  mesh: Mesh,
  namespace: string,
  serviceAccount: string,
  notes: Notes,
): string {
  const { trustDomain, trustDomainKnown } = mesh.settings
  if (!trustDomainKnown)
    notes.missing('trust domain unknown: the installs in the workspace do not show one value')
  return formatPrincipal({
    trustDomain: trustDomainKnown ? trustDomain : '…',
    namespace: isUnnamed(namespace) ? '…' : namespace,
    serviceAccount,
  })
}

/** A key that is equal for bindings with the same path. */
export function routeKey(binding: WaypointBinding): Resource | string {
  return binding.status === 'bound'
    ? binding.gateway
    : binding.status === 'error'
      ? 'none'
      : binding.status
}
