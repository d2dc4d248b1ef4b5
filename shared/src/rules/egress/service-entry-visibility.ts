import { keys } from '../../inventory/indexKeys.js'
import type { KnownCertainty } from '../../mesh/certainty.js'
import { isGatewayPod } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { podLabels } from '../../mesh/pods.js'
import { isVisibilityKnown, isVisibleTo, visibilityOf } from '../../mesh/serviceEntryVisibility.js'
import { waypointOfService } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import { policiesAtWaypoint, policiesOfService } from '../../waypoint/attachedPolicies.js'
import type { AttributeName } from '../../vocabulary/attributes.js'
import { defineRule, type Report } from '../rule.js'
import { restrictsAccess } from '../support/restrictsAccess.js'
import { namesClients } from '../support/identityFields.js'
import { attributesOf } from '../support/ruleAttributes.js'
import { firstThatFits, quoted } from '../support/words.js'

const REASON = 'serviceEntryVisibility'

export const serviceEntryVisibility = defineRule({
  name: 'service-entry-visibility',
  level: 'warning',
  subjects: ['ServiceEntry'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'ServiceEntry',
    'Workload',
  ],
  check(entry, { mesh, report }) {
    const visibility = mesh.get(visibilityOf, entry.namespace)
    if (visibility === 'PUBLIC' || !mesh.get(isVisibilityKnown, entry.namespace)) return
    const found = visibility === 'NONE' ? unpublished(mesh, entry) : outsideOf(mesh, entry)
    if (found) report({ path: ['metadata', 'name'], ...found })
  },
})

type Found = Omit<Report, 'path'>

/** A ServiceEntry that istiod does not configure, with policies that target it. */
function unpublished(mesh: Mesh, entry: ServiceEntry): Found | undefined {
  const policies = policiesOfService(mesh, entry)
  if (policies.length === 0) return undefined
  const reason = `${REASON} of its namespace is NONE.`
  return {
    message: firstThatFits(
      `No policy for ServiceEntry ${quoted(entry.name)} is enforced, and it has no effect: ${reason}`,
      `No policy for this ServiceEntry is enforced: ${reason}`,
    ),
    related: policies.map(evidenceOf),
  }
}

/** A ServiceEntry behind a waypoint that clients of other namespaces bypass. */
function outsideOf(mesh: Mesh, entry: ServiceEntry): Found | undefined {
  const binding = mesh.get(waypointOfService, entry)
  if (binding.status !== 'bound') return undefined
  const policies = policiesAtWaypoint(mesh, { gateway: binding.gateway, service: entry }).filter(
    restrictsAccess,
  )
  const outside = clientsOutside(mesh, entry)
  const named = policies.filter((policy) => namesOthers(policy, entry.namespace))
  if (named.length === 0 && outside === undefined) return undefined
  const what = policies.length > 0 ? 'its policies' : 'its waypoint'
  return {
    message: firstThatFits(
      `Clients outside namespace ${quoted(entry.namespace)} bypass ${what}: they do not see ServiceEntry ${quoted(entry.name)} (${REASON}).`,
      `Clients outside namespace ${quoted(entry.namespace)} bypass ${what}: they do not see this ServiceEntry.`,
      `Clients of other namespaces bypass ${what}: they do not see this ServiceEntry (${REASON}).`,
    ),
    ...(policies.length > 0 ? {} : { level: 'information' as const }),
    certainties: [binding.certainty, ...(named.length > 0 ? [] : (outside ?? []))],
    related: policies.map(evidenceOf),
  }
}

function evidenceOf(resource: AuthorizationPolicy) {
  return {
    resource,
    path: ['metadata', 'name'],
    message: `Policy "${resource.name}" applies to the ServiceEntry.`,
  }
}

/**
 * The certainty that another namespace of the files has captured clients that do not see the hosts:
 * one that sees another definition of them is served by that one.
 */
function clientsOutside(mesh: Mesh, entry: ServiceEntry): KnownCertainty[] | undefined {
  for (const { name } of mesh.all('Namespace')) {
    if (name === entry.namespace) continue
    const enrolment = mesh.get(namespaceEnrolment, name)
    if (enrolment.mode !== 'ambient' || enrolment.certainty.level !== 'certain') continue
    const hasClients = mesh
      .workloadsAt(keys.workloads(name))
      .some((workload) => !isGatewayPod(podLabels(workload)))
    if (hasClients && !entry.hosts.every((host) => seesOther(mesh, entry, { host, client: name })))
      return [enrolment.certainty]
  }
  return undefined
}

function seesOther(
  mesh: Mesh,
  entry: ServiceEntry,
  { host, client }: { readonly host: string; readonly client: string },
): boolean {
  return mesh
    .all('ServiceEntry')
    .some(
      (other) => other !== entry && other.hosts.includes(host) && isVisibleTo(mesh, other, client),
    )
}

/** Whether a policy names clients of other namespaces. */
function namesOthers(policy: AuthorizationPolicy, own: string): boolean {
  return attributesOf(policy)
    .filter(({ attribute }) => namesClients(attribute))
    .some(({ attribute, values }) =>
      values.some((value) => ![own, undefined].includes(namespaceIn(attribute, value))),
    )
}

/** The namespace that a value names; undefined for an account of the policy's own namespace. */
function namespaceIn(attribute: AttributeName | undefined, value: string): string | undefined {
  if (attribute === 'principal') return /(?:^|\/)ns\/([^/]+)\/sa\//.exec(value)?.[1]
  const [namespace, account] = value.split('/')
  return attribute === 'serviceAccount' && account === undefined ? undefined : namespace
}
