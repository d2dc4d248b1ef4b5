import { keys } from '../../inventory/indexKeys.js'
import type { Workload } from '../../inventory/workloads.js'
import { assumed, CERTAIN, UNKNOWN, type Certainty } from '../../mesh/certainty.js'
import { classQuery, type Mesh } from '../../mesh/mesh.js'
import { peerAuthenticationsOf } from '../../mesh/policies.js'
import { policyClassOf } from '../../mesh/selectorClasses.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { isEmptyLabels } from '../../resources/selector.js'
import { isEqual } from '../../text/isEqual.js'
import { isCertificateAttribute } from '../../vocabulary/attributes.js'
import { L4_ATTRIBUTES } from '../../ztunnel/attributes.js'
import { MATCH_FIELDS, type AuthorizationRule, type Match } from '../../ztunnel/authorization.js'
import { levelsOf } from '../../ztunnel/peerAuthentication.js'
import { isFilledIn } from '../support/filledIn.js'

const OUTSIDE = assumed('no PeerAuthentication outside these files denies plaintext')

/**
 * How well the files show which ports of a workload accept plaintext (docs/knowledge.md §4).
 * Unknown if a template may render to a PeerAuthentication, if two different ones exist at one
 * level, or if another tool fills in a mode.
 */
export const mutualTlsCertainty = classQuery(
  'mutual TLS certainty',
  (mesh, workload: Workload) => mesh.get(policyClassOf, workload),
  (mesh, key): Certainty => {
    const policies = mesh.get(peerAuthenticationsOf.ofClass, key)
    const {
      mesh: meshWide,
      namespace,
      workload: own,
    } = levelsOf(policies, mesh.settings.rootNamespace)
    const deciding = [meshWide, namespace, own].filter((policy) => policy !== undefined)
    if (
      !policies.every((policy) =>
        deciding.some((other) => other === policy || areEqualModes(other, policy)),
      )
    )
      return UNKNOWN
    return certaintyOf(mesh, policies)
  },
)

/** Whether two definitions of one object set the same modes for the same pods. */
function areEqualModes(a: PeerAuthentication, b: PeerAuthentication): boolean {
  return (
    a.namespace === b.namespace &&
    a.name === b.name &&
    a.mode === b.mode &&
    isEqual(a.portLevelMtls, b.portLevelMtls) &&
    isEqual(a.selector, b.selector)
  )
}

/** How well the files show that a namespace without workloads in the files accepts plaintext. */
export function plaintextCertainty(mesh: Mesh, namespace: string): Certainty {
  const { rootNamespace } = mesh.settings
  const own = mesh.inNamespace('PeerAuthentication', namespace)
  const wide = mesh.at(
    'PeerAuthentication',
    keys.selecting('PeerAuthentication', rootNamespace, '*'),
  )
  const policies = [...new Set([...own, ...wide])]
  if (
    policies.some(
      ({ mode, selector }) => mode === 'STRICT' || !isEmptyLabels(selector?.matchLabels),
    )
  )
    return UNKNOWN
  return certaintyOf(mesh, policies)
}

function certaintyOf(mesh: Mesh, policies: readonly PeerAuthentication[]): Certainty {
  if (
    mesh.hasOpaque('PeerAuthentication') ||
    policies.some((policy) => isFilledIn(policy, ['spec']))
  )
    return UNKNOWN
  return mesh.world === 'closed' || policies.some(({ mode }) => mode !== 'UNSET')
    ? CERTAIN
    : OUTSIDE
}

const ANY_PORT = 8080

/**
 * Container ports to check: the ports that the workload declares and the ports that rules name; any
 * port if there is none.
 */
export function portsToTry(
  workload: Workload | undefined,
  rules: readonly AuthorizationRule[],
): number[] {
  const declared = declaredPorts(workload)
  const named = rules.flat(2).flatMap(({ destinationPorts }) => destinationPorts ?? [])
  const ports = [...new Set([...declared, ...named])]
  return ports.length > 0 ? ports : [ANY_PORT]
}

/** The TCP ports that a workload declares. */
export function declaredPorts(workload: Workload | undefined): number[] {
  return workload && workload.type !== 'WorkloadEntry'
    ? workload.template.ports
        .filter(({ protocol }) => protocol === 'TCP')
        .map(({ containerPort }) => containerPort)
    : []
}

/** The fields of a match that test the client's identity. */
const IDENTITY_FIELDS = L4_ATTRIBUTES.filter(isCertificateAttribute).map(
  (attribute) => MATCH_FIELDS[attribute],
)

/** Whether a match requires an identity, so that it never matches plaintext. */
export function requiresIdentity(match: Match): boolean {
  return IDENTITY_FIELDS.some(([field]) => (match[field]?.length ?? 0) > 0)
}

/**
 * Whether a match excludes identities and does not require one, so that it also matches plaintext.
 */
export function onlyExcludesIdentities(match: Match): boolean {
  return (
    IDENTITY_FIELDS.some(([, notField]) => (match[notField]?.length ?? 0) > 0) &&
    !requiresIdentity(match)
  )
}
