import type { Action } from '../resources/authorizationPolicy.js'
import type { MutualTlsMode } from '../resources/peerAuthentication.js'
import type { WorkloadKind } from '../resources/workload.js'

/** Who judges the traffic: `nobody` where a policy has no effect there, `unknown` where the files do not tell. */
export type EnforcedBy =
  'destination ztunnel' | 'waypoint' | 'gateway' | 'sidecar' | 'nobody' | 'unknown'

/**
 * One of the six rows of the enforcement table of Istio's documentation (istio.io, ambient mode, "Use Layer 4 security policy", "Considerations").
 */
export interface EnforcementRow {
  readonly attachment: 'selector' | 'none' | 'targetRefs'
  readonly scope: 'Pod' | 'Namespace' | 'Service' | 'Gateway'
  /** Whether a waypoint is in the traffic's path. */
  readonly waypoint: 'no' | 'yes'
  readonly enforcedBy: 'destination ztunnel' | 'waypoint'
  readonly sourceIdentity: 'client' | 'waypoint'
  /** The row holds for the policy, for at least one of its targets. */
  readonly marked: boolean
  /** The row may hold: the files do not tell whether a waypoint is in the path. */
  readonly possible: boolean
}

/** A waypoint, and why. */
export interface WaypointExplanation {
  readonly status: 'bound' | 'none' | 'error' | 'unknown'
  /** `namespace/name`, also of one that cannot be used; null where none is named. */
  readonly name: string | null
  readonly why: string
}

/** What a policy reaches: a workload, Service, Gateway, …, on one way through the mesh. */
export interface EnforcementTarget {
  readonly kind: string
  /** `namespace/name`, or the name where the namespace is not given. */
  readonly name: string
  readonly waypoint: WaypointExplanation
  readonly enforcedBy: EnforcedBy
  /** `namespace/name` of the waypoint or gateway that enforces. */
  readonly enforcer: string | null
  /** `client`, the waypoint's principal such as `cluster.local/ns/shop/sa/waypoint`, or `unknown`; null where nobody enforces. */
  readonly sourceIdentity: string | null
  readonly why: string
}

/** What becomes of one rule. */
export interface RuleExplanation {
  /** Index in `spec.rules`. */
  readonly index: number
  /** The rule as written, in words. */
  readonly text: string
  /** At ztunnel: `dropped` for its HTTP attributes, `erased` where attributes were left out, `never matches`, `not sent` where ztunnel does not get the policy. */
  readonly ztunnel: 'kept' | 'dropped' | 'erased' | 'never matches' | 'not sent'
  /** Why, and what it means, in words; empty for a rule that is kept. */
  readonly note: string
}

interface ExplanationBase {
  /** Null where the file does not say, and for cluster-scoped objects. */
  readonly namespace: string | null
  readonly name: string
  /** One line. */
  readonly summary: string
  /** What was taken to be so. */
  readonly assumptions: readonly string[]
  /** What is missing. */
  readonly unknowns: readonly string[]
}

export interface AuthorizationPolicyExplanation extends ExplanationBase {
  readonly kind: 'AuthorizationPolicy'
  readonly action: Action
  readonly rows: readonly EnforcementRow[]
  readonly targets: readonly EnforcementTarget[]
  /** Sentences. */
  readonly effect: readonly string[]
  readonly rules: readonly RuleExplanation[]
  /** Null where istiod writes none, or where the files do not tell. */
  readonly status: StatusExplanation | null
}

/** How connections to a port are authenticated. */
export interface PortMutualTls {
  /** Null: every port that is not named. */
  readonly port: number | null
  /** `STRICT` refuses plaintext, `PERMISSIVE` admits it; `UNKNOWN` where a policy that could reach the workload is not readable. */
  readonly mode: 'STRICT' | 'PERMISSIVE' | 'UNKNOWN'
  /** Where the mode is written: `portLevelMtls`, a workload, its namespace, the mesh, or nowhere. */
  readonly level: 'port' | 'workload' | 'namespace' | 'mesh' | 'default'
  readonly why: string
}

export interface PeerAuthenticationExplanation extends ExplanationBase {
  readonly kind: 'PeerAuthentication'
  /** `ignored`: a selector in the root namespace reaches nobody. */
  readonly level: 'mesh' | 'namespace' | 'workload' | 'ignored'
  readonly mode: MutualTlsMode
  readonly workloads: readonly {
    readonly name: string
    readonly enforcedBy: EnforcedBy
    readonly ports: readonly PortMutualTls[]
  }[]
  readonly effect: readonly string[]
}

/** A policy that is in force somewhere, and where. */
export interface PolicyInForceExplanation {
  /** `AuthorizationPolicy` or `PeerAuthentication`. */
  readonly kind: string
  readonly name: string
  readonly action: string
  readonly enforcedBy: EnforcedBy
  readonly enforcer: string | null
  readonly sourceIdentity: string | null
  readonly why: string
}

export interface EnrolmentExplanation {
  readonly mode: 'ambient' | 'sidecar' | 'none' | 'unknown'
  readonly why: string
}

type SubjectKind =
  | WorkloadKind
  | 'WorkloadEntry'
  | 'Service'
  | 'ServiceEntry'
  | 'Namespace'
  | 'Gateway'
  | 'GatewayClass'

/** A status condition that istiod would write. */
export interface StatusExplanation {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

/** What is in force at a workload, a Service, a Namespace or a Gateway. */
export interface SubjectExplanation extends ExplanationBase {
  readonly kind: SubjectKind
  readonly enrolment: EnrolmentExplanation | null
  readonly waypoint: WaypointExplanation | null
  /** Workloads behind a Service; Services behind a waypoint; workloads of a namespace. */
  readonly members: { readonly label: string; readonly names: readonly string[] } | null
  readonly mutualTls: readonly PortMutualTls[]
  readonly policies: readonly PolicyInForceExplanation[]
  /** `istio.io/WaypointBound` of a Service or ServiceEntry. */
  readonly status: StatusExplanation | null
  readonly facts: readonly string[]
}

export interface ServiceAccountExplanation extends ExplanationBase {
  readonly kind: 'ServiceAccount'
  /** As in `principals`. */
  readonly principal: string
  /** Workloads and Gateways that run as it. */
  readonly usedBy: readonly {
    readonly kind: string
    readonly name: string
    readonly enrolment: EnrolmentExplanation['mode']
  }[]
  /** Policies that name it. */
  readonly namedBy: readonly {
    readonly name: string
    readonly action: string
    readonly how: string
  }[]
}

/** What an object does to traffic or undergoes, as plain data. */
export type Explanation =
  | AuthorizationPolicyExplanation
  | PeerAuthenticationExplanation
  | SubjectExplanation
  | ServiceAccountExplanation
