import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { type Files } from '../testing/index.js'
import { ISTIOD_FLAGS, type IstiodFlag } from './settings.js'
import type { MeshSettings } from './meshSettings.js'

import {
  settings,
  plain,
  DEFAULTS,
  MESH,
  SAID,
  env,
  text,
  operator,
  sail,
  configMap,
} from '../testing/settingsObjects.js'

describe('settings come', () => {
  it.each<[string, Files, object]>([
    ['from nowhere', { 'a.yaml': '' }, {}],
    ['from the ConfigMap istio', { 'a.yaml': configMap(MESH) }, SAID],
    ['not from another ConfigMap', { 'a.yaml': configMap(MESH, 'istio-canary') }, {}],
    [
      'from an IstioOperator',
      {
        'a.yaml': operator({
          profile: 'ambient',
          meshConfig: MESH,
          components: {
            pilot: {
              k8s: {
                env: [{ name: 'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY', value: 'true' }],
              },
            },
          },
          values: { cni: { excludeNamespaces: ['x'] } },
        }),
      },
      { ...SAID, install: 'ambient', dryRun: true, cniExcludeNamespaces: ['x'] },
    ],
    [
      'from the values of an IstioOperator',
      { 'a.yaml': operator({ values: { meshConfig: MESH, pilot: { env } } }) },
      { ...SAID, dryRun: true },
    ],
    [
      'from an Istio of the sail operator',
      {
        'a.yaml': sail({
          version: 'v1.30.2',
          profile: 'default',
          values: { meshConfig: MESH, pilot: { env } },
        }),
      },
      { ...SAID, istioVersion: '1.30', install: 'sidecar', dryRun: true },
    ],
    [
      'from values of istiod',
      { 'values.yaml': stringify({ profile: 'ambient', meshConfig: MESH, pilot: { env } }) },
      { ...SAID, install: 'ambient', dryRun: true },
    ],
    [
      'from values of istiod, newer',
      { 'istiod-values.yaml': stringify({ meshConfig: MESH, env }) },
      { ...SAID, dryRun: true },
    ],
    [
      'from values of istiod as a subchart',
      {
        'values.yaml': stringify({ other: { a: 1 }, istiod: { meshConfig: MESH, pilot: { env } } }),
      },
      { ...SAID, dryRun: true },
    ],
    [
      "from a subchart's environment alone",
      {
        'values.yaml':
          'istiod:\n  pilot:\n    env: {AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: "true"}\n',
      },
      { dryRun: true },
    ],
    [
      'from a subchart beside one that is named cni',
      {
        'values.yaml':
          'cni:\n  excludeNamespaces: [x]\nistiod:\n  meshConfig: {trustDomain: corp.example}\n',
      },
      { trustDomain: 'corp.example', cniExcludeNamespaces: ['x'] },
    ],
    [
      'from the flag that enables ambient',
      { 'values.yaml': stringify({ pilot: { env: { PILOT_ENABLE_AMBIENT: 'true' } } }) },
      { install: 'ambient' },
    ],
    [
      'from the flag that does not',
      { 'values.yaml': stringify({ pilot: { env: { PILOT_ENABLE_AMBIENT: 'false' } } }) },
      {},
    ],
    [
      'from one of two parts of an install where the other is silent',
      {
        'a.yaml': sail({ values: { meshConfig: MESH } }),
        'values.yaml': stringify({ pilot: { env: { A: 'b' } } }),
      },
      SAID,
    ],
    [
      'from an install, and not from the examples of an unpacked release',
      {
        'a.yaml': operator({ meshConfig: MESH }),
        'istio-1.30.0/manifests/profiles/default.yaml': operator({ profile: 'default' }),
        'istio/samples/ambient-argo/istiod.yaml': operator({ profile: 'minimal' }),
        'istio-1.30.0/samples/x/operator.yaml': operator({ meshConfig: { trustDomain: 'td1' } }),
        'third/manifests/examples/user-gateway.yaml': operator({ profile: 'ambient' }),
      },
      SAID,
    ],
    [
      'from an install beside the ConfigMap of istio-cni, which has no MeshConfig',
      {
        'a.yaml': configMap(MESH),
        'b.yaml': text({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'istio-cni-config', namespace: 'istio-system' },
          data: { AMBIENT_DNS_CAPTURE: 'true' },
        }),
      },
      { ...SAID, dnsCapture: true },
    ],
    [
      'from an install beside one with only gateways',
      { 'a.yaml': operator({ meshConfig: MESH }), 'b.yaml': operator({ profile: 'empty' }) },
      { ...SAID, install: 'sidecar' },
    ],
    [
      'not from one of two installs where the other has the defaults',
      {
        'a.yaml': sail({ values: { meshConfig: MESH, pilot: { env } } }),
        'b.yaml': configMap({ trustDomain: 'corp.example' }),
        'c.yaml': sail({}, 'other'),
      },
      {
        ...SAID,
        rootNamespace: 'istio-system',
        rootNamespaceKnown: false,
        trustDomain: 'cluster.local',
        trustDomainKnown: false,
        discoverySelectors: undefined,
        disputed: ['rootNamespace', 'trustDomain', 'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY'],
      },
    ],
    [
      'from installs of which one writes the default',
      {
        'a.yaml': operator({ meshConfig: { trustDomain: 'cluster.local' } }),
        'b.yaml': operator({ profile: 'ambient' }),
      },
      { install: 'ambient' },
    ],
    [
      'from two that agree',
      {
        'a.yaml': sail({ version: 'v1.30.1', values: { meshConfig: MESH, pilot: { env } } }),
        'b.yaml': sail(
          { version: '1.30.7', values: { meshConfig: MESH, pilot: { env } } },
          'other',
        ),
      },
      { ...SAID, istioVersion: '1.30', dryRun: true },
    ],
    [
      'from ambient before another profile',
      { 'a.yaml': sail({ profile: 'default' }), 'b.yaml': sail({ profile: 'ambient' }, 'other') },
      { install: 'ambient' },
    ],
  ])('%s', (_, files, expected) => {
    expect(plain(settings(files))).toEqual({ ...DEFAULTS, ...expected })
  })

  it('from the user before any file', () => {
    const user: MeshSettings = {
      rootNamespace: 'mine',
      trustDomain: 'my.example',
      istioVersion: '1.29',
      flags: { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: false },
    }
    const files = {
      'a.yaml': sail({ version: 'v1.30.1', values: { meshConfig: MESH, pilot: { env } } }),
      'b.yaml': sail(
        {
          version: 'v1.31.1',
          values: {
            meshConfig: { ...MESH, trustDomain: 'x', rootNamespace: 'y' },
            pilot: { env: { ...env, AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: 'false' } },
          },
        },
        'other',
      ),
    }
    expect(plain(settings(files, user))).toMatchObject({
      rootNamespace: 'mine',
      rootNamespaceKnown: true,
      trustDomain: 'my.example',
      trustDomainKnown: true,
      istioVersion: '1.29',
      disputed: [],
      dryRun: false,
    })
  })
})

it('has a default for each flag', () => {
  const found = settings({ 'a.yaml': '' })
  const names = Object.keys(ISTIOD_FLAGS) as IstiodFlag[]
  expect(names.filter((name) => found.flag(name))).toEqual([
    'ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY',
    'ENABLE_INGRESS_WAYPOINT_ROUTING',
    'AMBIENT_ENABLE_STATUS',
    'PILOT_ENABLE_IP_AUTOALLOCATE',
  ])
})
