import type { ObjectReader } from './objectReader.js'
import { decodeLabelSelector, type LabelSelector } from './gateway.js'
import { objectOf, type DecodeInput, type Labels, type ResourceBase } from './resourceBase.js'

/** The fields of Istio's MeshConfig that change what is enforced. Undefined: not set. */
export interface MeshConfig {
  readonly rootNamespace: string | undefined
  readonly trustDomain: string | undefined
  readonly trustDomainAliases: readonly string[]
  readonly discoverySelectors: readonly LabelSelector[] | undefined
  readonly serviceEntryVisibility: ServiceEntryVisibility | undefined
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
    readonly namespaceSelectors: readonly LabelSelector[]
  }[]
}

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
  }
}

function decodeServiceEntryVisibility(
  visibility: ObjectReader | undefined,
): ServiceEntryVisibility | undefined {
  return (
    visibility && {
      defaultVisibility: visibilityOf(visibility.string('defaultVisibility')),
      policies: (visibility.objects('policies') ?? []).map((policy) => ({
        visibility: visibilityOf(policy.string('visibility')),
        namespaceSelectors: (policy.objects('matchingRules') ?? []).flatMap(
          (rule) => decodeLabelSelector(rule.object('namespaceSelector')) ?? [],
        ),
      })),
    }
  )
}

function visibilityOf(word: string | undefined): Visibility {
  return word === 'NAMESPACE' || word === 'NONE' ? word : 'PUBLIC'
}

/** IstioOperator (`spec`) and the sail operator's Istio (`spec.values`). */
export function decodeInstall({ base, kind, reader }: DecodeInput): MeshConfigSource {
  const spec = reader.object('spec')
  const values = spec?.object('values')
  const meshConfig = values?.object('meshConfig') ?? spec?.object('meshConfig')
  return objectOf(base, {
    type: 'MeshConfig',
    kind,
    meshConfig: decodeMeshConfigFields(meshConfig),
    flags: { ...values?.object('pilot')?.stringMap('env'), ...pilotEnv(spec) },
    profile: spec?.string('profile'),
    istioVersion:
      kind === 'Istio'
        ? spec?.string('version')
        : (spec?.string('tag') ?? releaseOfRevision(spec?.string('revision'))),
    cniExcludeNamespaces: values?.object('cni')?.strings('excludeNamespaces'),
  })
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
  })
}
