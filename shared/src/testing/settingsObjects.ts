import { analyse, type Files } from './checkFiles.js'
import type { EffectiveSettings } from '../mesh/settings.js'
import type { MeshSettings } from '../mesh/meshSettings.js'

/** The settings that follow from files, and objects that set them. */
export const settings = (files: Files, user: MeshSettings = {}): EffectiveSettings =>
  analyse(files, { world: 'closed', settings: user }).mesh.settings
export const plain = (found: EffectiveSettings): unknown => ({
  ...found,
  flag: undefined,
  statedFlag: undefined,
  dryRun: found.flag('AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY'),
})

export const DEFAULTS = {
  rootNamespace: 'istio-system',
  rootNamespaceKnown: true,
  trustDomain: 'cluster.local',
  trustDomainKnown: true,
  trustDomainAliases: [],
  istioVersion: '1.32',
  disputed: [],
  discoverySelectors: undefined,
  serviceEntryVisibility: undefined,
  extensionProviders: undefined,
  cniExcludeNamespaces: ['kube-system'],
  dnsCapture: undefined,
  install: 'unknown',
  dryRun: false,
}
export const MESH = {
  rootNamespace: 'mesh-root',
  trustDomain: 'corp.example',
  trustDomainAliases: ['old.example'],
  discoverySelectors: [{ matchLabels: { a: 'b' } }],
  serviceEntryVisibility: {
    defaultVisibility: 'NAMESPACE',
    policies: [
      {
        visibility: 'PUBLIC',
        matchingRules: [{ namespaceSelector: { matchLabels: { open: 'yes' } } }],
      },
    ],
  },
}
export const SAID = {
  rootNamespace: 'mesh-root',
  trustDomain: 'corp.example',
  trustDomainAliases: ['old.example'],
  discoverySelectors: [{ matchLabels: { a: 'b' }, matchExpressions: [] }],
  serviceEntryVisibility: {
    defaultVisibility: 'NAMESPACE',
    policies: [
      {
        visibility: 'PUBLIC',
        namespaceSelectors: [{ matchLabels: { open: 'yes' }, matchExpressions: [] }],
      },
    ],
  },
}
export const env = { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: 'true' }
export const text = (object: object): string => JSON.stringify(object)
export const operator = (spec: object): string =>
  text({
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'a', namespace: 'istio-system' },
    spec,
  })
export const sail = (spec: object, name = 'default'): string =>
  text({ apiVersion: 'sailoperator.io/v1', kind: 'Istio', metadata: { name }, spec })
export const configMap = (config: object, name = 'istio'): string =>
  text({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'istio-system' },
    data: { mesh: text(config) },
  })
