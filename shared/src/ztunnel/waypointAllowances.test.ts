import { describe, expect, it } from 'vitest'
import {
  authorizationPolicy,
  namespace,
  peerAuthentication,
  pod,
  service,
  serviceEntry,
  waypoint,
} from '../testing/index.js'
import {
  discoverySelectors,
  first,
  keysOf,
  meshOf,
  namesAtZtunnel,
  sent,
} from '../testing/ztunnelMesh.js'
import { policiesAtZtunnel } from './enforcement.js'

describe('PILOT_AUTO_ALLOW_WAYPOINT_POLICY', () => {
  const settings = { flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true } }
  const base = [namespace('shop'), pod('shop/api'), waypoint('shop/waypoint')]

  it('istiod generates one policy for each waypoint of a workload', () => {
    const objects = [
      namespace('shop', { waypoint: 'all' }),
      pod('shop/api'),
      waypoint('shop/all', { for: 'all' }),
      waypoint('infra/edge', { allowedNamespaces: 'All' }),
      waypoint('shop/entry'),
      service('shop/one', { app: 'api', waypoint: 'infra/edge' }),
      service('shop/two', { app: 'api', waypoint: 'infra/edge' }),
      service('shop/three', { app: 'api' }),
      service('shop/four', { app: 'api', waypoint: 'none' }),
      service('shop/five', { app: 'api', waypoint: 'gone' }),
      waypoint('shop/unused'),
      serviceEntry('shop/unrelated', {
        hosts: ['c.example'],
        waypoint: 'unused',
        spec: { workloadSelector: { labels: { app: 'web' } } },
      }),
      serviceEntry('shop/out', {
        hosts: ['a.example'],
        waypoint: 'entry',
        spec: { workloadSelector: { labels: { app: 'api' } } },
      }),
      serviceEntry('shop/elsewhere', {
        hosts: ['b.example'],
        waypoint: 'infra/edge',
        spec: { workloadSelector: { labels: { app: 'web' } } },
      }),
    ]
    const allowed = [
      'infra/istio_allow_waypoint_infra_edge',
      'shop/istio_allow_waypoint_shop_all',
      'shop/istio_allow_waypoint_shop_entry',
    ]
    expect([...keysOf(objects, settings)].sort()).toEqual(allowed)
    expect(namesAtZtunnel(objects, settings).sort()).toEqual(
      allowed.map((name) => `${name} (generated)`),
    )
    expect(keysOf(objects)).toEqual([])
    expect(
      keysOf(
        [
          namespace('shop', { waypoint: 'all' }),
          pod('shop/api'),
          waypoint('shop/all', { for: 'all' }),
        ],
        settings,
      ),
    ).toEqual(['shop/istio_allow_waypoint_shop_all'])
    expect(
      keysOf(
        [
          namespace('shop', { waypoint: 'all' }),
          pod('shop/api'),
          waypoint('shop/all', { for: 'workload' }),
        ],
        settings,
      ),
    ).toEqual(['shop/istio_allow_waypoint_shop_all'])
    expect(sent(objects, settings)).toEqual([...allowed, 'shop/istio_allow_waypoint_shop_unused'])
    expect(sent(objects)).toEqual([])
  })

  it('the generated policy allows the service account of the waypoint', () => {
    const mesh = meshOf([...base, service('shop/api', { app: 'api', waypoint: 'waypoint' })], {
      ...settings,
      trustDomain: 'corp',
    })
    expect(
      mesh.get(policiesAtZtunnel, first(mesh)).map(({ authorization }) => authorization),
    ).toEqual([
      {
        name: 'istio_allow_waypoint_shop_waypoint',
        namespace: 'shop',
        scope: 'WorkloadSelector',
        action: 'Allow',
        dryRun: false,
        rules: [[[{ principals: [{ Exact: 'corp/ns/shop/sa/waypoint' }] }]]],
      },
    ])
  })

  it('the generated policy is last in the policy keys', () => {
    const objects = [
      ...base,
      service('shop/api', { app: 'api', waypoint: 'waypoint' }),
      authorizationPolicy('shop/z', { app: 'api' }),
      peerAuthentication('shop/strict', { mode: 'STRICT' }),
    ]
    expect(keysOf(objects, settings)).toEqual([
      'shop/z',
      'istio-system/istio_converted_static_strict',
      'shop/istio_allow_waypoint_shop_waypoint',
    ])
  })

  it('a workload without a waypoint gets no generated policy', () => {
    expect(keysOf([...base, service('shop/api', { app: 'api' })], settings)).toEqual([])
  })

  it('istiod sends the policy for every Gateway that it deploys and sees', () => {
    const objects = [
      waypoint('shop/waypoint'),
      waypoint('shop/door', { className: 'istio' }),
      waypoint('shop/far', { className: 'istio-remote' }),
      waypoint('shop/nginx', { className: 'nginx' }),
    ]
    expect(sent([namespace('shop'), ...objects], settings)).toEqual([
      'shop/istio_allow_waypoint_shop_door',
      'shop/istio_allow_waypoint_shop_waypoint',
    ])
    expect(sent([namespace('shop'), ...objects, discoverySelectors], settings)).toEqual([])
  })
})
