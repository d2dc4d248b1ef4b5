import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { configMap, operator, sail, settings, text } from '../testing/settingsObjects.js'
import type { Files } from '../testing/index.js'

const listing = (...names: readonly string[]): object => ({
  extensionProviders: names.map((name) => ({
    name,
    envoyExtAuthzGrpc: { service: `${name}.auth.svc.cluster.local`, port: 9000 },
  })),
})
const shown = (files: Files): readonly string[] | undefined => settings(files).extensionProviders

it.each<[string, Files, readonly string[]]>([
  ['the ConfigMap istio', { 'a.yaml': configMap(listing('opa', 'keycloak')) }, ['keycloak', 'opa']],
  ['an empty list', { 'a.yaml': configMap(listing()) }, []],
  ['an IstioOperator', { 'a.yaml': operator({ meshConfig: listing('opa') }) }, ['opa']],
  [
    'the values of an IstioOperator',
    { 'a.yaml': operator({ values: { meshConfig: listing('opa') } }) },
    ['opa'],
  ],
  ['an Istio', { 'a.yaml': sail({ values: { meshConfig: listing('opa') } }) }, ['opa']],
  [
    'two installs with equal lists, and a CNI',
    {
      'a.yaml': operator({ meshConfig: listing('opa', 'keycloak') }),
      'b.yaml': configMap(listing('keycloak', 'opa')),
      'cni.yaml': text({
        apiVersion: 'sailoperator.io/v1',
        kind: 'IstioCNI',
        metadata: { name: 'default' },
        spec: { profile: 'ambient' },
      }),
      'config.yaml': text({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'istio-cni-config', namespace: 'istio-system' },
        data: { AMBIENT_DNS_CAPTURE: 'true' },
      }),
    },
    ['keycloak', 'opa'],
  ],
])('the extension providers are those of %s', (_, files, expected) => {
  expect(shown(files)).toEqual(expected)
})

it.each<[string, Files]>([
  ['no install', {}],
  ['an install without a list', { 'a.yaml': operator({ profile: 'ambient' }) }],
  ['a list with a placeholder', { 'a.yaml': configMap(listing('opa', '${PROVIDER}')) }],
  ['a provider without a name', { 'a.yaml': configMap({ extensionProviders: [{}] }) }],
  ['a placeholder in place of a list', { 'a.yaml': configMap({ extensionProviders: '${X}' }) }],
  [
    'installs with different lists',
    { 'a.yaml': operator({ meshConfig: listing('opa') }), 'b.yaml': configMap(listing('other')) },
  ],
  [
    'an install with a list and one without',
    { 'a.yaml': operator({ meshConfig: listing('opa') }), 'b.yaml': configMap({}) },
  ],
  ['Helm values', { 'values.yaml': stringify({ meshConfig: listing('opa') }) }],
  [
    'an install beside Helm values',
    {
      'a.yaml': operator({ meshConfig: listing('opa') }),
      'values.yaml': stringify({ meshConfig: { trustDomain: 'corp.example' } }),
    },
  ],
  [
    'an istiod that merges a second ConfigMap',
    {
      'a.yaml': operator({
        meshConfig: listing('opa'),
        values: { pilot: { env: { SHARED_MESH_CONFIG: 'user' } } },
      }),
    },
  ],
])('the extension providers are not known with %s', (_, files) => {
  expect(shown(files)).toBeUndefined()
})
