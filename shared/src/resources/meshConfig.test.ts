import { expect, it } from 'vitest'
import { resourcesOf } from '../testing/index.js'

it.each([
  [
    'the ConfigMap istio',
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  mesh: |\n    trustDomain: td\n    rootNamespace: root\n',
    'cm.yaml',
    { meshConfig: { trustDomain: 'td', rootNamespace: 'root' } },
  ],
  [
    'an IstioOperator',
    'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  profile: ambient\n  meshConfig:\n    trustDomain: td\n  components:\n    pilot:\n      k8s:\n        env: [{name: PILOT_ENABLE_AMBIENT, value: "true"}]\n',
    'a.yaml',
    {
      meshConfig: { trustDomain: 'td' },
      profile: 'ambient',
      flags: { PILOT_ENABLE_AMBIENT: 'true' },
    },
  ],
  [
    'a sail Istio',
    'apiVersion: sailoperator.io/v1\nkind: Istio\nspec:\n  version: v1.27.1\n  values:\n    meshConfig:\n      discoverySelectors:\n      - matchLabels: {a: b}\n',
    'a.yaml',
    {
      istioVersion: 'v1.27.1',
      meshConfig: { discoverySelectors: [{ matchLabels: { a: 'b' } }] },
    },
  ],
  [
    'values of istiod',
    'meshConfig:\n  trustDomain: td\npilot:\n  env:\n    X: "true"\ncni:\n  excludeNamespaces: [a]\n',
    'values.yaml',
    { meshConfig: { trustDomain: 'td' }, flags: { X: 'true' }, cniExcludeNamespaces: ['a'] },
  ],
  [
    'values of istio-cni',
    'cni:\n  ambient:\n    dnsCapture: false\n',
    'cni-values.yaml',
    { dnsCapture: { value: false } },
  ],
  [
    'values with a profile of Istio alone',
    'profile: ambient\n',
    'values.yaml',
    { profile: 'ambient' },
  ],
  [
    'values under a subchart key',
    'istiod:\n  meshConfig:\n    trustDomain: td\n',
    'prod-values.yaml',
    { meshConfig: { trustDomain: 'td' } },
  ],
])('settings of the mesh are read from %s', (_, text, file, expected) => {
  expect(resourcesOf(text, file)).toMatchObject([{ type: 'MeshConfig', ...expected }])
})

it.each([
  [
    'another ConfigMap',
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\ndata:\n  mesh: |\n    trustDomain: td\n',
    'cm.yaml',
  ],
  [
    'an application with a trustDomain',
    'trustDomain: td\nspire: {trustDomain: x}\n',
    'values.yaml',
  ],
  ['values of Cilium', 'cni:\n  exclusive: false\n  chainingMode: none\n', 'helm-values.yaml'],
  ['values of an application with a profile', 'profile: production\n', 'values.yaml'],
  ['a file that is not called values', 'meshConfig:\n  trustDomain: td\n', 'notes.yaml'],
])('no settings of the mesh are read from %s', (_, text, file) => {
  expect(resourcesOf(text, file)).toEqual([])
})
