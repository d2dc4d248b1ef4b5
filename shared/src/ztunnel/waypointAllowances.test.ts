import { describe, expect, it } from 'vitest'
import {
  first,
  gateway,
  keysOf,
  labels,
  meshOf,
  namesAtZtunnel,
  namespace,
  object,
  peer,
  pod,
  policy,
  selector,
  sent,
  service,
  use,
} from '../testing/ztunnelMesh.js'
import { policiesAtZtunnel } from './enforcement.js'

describe('PILOT_AUTO_ALLOW_WAYPOINT_POLICY', () => {
  const settings = { flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true } }
  const base = [namespace('shop'), pod('shop/api'), gateway('shop/waypoint')]

  it('istiod generates one policy for each waypoint of a workload', () => {
    const objects = [
      namespace('shop', use('all')),
      pod('shop/api'),
      gateway('shop/all', { given: { 'istio.io/waypoint-for': 'all' } }),
      gateway('infra/edge'),
      gateway('shop/entry'),
      service('shop/one', use('edge', 'infra')),
      service('shop/two', use('edge', 'infra')),
      service('shop/three', {}),
      service('shop/four', use('none')),
      service('shop/five', use('gone')),
      gateway('shop/unused'),
      object(
        'ServiceEntry',
        'shop/unrelated',
        { hosts: ['c.example'], workloadSelector: { labels: { app: 'web' } } },
        labels(use('unused')),
      ),
      object(
        'ServiceEntry',
        'shop/out',
        { hosts: ['a.example'], workloadSelector: { labels: { app: 'api' } } },
        labels(use('entry')),
      ),
      object(
        'ServiceEntry',
        'shop/elsewhere',
        { hosts: ['b.example'], workloadSelector: { labels: { app: 'web' } } },
        labels(use('edge', 'infra')),
      ),
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
          namespace('shop', use('all')),
          pod('shop/api'),
          gateway('shop/all', { given: { 'istio.io/waypoint-for': 'all' } }),
        ],
        settings,
      ),
    ).toEqual(['shop/istio_allow_waypoint_shop_all'])
    expect(
      keysOf(
        [
          namespace('shop', use('all')),
          pod('shop/api'),
          gateway('shop/all', { given: { 'istio.io/waypoint-for': 'workload' } }),
        ],
        settings,
      ),
    ).toEqual(['shop/istio_allow_waypoint_shop_all'])
    expect(sent(objects, settings)).toEqual([...allowed, 'shop/istio_allow_waypoint_shop_unused'])
    expect(sent(objects)).toEqual([])
  })

  it('the generated policy allows the service account of the waypoint', () => {
    const mesh = meshOf([...base, service('shop/api', use('waypoint'))], {
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
      service('shop/api', use('waypoint')),
      policy('shop/z', selector({ app: 'api' })),
      peer('shop/strict', { mtls: { mode: 'STRICT' } }),
    ]
    expect(keysOf(objects, settings)).toEqual([
      'shop/z',
      'istio-system/istio_converted_static_strict',
      'shop/istio_allow_waypoint_shop_waypoint',
    ])
  })

  it('a workload without a waypoint gets no generated policy', () => {
    expect(keysOf([...base, service('shop/api', {})], settings)).toEqual([])
  })

  it('istiod sends the policy for every Gateway that it deploys and sees', () => {
    const selectors = object('Istio', 'default', {
      values: { meshConfig: { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] } },
    })
    const objects = [
      gateway('shop/waypoint'),
      gateway('shop/door', { className: 'istio' }),
      gateway('shop/far', { className: 'istio-remote' }),
      gateway('shop/nginx', { className: 'nginx' }),
    ]
    expect(sent([namespace('shop'), ...objects], settings)).toEqual([
      'shop/istio_allow_waypoint_shop_door',
      'shop/istio_allow_waypoint_shop_waypoint',
    ])
    expect(sent([namespace('shop'), ...objects, selectors], settings)).toEqual([])
  })
})
