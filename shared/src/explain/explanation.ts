import type { Action } from '../resources/authorizationPolicy.js'
import type { MutualTlsMode } from '../resources/peerAuthentication.js'
import type { WorkloadKind } from '../resources/workload.js'

/** A proxy that enforces policies. */
export type Enforcer = 'destination ztunnel' | 'waypoint' | 'gateway' | 'sidecar'

/** The proxy that enforces a policy: `nobody` if it is not enforced, `unknown` if the files do not show it. */
export type EnforcedBy = Enforcer | 'nobody' | 'unknown'

/**
 * One of the six rows of the enforcement table of Istio's documentation (istio.io, ambient mode, "Use Layer 4
 * security policy", "Considerations").
 */
export interface EnforcementRow {
  readonly attachment: 'selector' | 'none' | 'targetRefs'
  readonly scope: 'Pod' | 'Namespace' | 'Service' | 'Gateway'
  /** Whether a waypoint is in the path of the traffic. */
  readonly waypoint: 'no' | 'yes'
  readonly enforcedBy: 'destination ztunnel' | 'waypoint'
  readonly sourceIdentity: 'client' | 'waypoint'
  /** The row applies to at least one target of the policy. */
  readonly marked: boolean
  /** The row may apply: the files do not show whether a waypoint is in the path. */
  readonly possible: boolean
}

/** A waypoint, and why. */
export interface WaypointExplanation {
  readonly status: 'bound' | 'none' | 'error' | 'unknown'
  /** `namespace/name`, also of a waypoint that cannot be used; null if there is none. */
  readonly name: string | null
  readonly why: string
}

interface TargetBase {
  /** Kind of the object: a workload, Service, ServiceEntry, Gateway or GatewayClass. */
  readonly kind: string
  /** `namespace/name`, or the name alone if the namespace is not given. */
  readonly name: string
  readonly waypoint: WaypointExplanation
  readonly why: string
}

/** A target where a proxy enforces the policy. */
export interface EnforcedTarget extends TargetBase {
  readonly enforcedBy: Enforcer
  /** `namespace/name` of the waypoint or gateway that enforces the policy. */
  readonly enforcer: string | null
  /** `client`, a waypoint's principal (`cluster.local/ns/shop/sa/waypoint`), or `unknown`. */
  readonly sourceIdentity: string
}

/** A target where no proxy enforces the policy. */
export interface NotEnforcedTarget extends TargetBase {
  readonly enforcedBy: 'nobody'
  readonly enforcer: null
  readonly sourceIdentity: null
}

/** A target for which the files do not show whether a proxy enforces the policy. */
export interface UnknownTarget extends TargetBase {
  readonly enforcedBy: 'unknown'
  /** The proxy that may enforce the policy. */
  readonly enforcer: string | null
  readonly sourceIdentity: string
}

/** A target of a policy on one path through the mesh. */
export type EnforcementTarget = EnforcedTarget | NotEnforcedTarget | UnknownTarget

/** The effect of one rule. */
export interface RuleExplanation {
  /** Index in `spec.rules`. */
  readonly index: number
  /** The rule as written, in words. */
  readonly text: string
  /**
   * At ztunnel: `dropped` because of HTTP attributes, `erased` if ztunnel ignores some attributes, `never matches`, or
   * `not sent` if ztunnel does not receive the policy.
   */
  readonly ztunnel: 'kept' | 'dropped' | 'erased' | 'never matches' | 'not sent'
  /** The reason and the consequence, in words; empty for a rule that is kept. */
  readonly note: string
}

interface ExplanationBase {
  /** Null if the file has none, and for cluster-scoped objects. */
  readonly namespace: string | null
  readonly name: string
  /** One line. */
  readonly summary: string
  /** Assumptions. */
  readonly assumptions: readonly string[]
  /** What is not known from the files. */
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
  /** Null if istiod writes none, or if it is not known from the files. */
  readonly status: StatusExplanation | null
}

/** The mTLS mode of a port. */
export interface PortMutualTls {
  /** Null: every port without an entry of its own. */
  readonly port: number | null
  /** `STRICT` rejects plaintext, `PERMISSIVE` accepts it; `UNKNOWN` if a policy that may apply cannot be read. */
  readonly mode: 'STRICT' | 'PERMISSIVE' | 'UNKNOWN'
  /** The level that sets the mode; `default` if none does. */
  readonly level: 'port' | 'workload' | 'namespace' | 'mesh' | 'default'
  readonly why: string
}

export interface PeerAuthenticationExplanation extends ExplanationBase {
  readonly kind: 'PeerAuthentication'
  /** `ignored`: it has a selector and is in the root namespace. */
  readonly level: 'mesh' | 'namespace' | 'workload' | 'ignored'
  readonly mode: MutualTlsMode
  readonly workloads: readonly {
    readonly name: string
    readonly enforcedBy: EnforcedBy
    readonly ports: readonly PortMutualTls[]
  }[]
  readonly effect: readonly string[]
}

/** A policy that applies to an object, and the proxy that enforces it. */
export interface AppliedPolicyExplanation {
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

/** The mode, the waypoint and the policies of a workload, a Service, a Namespace or a Gateway. */
export interface SubjectExplanation extends ExplanationBase {
  readonly kind: SubjectKind
  readonly enrolment: EnrolmentExplanation | null
  readonly waypoint: WaypointExplanation | null
  /** The workloads of a Service or namespace, the Services of a waypoint, the Gateways of a class. */
  readonly members: { readonly label: string; readonly names: readonly string[] } | null
  readonly mutualTls: readonly PortMutualTls[]
  readonly policies: readonly AppliedPolicyExplanation[]
  /** `istio.io/WaypointBound` of a Service or ServiceEntry. */
  readonly status: StatusExplanation | null
  readonly facts: readonly string[]
}

export interface ServiceAccountExplanation extends ExplanationBase {
  readonly kind: 'ServiceAccount'
  /** As in `principals`: without `spiffe://`. */
  readonly principal: string
  /** Workloads and Gateways that use it. */
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

/** The explanation of an object, as plain data. */
export type Explanation =
  | AuthorizationPolicyExplanation
  | PeerAuthenticationExplanation
  | SubjectExplanation
  | ServiceAccountExplanation
