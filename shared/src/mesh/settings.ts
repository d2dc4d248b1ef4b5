import type { LabelSelector } from '../resources/gateway.js'
import {
  CNI_CONFIG_MAP,
  FILLED_IN_ELSEWHERE,
  type MeshConfigSource,
  type ServiceEntryVisibility,
} from '../resources/meshConfig.js'
import { parseBool } from '../text/goValues.js'
import type { MeshSettings } from './meshSettings.js'
import { knownRelease, NEWEST_RELEASE } from '../vocabulary/releases.js'
import { isPlaceholder } from '../yaml/placeholder.js'

const DEFAULT_ROOT_NAMESPACE = 'istio-system'
export const DEFAULT_TRUST_DOMAIN = 'cluster.local'
const NO_SELECTORS: readonly LabelSelector[] = []

/** Environment variables of istiod, with their defaults in ambient mode (docs/semantics.md §3.5). */
export const ISTIOD_FLAGS = {
  ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY: true,
  ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES: false,
  PILOT_AUTO_ALLOW_WAYPOINT_POLICY: false,
  AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: false,
  ENABLE_INGRESS_WAYPOINT_ROUTING: true,
  AMBIENT_ENABLE_STATUS: true,
  AMBIENT_ENABLE_MULTI_NETWORK: false,
  PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS: false,
  PILOT_ENABLE_AGENTGATEWAY: false,
  PILOT_ENABLE_IP_AUTOALLOCATE: true,
  ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS: false,
  ENABLE_GATEWAY_API_HTTPROUTE_AUTH: false,
} as const
export type IstiodFlag = keyof typeof ISTIOD_FLAGS

/** The settings that apply: from the user, else from the files, else Istio's defaults. */
export interface EffectiveSettings {
  readonly rootNamespace: string
  /** False where installs in the files disagree, or another tool fills it in. */
  readonly rootNamespaceKnown: boolean
  readonly trustDomain: string
  /** False where installs in the files disagree, or another tool fills it in. */
  readonly trustDomainKnown: boolean
  readonly trustDomainAliases: readonly string[]
  readonly istioVersion: string
  /** The settings on which installs in the files disagree, by their names in MeshConfig and istiod. Defaults apply to them. */
  readonly disputed: readonly string[]
  /** The revision of istiod; undefined where no install names one, or where they differ. */
  readonly revision: string | undefined
  readonly discoverySelectors: readonly LabelSelector[] | undefined
  readonly serviceEntryVisibility: ServiceEntryVisibility | undefined
  /** The names of `extensionProviders`; undefined where the files do not show the whole list. */
  readonly extensionProviders: readonly string[] | undefined
  /** Namespaces whose pods the CNI never captures. */
  readonly cniExcludeNamespaces: readonly string[]
  /** Whether ztunnel answers the DNS requests of captured pods; undefined where no install sets it. */
  readonly dnsCapture: boolean | undefined
  /** Whether the install in the files has ambient mode; `unknown` without an install. */
  readonly install: 'ambient' | 'sidecar' | 'unknown'
  flag(name: IstiodFlag): boolean
  /** A flag that the user or the files set; undefined where its default applies. */
  statedFlag(name: IstiodFlag): boolean | undefined
}

/** The settings of a mesh. A value on which the installs disagree is not used. */
export function effectiveSettings(
  sources: readonly MeshConfigSource[],
  user: MeshSettings,
): EffectiveSettings {
  const trustDomain = agreed(sources, trustDomainOf)
  const rootNamespace = agreed(sources, rootNamespaceOf)
  const discoverySelectors = unanimous(sources.map(discoverySelectorsOf))
  const flags = new Map(
    Object.keys(ISTIOD_FLAGS).map((name) => [
      name,
      user.flags?.[name] ?? parseFlag(agreed(sources, (source) => flagOf(source, name)).value),
    ]),
  )
  return {
    rootNamespace: user.rootNamespace ?? rootNamespace.value ?? DEFAULT_ROOT_NAMESPACE,
    rootNamespaceKnown: user.rootNamespace !== undefined || !rootNamespace.disagree,
    trustDomain: user.trustDomain ?? trustDomain.value ?? DEFAULT_TRUST_DOMAIN,
    trustDomainKnown: user.trustDomain !== undefined || !trustDomain.disagree,
    trustDomainAliases: [
      ...new Set(sources.flatMap((source) => source.meshConfig.trustDomainAliases)),
    ],
    istioVersion:
      user.istioVersion ??
      agreed(sources, (source) => minorVersion(source.istioVersion)).value ??
      NEWEST_RELEASE,
    disputed: disputedOf(sources, user),
    revision: agreed(sources, (source) => source.revision).value,
    discoverySelectors: discoverySelectors === NO_SELECTORS ? undefined : discoverySelectors,
    serviceEntryVisibility: unanimous(
      sources.map((source) => source.meshConfig.serviceEntryVisibility),
    ),
    extensionProviders: extensionProvidersOf(sources),
    cniExcludeNamespaces: unanimous(sources.map((source) => source.cniExcludeNamespaces)) ?? [
      'kube-system',
    ],
    dnsCapture: unanimous(sources.map((source) => source.dnsCapture?.value)),
    install: installOf(sources),
    flag: (name) => flags.get(name) ?? ISTIOD_FLAGS[name],
    statedFlag: (name) => flags.get(name),
  }
}

/**
 * Whether an object is the whole configuration of an istiod, so that a setting that it leaves out has
 * its default. Helm values are often parts of others.
 */
function isComplete({ kind, name, profile }: MeshConfigSource): boolean {
  return (
    (kind === 'ConfigMap' && name === 'istio') ||
    ((kind === 'IstioOperator' || kind === 'Istio') && profile !== 'empty')
  )
}

/** The trust domain that an install has, by default too. Undefined where it is a part of an install. */
export function trustDomainOf(source: MeshConfigSource): string | undefined {
  const { trustDomain } = source.meshConfig
  return trustDomain === undefined && isComplete(source) ? DEFAULT_TRUST_DOMAIN : trustDomain
}

/** The same for the root namespace. */
export function rootNamespaceOf(source: MeshConfigSource): string | undefined {
  const { rootNamespace } = source.meshConfig
  return rootNamespace === undefined && isComplete(source) ? DEFAULT_ROOT_NAMESPACE : rootNamespace
}

/** The same for `discoverySelectors`: without them istiod reads every namespace. */
export function discoverySelectorsOf(
  source: MeshConfigSource,
): readonly LabelSelector[] | undefined {
  const { discoverySelectors } = source.meshConfig
  return discoverySelectors === undefined && isComplete(source) ? NO_SELECTORS : discoverySelectors
}

/** The same for a flag of istiod. The ConfigMap `istio` has none. */
export function flagOf(source: MeshConfigSource, name: string): string | undefined {
  const given = source.flags[name]
  return given === undefined && isComplete(source) && source.kind !== 'ConfigMap' && isFlag(name)
    ? String(ISTIOD_FLAGS[name])
    : given
}

function isFlag(name: string): name is IstiodFlag {
  return Object.hasOwn(ISTIOD_FLAGS, name)
}

/**
 * The one list of all installs. Undefined where Helm values take part, which replace a list of other
 * values, and where istiod merges a second ConfigMap (`SHARED_MESH_CONFIG`).
 */
function extensionProvidersOf(sources: readonly MeshConfigSource[]): readonly string[] | undefined {
  const lists = sources
    .filter(({ kind, name }) => kind !== 'IstioCNI' && name !== CNI_CONFIG_MAP)
    .map((source) =>
      isComplete(source) && source.flags['SHARED_MESH_CONFIG'] === undefined
        ? source.meshConfig.extensionProviders?.toSorted()
        : undefined,
    )
  return lists.includes(undefined) ? undefined : unanimous(lists)
}

interface Agreement {
  readonly value: string | undefined
  /** Several values, or one that another tool fills in. */
  readonly disagree: boolean
}

function agreed(
  sources: readonly MeshConfigSource[],
  read: (source: MeshConfigSource) => string | undefined,
): Agreement {
  const given = sources.map(read).filter((value) => value !== undefined && value !== '')
  const stated = given.filter((value) => value !== FILLED_IN_ELSEWHERE)
  const values = new Set(stated.length > 0 ? stated : given)
  const [only] = values
  if (only === undefined) return { value: undefined, disagree: false }
  return values.size === 1 && !isPlaceholder(only)
    ? { value: only, disagree: false }
    : { value: undefined, disagree: true }
}

/** The one value among those that are given; undefined where they differ. */
function unanimous<T>(given: readonly (T | undefined)[]): T | undefined {
  const values = new Map(
    given.flatMap((value) =>
      value === undefined ? [] : [[JSON.stringify(value), value] as const],
    ),
  )
  const [only] = values.values()
  return values.size === 1 ? only : undefined
}

function disputedOf(sources: readonly MeshConfigSource[], user: MeshSettings): string[] {
  const said: Readonly<Record<string, (source: MeshConfigSource) => string | undefined>> = {
    rootNamespace: user.rootNamespace === undefined ? rootNamespaceOf : () => undefined,
    trustDomain: user.trustDomain === undefined ? trustDomainOf : () => undefined,
    istioVersion:
      user.istioVersion === undefined
        ? (source) => minorVersion(source.istioVersion)
        : () => undefined,
    ...Object.fromEntries(
      Object.keys(ISTIOD_FLAGS)
        .filter((name) => user.flags?.[name] === undefined)
        .map((name) => [name, (source: MeshConfigSource) => flagOf(source, name)]),
    ),
  }
  return Object.entries(said)
    .filter(([, read]) => agreed(sources, read).disagree)
    .map(([name]) => name)
}

function minorVersion(version: string | undefined): string | undefined {
  return version === undefined ? undefined : knownRelease(/^v?(\d+\.\d+)/.exec(version)?.[1])
}

function parseFlag(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : parseBool(value)
}

function installOf(sources: readonly MeshConfigSource[]): EffectiveSettings['install'] {
  const profiles = new Set(
    sources.map((source) => source.profile).filter((profile) => profile !== undefined),
  )
  if (profiles.has('ambient')) return 'ambient'
  const enabled = sources.some((source) => parseFlag(source.flags['PILOT_ENABLE_AMBIENT']) === true)
  if (enabled) return 'ambient'
  return profiles.size > 0 ? 'sidecar' : 'unknown'
}
