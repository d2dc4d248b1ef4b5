import { describe, expect, it } from 'vitest'
import {
  gateway,
  labels,
  meshOf,
  namespace,
  object,
  pod,
  policy,
  selector,
  service,
  use,
  type Plain,
} from '../testing/ztunnelMesh.js'
import { dumpServices, dumpWorkloads } from './configDump.js'

describe('the config dump', () => {
  it('the dump of workloads has account, protocol, waypoint and policies, sorted', () => {
    const objects = [
      namespace('shop', use('waypoint')),
      gateway('shop/waypoint', { given: { 'istio.io/waypoint-for': 'all' } }),
      policy('shop/p', selector({ app: 'web' })),
      pod('shop/web', { app: 'web' }),
      pod('shop/car', { 'sidecar.istio.io/inject': 'true' }),
      pod('shop/out', { 'istio.io/dataplane-mode': 'none', 'istio.io/use-waypoint': 'none' }),
      pod('dev/web', { app: 'web' }),
      object('WorkloadEntry', 'shop/vm', {
        serviceAccount: 'vm',
        labels: { 'networking.istio.io/tunnel': 'grpc,http' },
      }),
      object('WorkloadEntry', 'shop/plain', { labels: { 'networking.istio.io/tunnel': 'grpc' } }),
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'done', namespace: 'shop' },
        status: { phase: 'Succeeded' },
      }),
    ]
    const at = (name: string, rest: Plain): Plain => ({
      name,
      namespace: 'shop',
      serviceAccount: 'api',
      protocol: 'HBONE',
      waypoint: 'shop/waypoint',
      authorizationPolicies: [],
      ...rest,
    })
    expect(dumpWorkloads(meshOf(objects))).toEqual([
      { ...at('web', {}), namespace: 'dev', protocol: 'TCP', waypoint: null },
      at('car', {}),
      at('out', { protocol: 'TCP', waypoint: null }),
      at('plain', { serviceAccount: 'default', protocol: 'TCP' }),
      at('vm', { serviceAccount: 'vm' }),
      at('web', { authorizationPolicies: ['shop/p'] }),
    ])
  })

  it('the dump of services has a line for each host, without ExternalName', () => {
    const objects = [
      namespace('shop'),
      gateway('shop/waypoint'),
      service('shop/b', use('waypoint')),
      service('shop/a', {}),
      service('dev/c', {}),
      service('shop/ext', {}, { type: 'ExternalName' }),
      object(
        'ServiceEntry',
        'shop/out',
        { hosts: ['x.example', 'y.example'] },
        labels(use('waypoint')),
      ),
    ]
    expect(dumpServices(meshOf(objects))).toEqual([
      { name: 'c', namespace: 'dev', hostname: 'c.dev.svc.cluster.local', waypoint: null },
      { name: 'a', namespace: 'shop', hostname: 'a.shop.svc.cluster.local', waypoint: null },
      {
        name: 'b',
        namespace: 'shop',
        hostname: 'b.shop.svc.cluster.local',
        waypoint: 'shop/waypoint',
      },
      { name: 'out', namespace: 'shop', hostname: 'x.example', waypoint: 'shop/waypoint' },
      { name: 'out', namespace: 'shop', hostname: 'y.example', waypoint: 'shop/waypoint' },
    ])
  })

  it('the dump excludes namespaces that istiod does not see', () => {
    const selectors = object('Istio', 'default', {
      values: { meshConfig: { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] } },
    })
    const mesh = meshOf([
      namespace('shop'),
      namespace('dev', { seen: 'yes' }),
      pod('shop/a'),
      pod('dev/b'),
      service('shop/a', {}),
      service('dev/b', {}),
      selectors,
    ])
    expect(dumpWorkloads(mesh).map(({ name }) => name)).toEqual(['b'])
    expect(dumpServices(mesh).map(({ name }) => name)).toEqual(['b'])
  })
})
