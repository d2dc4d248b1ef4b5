import type { ObjectReader } from './objectReader.js'
import { decodeLabelSelector, type LabelSelector } from './gateway.js'
import { parseBool } from '../text/goValues.js'
import type { FieldPath } from '../yaml/node.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { objectOf, type DecodeInput, type Labels, type ResourceBase } from './resourceBase.js'

/** The fields of Istio's MeshConfig that change what is enforced. Undefined: not set. */
export interface MeshConfig {
  readonly rootNamespace: string | undefined
  readonly trustDomain: string | undefined
  readonly trustDomainAliases: readonly string[]
  readonly discoverySelectors: readonly LabelSelector[] | undefined
  readonly serviceEntryVisibility: ServiceEntryVisibility | undefined
  readonly outboundTrafficPolicy: PlacedValue<string> | undefined
  /** The names of `extensionProviders`. Undefined too where another tool fills in one of them. */
  readonly extensionProviders: readonly string[] | undefined
}

/** A value with the place of its field. */
interface PlacedValue<T> {
  readonly value: T
  readonly path: FieldPath
}

export type Visibility = 'PUBLIC' | 'NAMESPACE' | 'NONE'

/**
 * The namespaces that can use a ServiceEntry (since 1.31): the first policy whose selectors all
 * match the namespace of the ServiceEntry decides.
 */
export interface ServiceEntryVisibility {
  readonly defaultVisibility: Visibility
  readonly policies: readonly {
    readonly visibility: Visibility
    /** One for each rule; a rule without a selector matches no namespace. */
    readonly namespaceSelectors: readonly (LabelSelector | undefined)[]
  }[]
}

/**
 * The value of a field that an object in the cluster may set: `valuesFrom` of a HelmRelease. A value that another
 * install states is used in its place.
 */
export const FILLED_IN_ELSEWHERE = '${valuesFrom}'

/** The kind of Helm values of Istio, which are no object. */
export const HELM_VALUES = 'HelmValues'

/**
 * An object that configures istiod: the ConfigMap `istio`, an IstioOperator, an Istio resource, or
 * Helm values of istiod.
 */
export interface MeshConfigSource extends ResourceBase {
  readonly type: 'MeshConfig'
  readonly kind: string
  readonly meshConfig: MeshConfig
  /** Environment variables of istiod. */
  readonly flags: Labels
  /** Installation profile, if one is set. */
  readonly profile: string | undefined
  readonly istioVersion: string | undefined
  /** `excludeNamespaces` of istio-cni. */
  readonly cniExcludeNamespaces: readonly string[] | undefined
  /** `ambient.dnsCapture` of istio-cni: whether ztunnel answers the DNS requests of captured pods. */
  readonly dnsCapture: PlacedValue<boolean> | undefined
  /** The revision of istiod, if the install names one. */
  readonly revision?: string | undefined
}

export function decodeMeshConfigFields(config: ObjectReader | undefined): MeshConfig {
  return {
    rootNamespace: config?.string('rootNamespace'),
    trustDomain: config?.string('trustDomain'),
    trustDomainAliases: config?.strings('trustDomainAliases') ?? [],
    discoverySelectors: config
      ?.objects('discoverySelectors')
      ?.flatMap((selector) => decodeLabelSelector(selector) ?? []),
    serviceEntryVisibility: decodeServiceEntryVisibility(config?.object('serviceEntryVisibility')),
    outboundTrafficPolicy: decodeOutboundPolicy(config?.object('outboundTrafficPolicy')),
    extensionProviders: decodeProviderNames(config?.objects('extensionProviders')),
  }
}

function decodeProviderNames(
  providers: readonly ObjectReader[] | undefined,
): MeshConfig['extensionProviders'] {
  const names = providers?.map((provider) => provider.string('name') ?? '')
  return names?.some((name) => name === '' || isPlaceholder(name)) ? undefined : names
}

function decodeOutboundPolicy(
  policy: ObjectReader | undefined,
): MeshConfig['outboundTrafficPolicy'] {
  const value = policy?.string('mode')
  return policy && value !== undefined ? { value, path: [...policy.path, 'mode'] } : undefined
}

/** The values of istio-cni: below the key `cni`, or of its own chart. */
function decodeDnsCapture(values: ObjectReader | undefined): MeshConfigSource['dnsCapture'] {
  const places = [values?.object('cni')?.object('ambient'), values?.object('ambient')]
  return places.map(dnsCaptureIn).find((found) => found !== undefined)
}

function dnsCaptureIn(ambient: ObjectReader | undefined): MeshConfigSource['dnsCapture'] {
  const value = parseBool(ambient?.string('dnsCapture') ?? '')
  return ambient && value !== undefined
    ? { value, path: [...ambient.path, 'dnsCapture'] }
    : undefined
}

function decodeServiceEntryVisibility(
  visibility: ObjectReader | undefined,
): ServiceEntryVisibility | undefined {
  return (
    visibility && {
      defaultVisibility: visibilityOf(visibility.string('defaultVisibility')),
      policies: (visibility.objects('policies') ?? []).map((policy) => ({
        visibility: visibilityOf(policy.string('visibility')),
        namespaceSelectors: (policy.objects('matchingRules') ?? []).map((rule) =>
          decodeLabelSelector(rule.object('namespaceSelector')),
        ),
      })),
    }
  )
}

function visibilityOf(word: string | undefined): Visibility {
  return word === 'NAMESPACE' || word === 'NONE' ? word : 'PUBLIC'
}

/** IstioOperator (`spec`), and Istio and IstioCNI of the sail operator (`spec.values`). */
export function decodeInstall({ base, kind, reader }: DecodeInput): MeshConfigSource {
  const spec = reader.object('spec')
  const values = spec?.object('values')
  const meshConfig = values?.object('meshConfig') ?? spec?.object('meshConfig')
  return objectOf(base, {
    type: 'MeshConfig',
    kind,
    meshConfig: decodeMeshConfigFields(meshConfig),
    flags: { ...values?.object('pilot')?.stringMap('env'), ...pilotEnv(spec) },
    profile: profileOf(kind, spec?.string('profile')),
    istioVersion:
      kind === 'Istio'
        ? spec?.string('version')
        : kind === 'IstioCNI'
          ? undefined
          : (spec?.string('tag') ?? releaseOfRevision(spec?.string('revision'))),
    cniExcludeNamespaces: values?.object('cni')?.strings('excludeNamespaces'),
    dnsCapture: decodeDnsCapture(values),
    revision: values?.string('revision') ?? spec?.string('revision'),
  })
}

const NO_INSTALL = {
  type: 'MeshConfig',
  kind: 'ConfigMap',
  flags: {},
  profile: undefined,
  istioVersion: undefined,
  cniExcludeNamespaces: undefined,
} as const

/** OpenShift Service Mesh 2, which has no ambient mode. Its settings are not those of an istiod of today. */
export function decodeControlPlane({ base, kind }: DecodeInput): MeshConfigSource {
  return objectOf(base, {
    ...NO_INSTALL,
    kind,
    meshConfig: decodeMeshConfigFields(undefined),
    profile: 'maistra',
    dnsCapture: undefined,
  })
}

/** A CNI for ambient mode shows that the mesh has it; other profiles of a CNI show nothing. */
function profileOf(kind: string, profile: string | undefined): string | undefined {
  return kind === 'IstioCNI' && profile !== 'ambient' ? undefined : profile
}

/** The release of a revision that is named after it: `1-27-1`. */
function releaseOfRevision(revision: string | undefined): string | undefined {
  return revision !== undefined && /^\d+-\d+(-\d+)?$/.test(revision)
    ? revision.replaceAll('-', '.')
    : undefined
}

function pilotEnv(spec: ObjectReader | undefined): Labels {
  const env = spec?.object('components')?.object('pilot')?.object('k8s')?.objects('env') ?? []
  return Object.fromEntries(
    env.map((item) => [item.string('name') ?? '', item.string('value') ?? '']),
  )
}

/**
 * Helm values of istiod. They are no object; a top-level `meshConfig` or `pilot.env` identifies
 * them.
 */
export function decodeHelmValues({ base, kind, reader }: DecodeInput): MeshConfigSource {
  const pilot = reader.object('pilot')
  return objectOf(base, {
    type: 'MeshConfig',
    kind,
    meshConfig: decodeMeshConfigFields(reader.object('meshConfig')),
    flags: { ...pilot?.stringMap('env'), ...reader.stringMap('env') },
    profile: reader.string('profile') ?? reader.object('global')?.string('profile'),
    istioVersion: undefined,
    cniExcludeNamespaces: reader.object('cni')?.strings('excludeNamespaces'),
    dnsCapture: decodeDnsCapture(reader),
    revision: reader.string('revision'),
  })
}

/**
 * The ConfigMap `istio`.
 *
 * @param mesh reads the MeshConfig in its field `mesh`.
 */
export function decodeMeshConfigMap(
  { base, reader }: DecodeInput,
  mesh: ObjectReader | undefined,
): MeshConfigSource {
  reader.object('data')?.string('mesh')
  const meshConfig = decodeMeshConfigFields(mesh)
  const { outboundTrafficPolicy } = meshConfig
  return objectOf<MeshConfigSource>(base, {
    ...NO_INSTALL,
    meshConfig: {
      ...meshConfig,
      outboundTrafficPolicy: outboundTrafficPolicy && {
        ...outboundTrafficPolicy,
        path: ['data', 'mesh'],
      },
    },
    dnsCapture: undefined,
  })
}

export const CNI_CONFIG_MAP = 'istio-cni-config'
/** The field of this ConfigMap that says whether ztunnel answers DNS requests. */
export const CNI_DNS_CAPTURE = 'AMBIENT_DNS_CAPTURE'

export function decodeCniConfigMap({ base, reader }: DecodeInput): MeshConfigSource {
  const data = reader.object('data')
  const value = parseBool(data?.string(CNI_DNS_CAPTURE) ?? '')
  return objectOf<MeshConfigSource>(base, {
    ...NO_INSTALL,
    meshConfig: decodeMeshConfigFields(undefined),
    dnsCapture: value === undefined ? undefined : { value, path: ['data', CNI_DNS_CAPTURE] },
  })
}
