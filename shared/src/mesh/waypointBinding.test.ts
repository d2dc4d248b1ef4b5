import { expect, it } from 'vitest'
import { boundName, certaintyOf } from './waypointBinding.js'
import {
  servicesOfWaypoint,
  waypointOfNamespace,
  waypointOfService,
  waypointOfWorkload,
} from './waypoints.js'
import type { AnalyseOptions } from '../testing/index.js'
import type { Mesh } from './mesh.js'
import {
  type Plain,
  object,
  labels,
  namespace,
  pod,
  gateway,
  service,
  meshOf,
  OPEN,
  the,
  workload,
  names,
  AMBIENT,
} from '../testing/meshObjects.js'

const use = (name: string, where?: string): Plain => ({
  'istio.io/use-waypoint': name,
  ...(where === undefined ? {} : { 'istio.io/use-waypoint-namespace': where }),
})
const ofService = (mesh: Mesh) =>
  mesh.get(waypointOfService, mesh.all('Service')[0] ?? the(mesh, 'ServiceEntry'))

it('says which label chooses a waypoint', () => {
  const own = meshOf([namespace('shop'), service('shop/s', use('w')), gateway('shop/w')])
  expect(ofService(own)).toMatchObject({
    status: 'bound',
    certainty: { level: 'certain' },
    choice: {
      path: ['metadata', 'labels', 'istio.io/use-waypoint'],
      namespace: 'shop',
      name: 'w',
      own: true,
      resource: { type: 'Service' },
    },
  })
  const inherited = meshOf([
    namespace('shop', { ...AMBIENT, ...use('w', 'infra') }),
    service('shop/s'),
  ])
  expect(ofService(inherited)).toMatchObject({
    status: 'error',
    reason: 'WaypointIsNotReady',
    gateway: undefined,
    certainty: { level: 'certain' },
    choice: {
      path: ['metadata', 'labels', 'istio.io/use-waypoint'],
      namespace: 'infra',
      name: 'w',
      own: false,
      resource: { type: 'Namespace' },
    },
  })
  const template = meshOf([
    namespace('shop'),
    gateway('shop/w'),
    object('Deployment', 'shop/d', { template: { metadata: { labels: use('w') } } }),
  ])
  expect(template.get(waypointOfWorkload, workload(template, 'd'))).toMatchObject({
    status: 'error',
    reason: 'UnsupportedTrafficType',
    gateway: { name: 'w' },
    choice: { path: ['spec', 'template', 'metadata', 'labels', 'istio.io/use-waypoint'] },
  })
  const entry = meshOf([
    namespace('shop'),
    gateway('shop/w', labels({ 'istio.io/waypoint-for': 'all' })),
    object('WorkloadEntry', 'shop/e', {}, labels(use('w'))),
  ])
  expect(entry.get(waypointOfWorkload, workload(entry, 'e'))).toMatchObject({
    status: 'bound',
    choice: { path: ['metadata', 'labels', 'istio.io/use-waypoint'] },
  })
})

it('gives no waypoint to the Services and pods of a waypoint', () => {
  for (const managed of ['istio.io-mesh-controller', 'istio.io-eastwest-controller'])
    expect(
      ofService(
        meshOf([
          service('shop/s', { ...use('w'), 'gateway.istio.io/managed': managed }),
          gateway('shop/w'),
        ]),
      ),
    ).toEqual({ status: 'none', certainty: { level: 'certain' } })
  expect(
    ofService(
      meshOf([
        service('shop/s', { ...use('w'), 'gateway.istio.io/managed': 'x' }),
        gateway('shop/w'),
      ]),
    ).status,
  ).toBe('bound')
  const instance = (at: string): string => {
    const mesh = meshOf([
      namespace('shop', { ...AMBIENT, ...use('w') }),
      gateway('shop/w', labels({ 'istio.io/waypoint-for': 'all' })),
      pod(at, { 'gateway.networking.k8s.io/gateway-name': 'w', ...use('w', 'shop') }),
    ])
    return mesh.get(waypointOfWorkload, workload(mesh, 'p')).status
  }
  expect([instance('shop/p'), instance('dev/p')]).toEqual(['none', 'error'])
})

it('does not know a waypoint whose name another tool fills in', () => {
  const filled = meshOf([namespace('shop'), service('shop/s', use('${W}')), gateway('shop/w')])
  expect(ofService(filled)).toMatchObject({ status: 'unknown', choice: { name: '${W}' } })
  expect(
    ofService(meshOf([namespace('shop'), service('shop/s', use('w', '${NS}')), gateway('shop/w')]))
      .status,
  ).toBe('unknown')
  expect([certaintyOf(ofService(filled)).level, boundName(ofService(filled))]).toEqual([
    'unknown',
    undefined,
  ])
})

it('takes the waypoint of a namespace from its Namespace, else assumes the only one in it', () => {
  const of = (objects: readonly string[], options: AnalyseOptions = { world: 'closed' }) =>
    meshOf(objects, options).get(waypointOfNamespace, 'shop')
  expect(of([namespace('shop', use('w')), gateway('shop/w')])).toMatchObject({
    status: 'bound',
    choice: { own: false },
    certainty: { level: 'certain' },
  })
  expect(of([namespace('shop'), gateway('shop/w')])).toEqual({
    status: 'none',
    certainty: { level: 'certain' },
  })
  expect(of([gateway('shop/w')])).toEqual({ status: 'none', certainty: { level: 'certain' } })
  expect(of([namespace('shop', use('none')), gateway('shop/w')])).toEqual({
    status: 'none',
    certainty: { level: 'certain' },
  })
  expect(of([namespace('shop', use('w')), gateway('shop/w')], OPEN)).toMatchObject({
    status: 'bound',
    choice: {
      name: 'w',
      path: ['metadata', 'labels', 'istio.io/use-waypoint'],
      own: false,
      namespace: 'shop',
    },
    certainty: { level: 'certain' },
  })
  expect(of([gateway('shop/w')], OPEN)).toMatchObject({
    status: 'bound',
    choice: undefined,
    certainty: {
      level: 'assumed',
      assumption: 'namespace "shop" uses the waypoint "w" that lies in it',
    },
  })
  expect(of([gateway('shop/w'), gateway('shop/v')], OPEN)).toEqual({
    status: 'unknown',
    choice: undefined,
  })
  expect(
    of(
      [
        gateway('shop/w'),
        gateway('shop/v', {}, { gatewayClassName: 'istio' }),
        gateway('shop/u', labels({ 'istio.io/waypoint-for': 'workload' })),
      ],
      OPEN,
    ),
  ).toMatchObject({ status: 'bound', gateway: { name: 'w' } })
  const taken = meshOf([gateway('shop/w'), pod('shop/p')], OPEN)
  expect(taken.get(waypointOfWorkload, workload(taken, 'p'))).toMatchObject({
    status: 'none',
    certainty: { level: 'assumed' },
  })
})

it('reports no error for an assumed waypoint', () => {
  const mesh = meshOf(
    [gateway('shop/w'), object('ServiceEntry', 'shop/e', { hosts: ['a.b'] })],
    OPEN,
  )
  expect(ofService(mesh)).toMatchObject({ status: 'bound', choice: undefined })
})

it('lists the Services of a waypoint', () => {
  const mesh = meshOf([
    namespace('shop'),
    gateway('shop/w'),
    gateway('shop/v'),
    service('shop/a', use('w')),
    service('shop/b'),
    service('shop/c', use('v')),
    object('ServiceEntry', 'shop/e', { hosts: ['a.b'] }, labels(use('w'))),
  ])
  expect(names(mesh.get(servicesOfWaypoint, mesh.named('Gateway', 'shop', 'w')!))).toEqual([
    'shop/a',
    'shop/e',
  ])
  const pods = meshOf([
    namespace('shop'),
    gateway('shop/w', labels({ 'istio.io/waypoint-for': 'workload' })),
    service('shop/a', use('w')),
  ])
  expect(pods.get(servicesOfWaypoint, the(pods, 'Gateway'))).toEqual([])
  expect(boundName(mesh.get(waypointOfService, mesh.named('Service', 'shop', 'a')!))).toBe('shop/w')
  expect(
    boundName(mesh.get(waypointOfService, mesh.named('Service', 'shop', 'b')!)),
  ).toBeUndefined()
  expect(certaintyOf(mesh.get(waypointOfService, mesh.named('Service', 'shop', 'a')!))).toEqual({
    level: 'certain',
  })
})
