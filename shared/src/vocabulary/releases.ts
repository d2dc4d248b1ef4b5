/** Something that Istio does since a release, and did not do before. */
interface ReleaseFacts {
  /** The first release that does it, as `major.minor`. */
  readonly since: string
  readonly source: string
}

/** What differs between the releases of Istio (docs/semantics.md §0.2). */
export const RELEASE_FACTS = {
  /** The security and networking kinds have the version `v1`. */
  stableApiVersions: {
    since: '1.22',
    source: 'istio/api release-1.22, kubernetes/customresourcedefinitions.gen.yaml',
  },
  /** A policy in the root namespace can target the GatewayClass `istio-waypoint`. */
  gatewayClassTargets: {
    since: '1.25',
    source: 'release-1.25 pkg/config/validation/validation.go:1253-1258, policyattachment.go:179',
  },
  /** `from.source.serviceAccounts`, `notServiceAccounts` and the key `source.serviceAccount`. */
  serviceAccountFields: {
    since: '1.25',
    source: 'istio/api release-1.25, security/v1beta1/authorization_policy.proto',
  },
  /** `from.source.trustDomains`, `notTrustDomains` and the key `source.trustDomain`. */
  trustDomainFields: {
    since: '1.30',
    source: 'istio/api release-1.30, security/v1beta1/authorization_policy.proto',
  },
  /** A port of a ServiceEntry reaches the container port that has its name. */
  portNamesOfServiceEntries: {
    since: '1.25',
    source: 'release-1.25 pilot/pkg/serviceregistry/ambient/workloads.go constructServices',
  },
  /** istiod gives every ServiceEntry an address, and ztunnel's DNS answers with it, unless a flag turns it off. */
  addressesOfServiceEntries: {
    since: '1.25',
    source: 'releasenotes/notes/ip-allocation-v2-default.yaml, ambient-dns-on.yaml',
  },
  /** istiod reports a ServiceEntry with a wildcard host and without a waypoint. */
  waypointMissing: {
    since: '1.28',
    source: 'release-1.28 pilot/pkg/model/service.go, WaypointMissing',
  },
  /** A waypoint reads all resources with routes for a Service, and not the first of them alone. */
  severalRoutesAtWaypoint: {
    since: '1.28',
    source: 'istio/istio#59484, release-1.28 pilot/pkg/networking/core/listener_waypoint.go',
  },
  /** istiod reads the annotation `istio.io/connect-strategy`. */
  connectStrategy: {
    since: '1.30',
    source: 'release-1.30 pilot/pkg/model/service.go, GetDNSConnectStrategy',
  },
  /** istiod reads `ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES`. */
  layeredWaypointPolicies: {
    since: '1.25',
    source: 'release-1.25 pilot/pkg/features/ambient.go',
  },
  /** istiod reads `AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY` and reports dry runs that it drops. */
  dryRunAtZtunnel: {
    since: '1.29',
    source: 'release-1.29 pilot/pkg/features/ambient.go',
  },
  /** Labels and annotation `istio.io/use-waypoint-canary*`. */
  canaryWaypoints: {
    since: '1.31',
    source: 'release-1.31 pilot/pkg/serviceregistry/ambient/waypoints.go',
  },
  /** `meshConfig.serviceEntryVisibility`. */
  serviceEntryVisibility: {
    since: '1.31',
    source: 'release-1.31 pilot/pkg/model/serviceentry_visibility.go',
  },
  /** `jwtRules[].presence` of a RequestAuthentication. */
  requiredTokens: {
    since: '1.32',
    source: 'istio/api v1.32.0, security/v1beta1/request_authentication.proto',
  },
  /** istiod reads `ENABLE_GATEWAY_API_HTTPROUTE_AUTH`: a policy can then target an HTTPRoute. */
  httpRouteTargets: {
    since: '1.32',
    source: 'istio/istio#60964, pilot/pkg/features/experimental.go, validation.go:1416-1436',
  },
  /** The status of a DENY policy without enforceable rules says so. The effect is the same before. */
  statusOfIdleDeny: {
    since: '1.32',
    source: 'istio/istio fa33fa971ef (#61166), ambient/authorization.go',
  },
} as const satisfies Readonly<Record<string, ReleaseFacts>>

export type ReleaseFact = keyof typeof RELEASE_FACTS

export const NEWEST_RELEASE = '1.32'

/** Whether the release of a mesh does something. */
export function supports(
  { istioVersion }: { readonly istioVersion: string },
  fact: ReleaseFact,
): boolean {
  return isAtLeast(istioVersion, RELEASE_FACTS[fact].since)
}

/** The first release with ambient mode (an experiment: https://istio.io/latest/blog/2022/introducing-ambient-mesh). */
const FIRST_WITH_AMBIENT_MODE = '1.15'

/**
 * A release as `major.minor`; undefined for older ones than ambient mode. Istio's charts have the
 * version 1.0.0 in their repository, and so have charts of users that are called `istiod`.
 */
export function knownRelease(version: string | undefined): string | undefined {
  return version !== undefined && isAtLeast(version, FIRST_WITH_AMBIENT_MODE) ? version : undefined
}

function isAtLeast(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [minimumMajor = 0, minimumMinor = 0] = minimum.split('.').map(Number)
  return major > minimumMajor || (major === minimumMajor && minor >= minimumMinor)
}
