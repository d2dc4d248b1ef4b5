import { keys } from '../inventory/indexKeys.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { parseBool } from '../text/goValues.js'
import { parseCidr } from '../text/ip.js'
import { DNS_CAPTURE } from '../vocabulary/annotations.js'
import { ENABLE_AUTOALLOCATE_IP } from '../vocabulary/labels.js'
import { supports } from '../vocabulary/releases.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { assumed, CERTAIN, type KnownCertainty } from './certainty.js'
import { serviceNamed } from './hosts.js'
import { query, type Mesh } from './mesh.js'

/** Why ztunnel's DNS has no address for a host of a ServiceEntry. */
export type NoAddressReason =
  | 'resolution'
  | 'label'
  | 'flag'
  | 'release'
  | 'wildcard'
  | 'DNS capture'

/** The address that captured clients get for a host of a ServiceEntry. */
export type HostAddress =
  /** ztunnel's DNS answers with an address of the entry. */
  | { readonly status: 'given' }
  /** `spec.addresses` has addresses, but the clients' own DNS answers: it may answer with others. */
  | { readonly status: 'own DNS' }
  /** An address that ztunnel does not know: the connection bypasses every waypoint. */
  | {
      readonly status: 'none'
      readonly reason: NoAddressReason
      readonly certainty: KnownCertainty
    }
  /** Another tool fills in the fields that decide. */
  | { readonly status: 'unknown' }

/**
 * The address that captured clients get for a host of a ServiceEntry (docs/semantics.md §2.8).
 *
 * @param dnsCapture what the client's pod says about DNS capture; undefined: the setting of the CNI applies.
 */
export function hostAddress(
  mesh: Mesh,
  entry: ServiceEntry,
  host: string,
  dnsCapture?: boolean,
): HostAddress {
  const { settings } = mesh
  const captured = dnsCapture ?? settings.dnsCapture
  const byDefault = supports(settings, 'addressesOfServiceEntries')
  if ([entry.resolution, host, ...entry.addresses].some(isPlaceholder)) return { status: 'unknown' }
  // ztunnel's DNS answers for these as for Services.
  if (isServiceHost(host)) return { status: 'given' }
  if (entry.addresses.length > 0)
    return (captured ?? byDefault) && entry.addresses.some(isSingleAddress)
      ? { status: 'given' }
      : { status: 'own DNS' }
  const reason = whyNotAllocated(mesh, entry, host)
  if (reason) return none(reason)
  if (captured === false) return none('DNS capture')
  return (captured ?? byDefault)
    ? { status: 'given' }
    : none('release', assumed(`Istio ${settings.istioVersion} is installed with its defaults`))
}

function none(reason: NoAddressReason, certainty: KnownCertainty = CERTAIN): HostAddress {
  return { status: 'none', reason, certainty }
}

/** Why istiod allocates no address (`ip_autoallocation.go`, `constructServiceEntries`). */
function whyNotAllocated(
  { settings }: Mesh,
  entry: ServiceEntry,
  host: string,
): NoAddressReason | undefined {
  if (entry.resolution === 'NONE') return 'resolution'
  if (entry.labels?.[ENABLE_AUTOALLOCATE_IP]?.toLowerCase() === 'false') return 'label'
  const flag = settings.statedFlag('PILOT_ENABLE_IP_AUTOALLOCATE')
  if (flag === false) return 'flag'
  if (host.startsWith('*') && entry.resolution !== 'DYNAMIC_DNS') return 'wildcard'
  return undefined
}

function isServiceHost(host: string): boolean {
  return host.includes('.') && serviceNamed(host.replace(/^\*\./, ''), '') !== undefined
}

/** ztunnel's DNS answers with single addresses only, not with a block. */
function isSingleAddress(text: string): boolean {
  const cidr = parseCidr(text)
  return cidr !== undefined && cidr.length === (cidr.version === 4 ? 32 : 128)
}

/** A host of a ServiceEntry of which captured clients get no address that ztunnel knows. */
export interface UncapturedHost {
  readonly host: string
  /** Its index in `spec.hosts`. */
  readonly index: number
  readonly reason: NoAddressReason
  readonly certainty: KnownCertainty
}

/** The hosts of a ServiceEntry whose clients bypass its waypoint, if their pods leave DNS capture to the CNI. */
export const uncapturedHosts = query(
  'uncaptured hosts',
  (mesh, entry: ServiceEntry): readonly UncapturedHost[] =>
    entry.hosts.flatMap((host, index) => {
      const address = hostAddress(mesh, entry, host)
      return address.status === 'none'
        ? [{ host, index, reason: address.reason, certainty: address.certainty }]
        : []
    }),
)

/** Why no captured client reaches a ServiceEntry through ztunnel; undefined if any can. */
export function whyUncaptured(
  mesh: Mesh,
  service: Service | ServiceEntry,
): { readonly why: string; readonly certainty: KnownCertainty } | undefined {
  if (service.type === 'Service') return undefined
  const hosts = mesh.get(uncapturedHosts, service)
  const [first] = hosts
  if (!first || hosts.length < service.hosts.length) return undefined
  if (hosts.some(({ reason }) => FROM_POD.includes(reason)) && mesh.get(hasCapturingPods, ''))
    return undefined
  return {
    why: `clients get no address of ${first.host} that ztunnel knows, because ${whyNoAddress(mesh, first.reason)}: they bypass the waypoint`,
    certainty: first.certainty,
  }
}

/** The reasons that do not count for pods with the annotation for DNS capture. */
const FROM_POD: readonly NoAddressReason[] = ['DNS capture']

const hasCapturingPods = query('has pods that capture DNS', (mesh, _: '') =>
  mesh
    .workloadsAt(keys.allWorkloads())
    .some(
      (workload) =>
        workload.type !== 'WorkloadEntry' &&
        parseBool(workload.template.annotations?.[DNS_CAPTURE] ?? '') === true,
    ),
)

/** Why clients get no address of a host, in words that follow "because". */
export function whyNoAddress({ settings }: Mesh, reason: NoAddressReason): string {
  switch (reason) {
    case 'resolution':
      return 'resolution NONE gives it none'
    case 'label':
      return `the label ${ENABLE_AUTOALLOCATE_IP} is "false"`
    case 'flag':
      return 'PILOT_ENABLE_IP_AUTOALLOCATE is off'
    case 'release':
      return `Istio ${settings.istioVersion} gives it none by default`
    case 'wildcard':
      return 'a wildcard host gets one only with resolution DYNAMIC_DNS'
    case 'DNS capture':
      return 'DNS capture is off'
  }
}
