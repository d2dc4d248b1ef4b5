import { keys } from '../../inventory/indexKeys.js'
import { gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import {
  certaintyOf,
  waypointFor,
  type WaypointBinding,
  type WaypointChoice,
} from '../../mesh/waypoints.js'
import type { Gateway } from '../../resources/gateway.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { Labels, Resource } from '../../resources/resource.js'
import { formatPrincipal } from '../../vocabulary/principal.js'
import type { WaypointExplanation } from '../explanation.js'
import { namespaceLabel, shownName, undescribed, type Notes } from './notes.js'
import { USE_WAYPOINT } from '../../vocabulary/labels.js'

/** Whose waypoint it is: an object with labels of its own, or its namespace. */
interface WaypointSubject {
  readonly namespace: string
  readonly labels?: Labels | undefined
}

/** Which waypoint, and why. All errors fail open: the traffic goes directly to the pods, without layer 7 (`ambient/waypoints.go:99-207`). */
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
      return { status: 'none', name: null, why: whyNone(subject) }
    case 'error':
      return {
        status: 'error',
        name: shownName(binding.choice),
        why: `${chosenBy(binding.choice)}, but ${whyNot(mesh, binding)}; traffic goes directly to the pods`,
      }
    case 'unknown': {
      const why = binding.choice
        ? `${chosenBy(binding.choice)}, and ${whyUnknown(mesh, binding.choice)}`
        : undescribed(subject.namespace)
      notes.missing(`waypoint unknown: ${why}`)
      return { status: 'unknown', name: binding.choice ? shownName(binding.choice) : null, why }
    }
  }
}

function assumptionIn(binding: { readonly certainty: ReturnType<typeof certaintyOf> }): string {
  return binding.certainty.level === 'assumed' ? binding.certainty.assumption : ''
}

function chosenBy({ own, resource, namespace, name }: WaypointChoice): string {
  return `${own ? `its label ${USE_WAYPOINT}` : `${USE_WAYPOINT} of ${namespaceLabel(resource.name)}`} names ${shownName({ namespace, name })}`
}

function whyNone({ namespace, labels }: WaypointSubject): string {
  if (labels?.[USE_WAYPOINT] === 'none') return `its label ${USE_WAYPOINT} is "none"`
  return `no label ${USE_WAYPOINT} applies, on it or on ${namespaceLabel(namespace)}`
}

function whyNot(mesh: Mesh, binding: Extract<WaypointBinding, { status: 'error' }>): string {
  switch (binding.reason) {
    case 'WaypointIsNotReady':
      return 'there is no such Gateway'
    case 'AttachmentDenied':
      return 'its allowedRoutes do not admit this namespace'
    case 'UnsupportedTrafficType':
      return `it serves ${binding.gateway ? mesh.get(waypointFor, binding.gateway) : 'other'} traffic only`
    case 'CrossNamespaceWaypointForbidden':
      return 'a ServiceEntry that is visible in its namespace alone must not use a waypoint of another'
  }
}

function whyUnknown(mesh: Mesh, choice: WaypointChoice): string {
  const definitions = mesh.at('Gateway', keys.named('Gateway', choice.namespace, choice.name))
  if (definitions.length > 1) return 'the workspace defines it in several ways'
  return definitions.length > 0
    ? 'whether it admits this namespace is not known'
    : 'no such Gateway is in the workspace'
}

/** The identity that a Gateway's proxy shows to others, as `principals` write it. */
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
    notes.missing('trust domain unknown: the installs in the workspace disagree')
  return formatPrincipal({
    trustDomain: trustDomainKnown ? trustDomain : '…',
    namespace: isUnnamed(namespace) ? '…' : namespace,
    serviceAccount,
  })
}

/** Whether two bindings lead the same way. */
export function wayOf(binding: WaypointBinding): Resource | string {
  return binding.status === 'bound'
    ? binding.gateway
    : binding.status === 'error'
      ? 'none'
      : binding.status
}
