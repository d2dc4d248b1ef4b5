import { describe, expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import { analyse, type AnalyseOptions } from '../testing/index.js'
import { nearMiss } from './nearMiss.js'
import { waypointOfService, waypointOfWorkload } from './waypoints.js'
import type { WaypointBinding } from './waypointBinding.js'

const doc = (head: string, metadata: string, spec = ''): string =>
  `${head}\nmetadata: ${metadata}\n${spec === '' ? '' : `spec: ${spec}\n`}---\n`
const NAMESPACE = 'apiVersion: v1\nkind: Namespace'
const namespace = (name: string, labels: string): string =>
  doc(
    NAMESPACE,
    `{name: ${name}, labels: {istio.io/dataplane-mode: ambient${labels === '' ? '' : `, ${labels}`}}}`,
  )
const service = (labels: string): string =>
  doc(
    'apiVersion: v1\nkind: Service',
    `{name: s, namespace: shop, labels: {${labels}}}`,
    '{selector: {app: a}, ports: [{port: 80}]}',
  )
const pod = (labels: string): string =>
  doc(
    'apiVersion: v1\nkind: Pod',
    `{name: p, namespace: shop, labels: {app: a${labels === '' ? '' : `, ${labels}`}}}`,
  )
interface Waypoint {
  readonly at?: string
  readonly labels?: string
  readonly className?: string
  readonly listeners?: string
}
const waypoint = ({
  at = 'shop/wp',
  labels = '',
  className = 'istio-waypoint',
  listeners = '[{name: mesh, port: 15008, protocol: HBONE}]',
}: Waypoint = {}): string => {
  const [where = '', name = ''] = at.split('/')
  return doc(
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway',
    `{name: ${name}, namespace: ${where}, labels: {${labels}}}`,
    `{gatewayClassName: ${className}, listeners: ${listeners}}`,
  )
}

function said(binding: WaypointBinding): string {
  const rest =
    binding.status === 'bound'
      ? ` ${binding.gateway.namespace}/${binding.gateway.name}`
      : binding.status === 'error'
        ? ` ${binding.reason}`
        : ''
  const certainty =
    binding.status !== 'unknown' && binding.certainty.level === 'assumed' ? ' assumed' : ''
  return binding.status + rest + certainty
}
const ofService = (text: string, options: AnalyseOptions = {}): string => {
  const { mesh } = analyse(text, options)
  return said(
    mesh.get(waypointOfService, [...mesh.all('Service'), ...mesh.all('ServiceEntry')][0]!),
  )
}
const ofPod = (text: string): string => {
  const { mesh } = analyse(text)
  return said(
    mesh.get(
      waypointOfWorkload,
      mesh.workloadsAt(keys.allWorkloads()).find(({ name }) => name === 'p')!,
    ),
  )
}

const USE = 'istio.io/use-waypoint: wp'

describe('labels and precedence', () => {
  it.each([
    ['none asked for', namespace('shop', '') + service('') + waypoint(), 'none'],
    ['of the Namespace', namespace('shop', USE) + service('') + waypoint(), 'bound shop/wp'],
    ['of the Service', namespace('shop', '') + service(USE) + waypoint(), 'bound shop/wp'],
    [
      'the Service before the Namespace',
      namespace('shop', USE) +
        service('istio.io/use-waypoint: other') +
        waypoint() +
        waypoint({ at: 'shop/other' }),
      'bound shop/other',
    ],
    [
      'the Service opts out',
      namespace('shop', USE) + service('istio.io/use-waypoint: none') + waypoint(),
      'none',
    ],
    [
      'a missing one of the Service does not fall back',
      namespace('shop', USE) + service('istio.io/use-waypoint: gone') + waypoint(),
      'error WaypointIsNotReady',
    ],
    [
      'an empty name is a missing one',
      namespace('shop', USE) + service('istio.io/use-waypoint: ""') + waypoint(),
      'error WaypointIsNotReady',
    ],
    [
      'another namespace, from the Service',
      namespace('shop', '') +
        service(`${USE}, istio.io/use-waypoint-namespace: infra`) +
        waypoint({
          at: 'infra/wp',
          listeners:
            '[{name: m, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {from: All}}}]',
        }),
      'bound infra/wp',
    ],
    [
      'another namespace, from the Namespace',
      namespace('shop', `${USE}, istio.io/use-waypoint-namespace: infra`) +
        service('') +
        waypoint({
          at: 'infra/wp',
          listeners:
            '[{name: m, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {from: All}}}]',
        }),
      'bound infra/wp',
    ],
    [
      'the namespace label is read where the name is',
      namespace('shop', 'istio.io/use-waypoint-namespace: infra') + service(USE) + waypoint(),
      'bound shop/wp',
    ],
    [
      'managed by istiod',
      namespace('shop', USE) +
        service('gateway.istio.io/managed: istio.io-mesh-controller') +
        waypoint(),
      'none',
    ],
    [
      'any class binds',
      namespace('shop', USE) + service('') + waypoint({ className: 'istio' }),
      'bound shop/wp',
    ],
    [
      'a name that is filled in',
      namespace('shop', '') + service('istio.io/use-waypoint: "${WP}"') + waypoint(),
      'unknown',
    ],
    ['a Gateway that may be elsewhere', namespace('shop', USE) + service(''), 'unknown'],
    ['no Namespace here, its own label', service(USE) + waypoint(), 'bound shop/wp'],
    ['no Namespace here, one waypoint', service('') + waypoint(), 'bound shop/wp assumed'],
    [
      'no Namespace here, two waypoints',
      service('') + waypoint() + waypoint({ at: 'shop/other' }),
      'unknown',
    ],
    ['no Namespace here, no waypoint', service(''), 'unknown'],
  ])('%s', (_, text, expected) => {
    expect(ofService(text)).toBe(expected)
  })

  it('a closed world has no other Gateways', () => {
    expect(ofService(namespace('shop', USE) + service(''), { world: 'closed' })).toBe(
      'error WaypointIsNotReady',
    )
    expect(ofService(service('') + waypoint(), { world: 'closed' })).toBe('none')
  })

  it('serves ServiceEntries alike', () => {
    expect(
      ofService(
        `${namespace('shop', USE)}${waypoint()}${doc('apiVersion: networking.istio.io/v1\nkind: ServiceEntry', '{name: e, namespace: shop}', '{hosts: [a.b]}')}`,
      ),
    ).toBe('bound shop/wp')
  })
})

describe('waypoint-for', () => {
  const className = (labels: string): string =>
    doc(
      'apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass',
      `{name: istio-waypoint, labels: {${labels}}}`,
      '{controllerName: istio.io/mesh-controller}',
    )

  it.each([
    ['', 'bound shop/wp', 'none'],
    ['service', 'bound shop/wp', 'none'],
    ['workload', 'error UnsupportedTrafficType', 'bound shop/wp'],
    ['all', 'bound shop/wp', 'bound shop/wp'],
    ['none', 'error UnsupportedTrafficType', 'none'],
    ['Service', 'error UnsupportedTrafficType', 'none'],
  ])('%j, inherited from the namespace', (value, forService, forPod) => {
    const rest =
      namespace('shop', USE) +
      waypoint({ labels: value === '' ? '' : `istio.io/waypoint-for: ${value}` })
    expect([ofService(rest + service('')), ofPod(rest + pod(''))]).toEqual([forService, forPod])
  })

  it('fails aloud where the pod itself asks', () => {
    expect(ofPod(namespace('shop', '') + waypoint() + pod(USE))).toBe(
      'error UnsupportedTrafficType',
    )
  })

  it('is taken from the class where the Gateway does not say', () => {
    const rest = namespace('shop', USE) + pod('') + className('istio.io/waypoint-for: workload')
    expect(ofPod(rest + waypoint())).toBe('bound shop/wp')
    expect(ofPod(rest + waypoint({ labels: 'istio.io/waypoint-for: service' }))).toBe('none')
  })

  it('a pod of the waypoint itself has none', () => {
    expect(
      ofPod(
        namespace('shop', USE) +
          waypoint({ labels: 'istio.io/waypoint-for: all' }) +
          pod('gateway.networking.k8s.io/gateway-name: wp'),
      ),
    ).toBe('none')
  })
})

describe('a Gateway that is defined twice', () => {
  const cross =
    '[{name: m, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {from: None}}}]'
  const both = (second: string): string =>
    namespace('shop', USE) + service('') + waypoint() + second

  it.each([
    ['in one way', waypoint(), 'bound shop/wp'],
    [
      'otherwise in labels that Istio does not read',
      waypoint({ labels: 'team: a' }),
      'bound shop/wp',
    ],
    ['for other traffic', waypoint({ labels: 'istio.io/waypoint-for: workload' }), 'unknown'],
    ['of another class', waypoint({ className: 'istio' }), 'unknown'],
    ['for other namespaces', waypoint({ listeners: cross }), 'unknown'],
  ])('%s', (_, second, expected) => {
    expect(ofService(both(second))).toBe(expected)
    expect(ofService(both(second), { world: 'closed' })).toBe('bound shop/wp')
  })

  it('is one waypoint of its namespace', () => {
    expect(ofService(service('') + waypoint() + waypoint({ labels: 'team: a' }))).toBe(
      'bound shop/wp assumed',
    )
    expect(ofService(service('') + waypoint() + waypoint({ at: 'shop/other' }))).toBe('unknown')
  })
})

it.each([
  ['reviews', ['review', 'ratings'], 'review'],
  ['reveiws', ['reviews', 'ratings'], 'reviews'],
  ['reviews', ['reviews'], undefined],
  ['web', ['wed', 'db'], 'wed'],
  ['ab', ['ac'], undefined],
  ['frontend', ['backend'], undefined],
  ['payments-v1', ['payments-v2', 'payment-v1'], 'payments-v2'],
  ['', ['a'], undefined],
  ['waypoint', [], undefined],
])('%j was probably meant to be one of %j: %j', (name, candidates, expected) => {
  expect(nearMiss(name, candidates)).toBe(expected)
})
