import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { Gateway } from '../resources/gateway.js'
import type { PeerAuthentication } from '../resources/peerAuthentication.js'
import type { ResourceBase } from '../resources/resourceBase.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import type {
  AuthorizationPolicyExplanation,
  PeerAuthenticationExplanation,
  SubjectExplanation,
} from './explanation.js'
import { rowsOf } from './policy/enforcementTable.js'
import { shownNamespace } from './support/notes.js'

const SUMMARY = 'rejected by the API server: not in the cluster'
const EARLIER = 'an earlier version of it may be in the cluster'

function common({ namespace, name }: ResourceBase) {
  return {
    namespace: shownNamespace(namespace),
    name,
    summary: SUMMARY,
    assumptions: [],
    unknowns: [EARLIER],
  }
}

function reasonsOf({ problems }: ResourceBase): string[] {
  return problems.map(({ message }) => `The API server rejects it: ${message}`)
}

/** The explanation of a policy that is not in the cluster (docs/knowledge.md §1.3). */
export function explainRejectedPolicy(policy: AuthorizationPolicy): AuthorizationPolicyExplanation {
  return {
    kind: 'AuthorizationPolicy',
    action: policy.action,
    rows: rowsOf(policy, []),
    targets: [],
    effect: reasonsOf(policy),
    rules: [],
    status: null,
    ...common(policy),
  }
}

export function explainRejectedPeerAuthentication(
  policy: PeerAuthentication,
): PeerAuthenticationExplanation {
  return {
    kind: 'PeerAuthentication',
    level: 'ignored',
    mode: policy.mode,
    workloads: [],
    effect: reasonsOf(policy),
    ...common(policy),
  }
}

export function explainRejectedSubject(subject: Gateway | ServiceEntry): SubjectExplanation {
  return {
    kind: subject.type,
    enrolment: null,
    waypoint: null,
    members: null,
    mutualTls: [],
    policies: [],
    status: null,
    facts: reasonsOf(subject),
    ...common(subject),
  }
}
