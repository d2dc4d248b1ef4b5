import { entryOf, type YamlEntry, type YamlMap, type YamlNode } from '../yaml/node.js'
import { parseYaml } from '../yaml/parseYaml.js'
import { isIstioChart, minorReleaseOf } from './chart.js'
import type { Decode, ObjectType } from './decodeObject.js'
import { decodeNamespace } from './namespace.js'
import { decodeHelmValues, FILLED_IN_ELSEWHERE, type MeshConfigSource } from './meshConfig.js'
import { ObjectReader, type DecodeSession } from './objectReader.js'
import { itemsOf, textAt, withEntry } from './kustomize/tree.js'
import { isPlaceholder } from '../yaml/placeholder.js'

/** An object that another object creates, as far as the other one defines it literally. */
interface DeliveredObject {
  /** Its fields, at their places in the document of the other object. */
  readonly node: YamlNode
  readonly type: ObjectType
  readonly decode: Decode
}

/**
 * What a HelmRelease of Flux or an Application of Argo CD defines literally: an Istio installation
 * (values and release of Istio's own charts), and the labels of the namespace that Argo CD manages.
 *
 * @param session makes a session for values that are text.
 */
export function deliveredObjects(
  kind: string,
  root: YamlNode,
  session: () => DecodeSession,
): readonly DeliveredObject[] {
  const spec = valueAt(root, 'spec')
  if (kind === 'HelmRelease') return fluxInstall(root, spec, session)
  const application =
    kind === 'Application'
      ? spec
      : kind === 'ApplicationSet'
        ? valueAt(spec, 'template', 'spec')
        : undefined
  return application
    ? [...argoInstalls(application, session), ...managedNamespace(application)]
    : []
}

const VALUES: ObjectType = { kind: 'HelmValues', apiVersion: 'v1', clusterScoped: true }

/** The values of a chart, and where they come from. */
interface ChartValues {
  readonly chart: string
  readonly version: string
  readonly values: YamlNode | undefined
  /** The values are text inside of a scalar, so that their places are not places of the document. */
  readonly isText: boolean
  /** Objects in the cluster may add values. */
  readonly isOpen?: boolean
  /** A node at whose place the installation is shown. */
  readonly place: YamlNode
}

function fluxInstall(
  root: YamlNode,
  spec: YamlNode | undefined,
  session: () => DecodeSession,
): DeliveredObject[] {
  const inline = valueAt(spec, 'chart', 'spec')
  const chart = inline
    ? (textAt(inline, 'chart') ?? '')
    : (textAt(spec, 'chartRef', 'name') ?? textAt(root, 'metadata', 'name') ?? '')
  // The name of a source in the cluster, such as `istio-charts`.
  const repository = (textAt(inline, 'sourceRef', 'name') ?? chart).replaceAll('-', '/')
  if (!spec || !isIstioChart(chart, repository)) return []
  const version = textAt(inline, 'version') ?? ''
  const values = valueAt(spec, 'values')
  const isOpen = chart === 'istiod' && valueAt(spec, 'valuesFrom') !== undefined
  return [install({ chart, version, values, isText: false, isOpen, place: spec }, session)]
}

function argoInstalls(spec: YamlNode, session: () => DecodeSession): DeliveredObject[] {
  const source = valueAt(spec, 'source')
  return (source ? [source] : itemsOf(spec, 'sources')).flatMap((each) => {
    const chart = textAt(each, 'chart') ?? ''
    if (!isIstioChart(chart, textAt(each, 'repoURL') ?? '')) return []
    const helm = valueAt(each, 'helm')
    const object = valueAt(helm, 'valuesObject')
    const text = textAt(helm, 'values')
    const written = object ?? (text === undefined ? undefined : parseYaml(text).root)
    const parameters = itemsOf(helm, 'parameters')
    const values = parameters.reduce(withParameter, written ?? emptyAt(each))
    const version = textAt(each, 'targetRevision') ?? ''
    // The files can be in another repository; a file of this one is read as Helm values too.
    const isOpen = chart === 'istiod' && itemsOf(helm, 'valueFiles').length > 0
    return [install({ chart, version, values, isText: !object, isOpen, place: each }, session)]
  })
}

function install(
  { chart, version, values: written, isText, isOpen = false, place }: ChartValues,
  session: () => DecodeSession,
): DeliveredObject {
  const known = written?.type === 'map' ? written : emptyAt(place)
  return {
    node: isText ? place : known,
    type: VALUES,
    decode: ({ base, kind, reader }) => {
      const values = isText ? ObjectReader.root(known, session()) : reader
      const source = decodeHelmValues({ base, kind, reader: values })
      const whole = isOpen ? withOpenTrustDomain(source) : source
      return asChart(chart, { ...whole, istioVersion: minorReleaseOf(version) }, values)
    },
  }
}

function withOpenTrustDomain(source: MeshConfigSource): MeshConfigSource {
  const { trustDomain = FILLED_IN_ELSEWHERE } = source.meshConfig
  return { ...source, meshConfig: { ...source.meshConfig, trustDomain } }
}

/** What a chart of Istio makes of its values beside the MeshConfig. */
function asChart(chart: string, source: MeshConfigSource, values: ObjectReader): MeshConfigSource {
  // ztunnel is installed for ambient mode only.
  if (chart === 'ztunnel') return { ...source, profile: 'ambient' }
  return chart === 'cni'
    ? {
        ...source,
        cniExcludeNamespaces: values.strings('excludeNamespaces') ?? source.cniExcludeNamespaces,
      }
    : source
}

/** The values with a parameter, which has precedence: `meshConfig.trustDomain`. */
function withParameter(values: YamlNode, parameter: YamlNode): YamlNode {
  const value = entryOf(parameter, 'value')
  const path = (textAt(parameter, 'name') ?? '').split(/(?<!\\)\./)
  if (!value || path.length > MAX_KEYS || path.some((key) => key === '' || key.includes('[')))
    return values
  return withValue(
    values,
    path.map((key) => key.replaceAll('\\.', '.')),
    value,
  )
}

/** No value of Istio's charts is nested deeper. */
const MAX_KEYS = 12

function withValue(node: YamlNode, [key, ...rest]: readonly string[], value: YamlEntry): YamlNode {
  if (key === undefined) return value.value
  const map = node.type === 'map' ? node : emptyAt(value.value)
  const inner = entryOf(map, key)?.value ?? emptyAt(value.value)
  return withEntry(map, { key, keySpan: value.keySpan, value: withValue(inner, rest, value) })
}

/** `syncPolicy.managedNamespaceMetadata`: Argo CD creates the Namespace with these labels. */
function managedNamespace(spec: YamlNode): DeliveredObject[] {
  const policy = valueAt(spec, 'syncPolicy')
  const labels = entryOf(valueAt(policy, 'managedNamespaceMetadata'), 'labels')
  const name = entryOf(valueAt(spec, 'destination'), 'namespace')
  const creates = itemsOf(policy, 'syncOptions').some(
    (option) => option.type === 'scalar' && option.text === 'CreateNamespace=true',
  )
  if (!creates || !name || labels?.value.type !== 'map') return []
  if (name.value.type !== 'scalar' || name.value.text === '' || isPlaceholder(name.value.text))
    return []
  const metadata = {
    ...labels.value,
    entries: [{ ...name, key: 'name' }, labels],
  }
  const node = {
    ...labels.value,
    entries: [{ key: 'metadata', keySpan: labels.keySpan, value: metadata }],
  }
  return [
    {
      node,
      type: { kind: 'Namespace', apiVersion: 'v1', clusterScoped: true },
      decode: decodeNamespace,
    },
  ]
}

function emptyAt({ start, end }: YamlNode): YamlMap {
  return { type: 'map', start, end, entries: [] }
}

function valueAt(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  let at = node
  for (const key of path) at = entryOf(at, key)?.value
  return at?.type === 'scalar' && at.value === null ? undefined : at
}
