/** A workload of a dump, as far as files can predict it. */
export interface ActualWorkload {
  /** The name of the pod, or of the workload itself in a predicted dump. */
  readonly name: string
  readonly namespace: string
  /** The name of the controller; undefined in a predicted dump. */
  readonly controller: string | undefined
  readonly serviceAccount: string | undefined
  readonly protocol: string | undefined
  /** `namespace/name`, or null for none. Undefined: the dump does not say it. */
  readonly waypoint: string | null | undefined
  /** Undefined: the dump does not say it. */
  readonly authorizationPolicies: readonly string[] | undefined
}

export interface ActualService {
  readonly name: string
  readonly namespace: string
  readonly hostname: string
  readonly waypoint: string | null | undefined
}

/** A policy of a dump. The shapes of `rules` are compared, not trusted. */
export interface ActualPolicy {
  readonly name: string
  readonly namespace: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A configuration of ztunnel. A part is undefined if the dump does not have it. */
export interface ActualConfig {
  readonly workloads: readonly ActualWorkload[] | undefined
  readonly services: readonly ActualService[] | undefined
  readonly policies: readonly ActualPolicy[] | undefined
}

export type DumpResult =
  | { readonly config: ActualConfig; readonly problem?: undefined }
  | { readonly config?: undefined; readonly problem: string }

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads a dump: the `config_dump` of ztunnel, or the output of `istioctl ztunnel-config all|workloads|services|policies
 * -o json` or `-o yaml`, or of this program. Never throws.
 */
export function readDump(value: unknown): DumpResult {
  const parts = partsOf(value)
  if (!parts) return { problem: `${otherJson(value)}needs the output of ${COMMAND}` }
  for (const part of PARTS) {
    const at = (parts[part] ?? []).findIndex((item) => !hasName(item))
    if (at >= 0) return { problem: `${part}[${at}] needs the texts name and namespace` }
  }
  const waypointOf = waypointReader(parts.services ?? [])
  return {
    config: {
      workloads: parts.workloads?.map((item) => workloadOf(item, waypointOf)),
      services: parts.services?.map((item) => ({
        ...nameOf(item),
        hostname: text(item['hostname']) ?? '',
        waypoint: waypointOf(item),
      })),
      policies: parts.policies?.map((item) => ({ ...nameOf(item), fields: item })),
    },
  }
}

const COMMAND = '"istioctl ztunnel-config all -o json", or of its workloads, services or policies'

/** What a JSON is that is no dump of ztunnel, for the start of a message; empty if it is not known. */
function otherJson(value: unknown): string {
  const [first] = Array.isArray(value) ? (value as unknown[]) : [value]
  if (!isFields(first)) return ''
  if ('apiVersion' in first && 'kind' in first)
    return 'has objects of Kubernetes, which are an input of the other commands: '
  const isEnvoy = ['configs', '@type', 'filterChains', 'virtualHosts', 'hostStatuses'].some(
    (name) => name in first,
  )
  return isEnvoy ? 'is a configuration of Envoy: ' : ''
}

const PARTS = ['workloads', 'services', 'policies'] as const

interface Parts {
  readonly workloads?: readonly Fields[]
  readonly services?: readonly Fields[]
  readonly policies?: readonly Fields[]
}

function partsOf(value: unknown): Parts | undefined {
  if (Array.isArray(value)) {
    const items = value.filter(isFields)
    if (items.length < value.length) return undefined
    if (items.length === 0) return {}
    const has = (...names: readonly string[]): boolean =>
      items.some((item) => names.some((name) => name in item))
    // A field that is empty can be missing.
    if (has('apiVersion')) return undefined
    if (has('rules', 'scope')) return { policies: items }
    if (has('serviceAccount', 'workloadIps', 'workloadName', 'protocol'))
      return { workloads: items.filter(isOfThisNetwork) }
    return has('hostname') ? { services: items } : undefined
  }
  if (!isFields(value)) return undefined
  const lists = PARTS.flatMap((part) => {
    const items = listOf(value[part])
    if (!items) return []
    return [[part, part === 'workloads' ? items.filter(isOfThisNetwork) : items] as const]
  })
  return lists.length > 0 ? Object.fromEntries<readonly Fields[]>(lists) : undefined
}

/** Of a Service of another network, istiod sends one item with the address of the gateway. It is no workload. */
function isOfThisNetwork(item: Fields): boolean {
  return text(item['uid'])?.includes('/SplitHorizonWorkload/') !== true
}

/** The items of a list, or of a map by addresses, as older dumps have it. */
function listOf(value: unknown): readonly Fields[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const items: unknown[] = Array.isArray(value) ? value : Object.values(value)
  return items.filter(isFields)
}

function workloadOf(item: Fields, waypointOf: (item: Fields) => ActualWorkload['waypoint']) {
  const policies = item['authorizationPolicies']
  // A dump of ztunnel leaves out what is empty; a predicted dump leaves out what it does not know.
  const isReal = 'workloadIps' in item || 'uid' in item
  return {
    ...nameOf(item),
    controller: text(item['workloadName']),
    serviceAccount: text(item['serviceAccount']) ?? (isReal ? 'default' : undefined),
    // Early releases write `Tcp`.
    protocol: text(item['protocol'])?.replace(/^(?:tcp|hbone)$/i, (name) => name.toUpperCase()),
    waypoint: waypointOf(item),
    authorizationPolicies: Array.isArray(policies)
      ? policies.filter((key) => typeof key === 'string')
      : isReal
        ? []
        : undefined,
  }
}

/**
 * Reads the waypoint of an item: `namespace/name`, or an address of ztunnel. Its destination is `namespace/host` or
 * `network/address`, which the Services of the same dump name.
 */
function waypointReader(services: readonly Fields[]): (item: Fields) => string | null | undefined {
  const byAddress = new Map(
    services.flatMap((service) => {
      const { namespace, name } = nameOf(service)
      const vips = Array.isArray(service['vips']) ? service['vips'] : []
      return vips.flatMap((vip) =>
        typeof vip === 'string' ? [[vip, `${namespace}/${name}`] as const] : [],
      )
    }),
  )
  return (item) => {
    const { waypoint } = item
    // Early releases: addresses that only the workloads of the dump name.
    if (waypoint === undefined && isFilled(item['waypointAddresses'])) return undefined
    if (waypoint === null || waypoint === undefined) return null
    if (typeof waypoint === 'string') return waypoint
    const destination = isFields(waypoint) ? text(waypoint['destination']) : undefined
    const [first = '', host = ''] = (destination ?? '').split('/')
    const [name, namespace, svc] = host.split('.')
    if (first !== '' && name !== undefined && namespace === first && svc === 'svc')
      return `${first}/${name}`
    return byAddress.get(destination ?? '')
  }
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}

function nameOf(item: Fields): { readonly name: string; readonly namespace: string } {
  return { name: text(item['name']) ?? '', namespace: text(item['namespace']) ?? '' }
}

function hasName(item: Fields): boolean {
  return typeof item['name'] === 'string' && typeof item['namespace'] === 'string'
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
