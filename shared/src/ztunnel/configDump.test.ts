import { describe, expect, it } from 'vitest'
import {
  authorizationPolicy,
  namespace,
  object,
  pod,
  service,
  serviceEntry,
  waypoint,
  type Fields,
} from '../testing/index.js'
import { discoverySelectors, meshOf } from '../testing/ztunnelMesh.js'
import { dumpServices, dumpWorkloads } from './configDump.js'

describe('the config dump', () => {
  it('the dump of workloads has account, protocol, waypoint and policies, sorted', () => {
    const api = { serviceAccount: 'api' }
    const objects = [
      namespace('shop', { waypoint: 'waypoint' }),
      waypoint('shop/waypoint', { for: 'all' }),
      authorizationPolicy('shop/p', { app: 'web' }),
      pod('shop/web', api),
      pod('shop/car', { ...api, labels: { 'sidecar.istio.io/inject': 'true' } }),
      pod('shop/out', { ...api, waypoint: 'none', labels: { 'istio.io/dataplane-mode': 'none' } }),
      pod('dev/web', api),
      object('WorkloadEntry', 'shop/vm', {
        spec: { serviceAccount: 'vm', labels: { 'networking.istio.io/tunnel': 'grpc,http' } },
      }),
      object('WorkloadEntry', 'shop/plain', {
        spec: { labels: { 'networking.istio.io/tunnel': 'grpc' } },
      }),
      object('Pod', 'shop/done', { rest: { status: { phase: 'Succeeded' } } }),
    ]
    const at = (name: string, rest: Fields): Fields => ({
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
      waypoint('shop/waypoint'),
      service('shop/b', { app: 'api', waypoint: 'waypoint' }),
      service('shop/a', { app: 'api' }),
      service('dev/c', { app: 'api' }),
      service('shop/ext', { spec: { type: 'ExternalName' } }),
      serviceEntry('shop/out', { hosts: ['x.example', 'y.example'], waypoint: 'waypoint' }),
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
    const mesh = meshOf([
      namespace('shop'),
      namespace('dev', { labels: { seen: 'yes' } }),
      pod('shop/a'),
      pod('dev/b'),
      service('shop/a', { app: 'api' }),
      service('dev/b', { app: 'api' }),
      discoverySelectors,
    ])
    expect(dumpWorkloads(mesh).map(({ name }) => name)).toEqual(['b'])
    expect(dumpServices(mesh).map(({ name }) => name)).toEqual(['b'])
  })
})
