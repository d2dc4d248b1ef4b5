import { entryOf, type YamlNode } from '../yaml/node.js'

/** The profiles of Istio's charts (`manifests/profiles`). */
const PROFILES: ReadonlySet<string> = new Set([
  'ambient',
  'default',
  'demo',
  'empty',
  'minimal',
  'openshift',
  'openshift-ambient',
  'preview',
  'remote',
  'stable',
])

/** Keys below `cni` in Istio's charts. Charts of CNI plugins such as Cilium have a `cni` with other keys. */
const CNI_KEYS = [
  'ambient',
  'chained',
  'cniBinDir',
  'cniConfDir',
  'cniConfFileName',
  'excludeNamespaces',
  'provider',
  'repair',
]

/** The maps of a values file that are values of a chart of Istio: all of it, or those below a key for a subchart. */
export function istioValuesIn(node: YamlNode): readonly YamlNode[] {
  const subcharts = (node.type === 'map' ? node.entries : [])
    .map(({ value }) => value)
    .filter((value) => entryOf(value, 'meshConfig') ?? entryOf(valueOf(value, 'pilot'), 'env'))
  return isIstioValues(node) ? [node, ...subcharts] : subcharts
}

function isIstioValues(node: YamlNode): boolean {
  const profile = valueOf(node, 'profile')
  const cni = valueOf(node, 'cni')
  return (
    ['meshConfig', 'pilot'].some((key) => entryOf(node, key)) ||
    entryOf(valueOf(node, 'ambient'), 'dnsCapture') !== undefined ||
    (profile?.type === 'scalar' && PROFILES.has(profile.text)) ||
    CNI_KEYS.some((key) => entryOf(cni, key))
  )
}

function valueOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return entryOf(node, key)?.value
}
