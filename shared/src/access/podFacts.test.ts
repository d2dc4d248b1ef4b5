import { describe, expect, it } from 'vitest'
import {
  deployment,
  object,
  peerAuthentication,
  serviceEntry,
  type Fields,
} from '../testing/index.js'
import {
  answer,
  hops,
  namespace,
  pod,
  policy,
  service,
  SHOP,
  TO_API_POD,
  toService,
  verdict,
  WEB,
} from '../testing/shopMesh.js'

describe('a pod that bypasses inbound capture', () => {
  const mesh = (bypass: string): readonly string[] => [
    namespace('shop'),
    deployment('shop/api', {
      podAnnotations: { 'ambient.istio.io/bypass-inbound-capture': bypass },
    }),
    pod('web'),
    peerAuthentication('shop/default', { mode: 'STRICT' }),
    policy('nobody', { rules: [] }),
  ]
  const OUTSIDE = { from: { ip: '192.0.2.7' }, to: TO_API_POD }

  it.each([
    ['true', OUTSIDE, 'allow', []],
    ['1', OUTSIDE, 'allow', []],
    ['yes', OUTSIDE, 'deny', ['ztunnel shop/api as no identity on 8080: deny']],
    [
      'true',
      { from: WEB, to: TO_API_POD },
      'deny',
      ['ztunnel shop/api as cluster.local/ns/shop/sa/web on 8080: deny'],
    ],
  ])('with %s, ztunnel does not see plaintext', (bypass, request, expected, path) => {
    expect(answer(mesh(bypass), request).verdict).toBe(expected)
    expect(hops(mesh(bypass), request)).toEqual(path)
  })
})

describe('ports with names', () => {
  const DENY_9090 = policy('no-9090', {
    action: 'DENY',
    rules: [{ to: [{ operation: { ports: ['9090'] } }] }],
  })
  const behind = (containers: Fields, targetPort = 'web'): readonly string[] => [
    namespace('shop'),
    object('Pod', 'shop/api', { labels: { app: 'api' }, spec: containers }),
    service('api', {
      labels: {},
      spec: { ports: [{ name: 'http', port: 80, targetPort }] },
    }),
    pod('web'),
    DENY_9090,
  ]
  const ports = (containerPort: number, more: Fields = {}): Fields => ({
    name: 'a',
    ports: [{ name: 'web', containerPort, ...more }],
  })

  it.each<[string, Fields, string]>([
    [
      'a native sidecar has the port',
      {
        containers: [{ name: 'b' }],
        initContainers: [{ ...ports(9090), restartPolicy: 'Always' }],
      },
      'deny',
    ],
    [
      'an init container has the port and ends',
      { containers: [{ name: 'b' }], initContainers: [ports(9090)] },
      'allow',
    ],
    [
      'a container comes before a native sidecar',
      {
        containers: [ports(8080)],
        initContainers: [{ ...ports(9090), restartPolicy: 'Always' }],
      },
      'allow',
    ],
    [
      'a UDP port has the same name',
      { containers: [ports(9090, { protocol: 'UDP' }), ports(8080)] },
      'allow',
    ],
  ])('ztunnel sees the right port where %s', (_, containers, expected) => {
    expect(verdict(behind(containers))).toBe(expected)
  })

  it.each([
    ['web', 9090, 9999, 'deny'],
    ['other', 9090, 9999, 'allow'],
    ['web', 8080, 9090, 'allow'],
    ['other', 8080, 9090, 'deny'],
  ])(
    'a ServiceEntry port "%s" reaches the port with its name, else its targetPort',
    (name, containerPort, targetPort, expected) => {
      const entry = serviceEntry('shop/entry', {
        hosts: ['api.example'],
        spec: {
          addresses: ['240.0.0.1'],
          resolution: 'STATIC',
          ports: [{ number: 80, name, protocol: 'HTTP', targetPort }],
          workloadSelector: { labels: { app: 'api' } },
        },
      })
      const objects = [...behind({ containers: [ports(containerPort)] }), entry]
      expect(verdict(objects, { to: { host: 'api.example', port: 80 } })).toBe(expected)
    },
  )
})

describe('a gateway whose proxy is injected', () => {
  const opened = (more: Fields): readonly string[] => [
    ...SHOP.filter((text) => !text.includes('kind: Service\n')),
    service('api', {
      labels: { 'istio.io/use-waypoint': 'waypoint', 'istio.io/ingress-use-waypoint': 'true' },
    }),
    policy('nobody', { ...toService('api'), rules: [] }),
    namespace('edge', {}),
    object('Pod', 'edge/door', {
      ...more,
      spec: { serviceAccountName: 'door', containers: [{ name: 'istio-proxy', image: 'auto' }] },
    }),
  ]
  const INJECT = { 'sidecar.istio.io/inject': 'true' }

  it.each<[string, Fields, string]>([
    ['the label of a chart', { labels: { ...INJECT, istio: 'ingressgateway' } }, 'deny'],
    [
      'the template for gateways',
      { labels: INJECT, annotations: { 'inject.istio.io/templates': 'gateway' } },
      'deny',
    ],
    [
      'another template',
      { labels: INJECT, annotations: { 'inject.istio.io/templates': 'sidecar' } },
      'allow',
    ],
  ])('uses a waypoint with %s only as a gateway', (_, pod, expected) => {
    const from = { namespace: 'edge', serviceAccount: 'door' }
    expect(verdict(opened(pod), { from })).toBe(expected)
  })
})
