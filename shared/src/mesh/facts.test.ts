import { describe, expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import type { ResourceOf, ResourceType } from '../resources/resource.js'
import { analyse, type AnalyseOptions } from '../testing/index.js'
import { canaryBinding, canaryOfService } from './canary.js'
import { enrolmentOf } from './enrolment.js'
import { namespaceEnrolment, namespaceLabels } from './namespaceEnrolment.js'
import { namespaceObject } from './namespaces.js'
import { classRole, gatewayServiceAccount, isGatewayPod, isWaypointClass } from './gatewayClass.js'
import type { Mesh } from './mesh.js'
import {
  isGatewayPolicy,
  peerAuthenticationsOf,
  policiesOfWorkload,
  scopeOf,
  workloadsOfPolicy,
} from './policies.js'
import {
  selectWorkloads,
  servicesOfWorkload,
  targetPortOf,
  workloadsOfService,
} from './services.js'
import {
  servicesOfWaypoint,
  waypointOfNamespace,
  waypointOfService,
  waypointOfWorkload,
} from './waypoints.js'
import { boundName, certaintyOf } from './waypointBinding.js'

type Plain = Readonly<Record<string, unknown>>

const API: Readonly<Record<string, string>> = {
  Gateway: 'gateway.networking.k8s.io/v1',
  GatewayClass: 'gateway.networking.k8s.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  WorkloadEntry: 'networking.istio.io/v1',
  Istio: 'sailoperator.io/v1',
  Deployment: 'apps/v1',
  IstioOperator: 'install.istio.io/v1alpha1',
}
/** `kind` with `namespace/name`, or a name alone for what has no namespace. */
const object = (
  kind: string,
  at: string,
  spec: Plain = {},
  metadata: Plain = {},
  apiVersion = API[kind] ?? 'v1',
): string => {
  const [namespace, name] = at.includes('/') ? at.split('/') : [undefined, at]
  return JSON.stringify({
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...metadata },
    spec,
  })
}
const labels = (given: Plain): Plain => ({ labels: given })
const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' }
const namespace = (name: string, given: Plain = AMBIENT, annotations: Plain = {}): string =>
  object('Namespace', name, {}, { labels: given, annotations })
const pod = (at: string, given: Plain = { app: 'api' }, spec: Plain = {}): string =>
  object('Pod', at, spec, labels(given))
const HBONE = { name: 'mesh', port: 15008, protocol: 'HBONE' }
const gateway = (at: string, metadata: Plain = {}, spec: Plain = {}): string =>
  object(
    'Gateway',
    at,
    { gatewayClassName: 'istio-waypoint', listeners: [HBONE], ...spec },
    metadata,
  )
const service = (
  at: string,
  given: Plain = {},
  spec: Plain = { selector: { app: 'api' } },
  annotations: Plain = {},
): string => object('Service', at, spec, { labels: given, annotations })
const policy = (at: string, spec: Plain = {}): string => object('AuthorizationPolicy', at, spec)
const selector = (given: Plain): Plain => ({ selector: { matchLabels: given } })
const unseen = object('Istio', 'default', {
  values: { meshConfig: { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] } },
})

const meshOf = (objects: readonly string[], options: AnalyseOptions = { world: 'closed' }): Mesh =>
  analyse(objects.join('\n---\n'), options).mesh
const OPEN: AnalyseOptions = { world: 'open' }
function the<T extends ResourceType>(mesh: Mesh, type: T): ResourceOf<T> {
  return mesh.all(type)[0]!
}
const workload = (mesh: Mesh, name: string): Workload =>
  mesh.workloadsAt(keys.allWorkloads()).find((candidate) => candidate.name === name)!
const names = (found: readonly { readonly namespace: string; readonly name: string }[]): string[] =>
  found.map((item) => `${item.namespace}/${item.name}`).sort()

describe('the scope of a policy', () => {
  const pods = [
    pod('shop/a', { app: 'api', tier: 'x' }),
    pod('shop/b', { app: 'web' }),
    pod('dev/c', { app: 'api' }),
  ]

  it.each<[string, string, string, string[]]>([
    ['namespace', 'shop/p', '{}', ['shop/a', 'shop/b']],
    ['mesh', 'istio-system/p', '{}', ['dev/c', 'shop/a', 'shop/b']],
    ['workloads', 'shop/p', JSON.stringify(selector({ app: 'api' })), ['shop/a']],
    ['workloads', 'shop/p', JSON.stringify(selector({ app: 'api', tier: 'x' })), ['shop/a']],
    ['workloads', 'shop/p', JSON.stringify(selector({ app: 'api', tier: 'y' })), []],
    ['workloads', 'istio-system/p', JSON.stringify(selector({ app: 'api' })), ['dev/c', 'shop/a']],
    ['nothing', 'shop/p', '{"selector":{}}', []],
    ['nothing', 'shop/p', JSON.stringify(selector({})), []],
    ['nothing', 'shop/p', '{"targetRefs":[{"kind":"Service","group":"","name":"x"}]}', []],
  ])('%s: %s %s', (scope, at, spec, expected) => {
    const mesh = meshOf([...pods, policy(at, JSON.parse(spec) as Plain)])
    expect(scopeOf(mesh, the(mesh, 'AuthorizationPolicy'))).toBe(scope)
    expect(names(mesh.get(workloadsOfPolicy, the(mesh, 'AuthorizationPolicy')))).toEqual(expected)
  })

  it('is nobody where istiod does not see the policy', () => {
    const mesh = meshOf([...pods, namespace('shop'), policy('shop/p'), unseen])
    expect(mesh.get(workloadsOfPolicy, the(mesh, 'AuthorizationPolicy'))).toEqual([])
  })

  it('reaches a pod without labels by every selector, but by no targetRef', () => {
    const target = { targetRefs: [{ kind: 'Service', group: '', name: 'x' }] }
    const mesh = meshOf([
      object('Pod', 'shop/bare'),
      policy('shop/a', selector({ x: 'y' })),
      policy('shop/b', target),
      policy('shop/c'),
    ])
    expect(names(mesh.get(policiesOfWorkload, workload(mesh, 'bare')))).toEqual([
      'shop/a',
      'shop/c',
    ])
  })

  it("is nobody in a namespace that istiod does not see, the root's policies included", () => {
    const mesh = meshOf([
      namespace('shop'),
      namespace('istio-system', { seen: 'yes' }),
      pod('shop/a'),
      policy('istio-system/p'),
      unseen,
    ])
    expect(mesh.get(policiesOfWorkload, workload(mesh, 'a'))).toEqual([])
  })

  it('of a PeerAuthentication of the root is the mesh without a selector, and nobody elsewhere with one', () => {
    const mesh = meshOf([
      pod('shop/a', { app: 'api', tier: 'x' }),
      pod('istio-system/r'),
      object('PeerAuthentication', 'istio-system/wide'),
      object('PeerAuthentication', 'istio-system/empty', { selector: {} }),
      object('PeerAuthentication', 'istio-system/selecting', selector({ app: 'api' })),
      object('PeerAuthentication', 'shop/wide'),
      object('PeerAuthentication', 'shop/empty', { selector: {} }),
      object('PeerAuthentication', 'shop/mine', selector({ app: 'api' })),
      object('PeerAuthentication', 'shop/both', selector({ app: 'api', tier: 'y' })),
      object('PeerAuthentication', 'dev/wide'),
    ])
    expect(names(mesh.get(peerAuthenticationsOf, workload(mesh, 'a')))).toEqual([
      'istio-system/wide',
      'shop/empty',
      'shop/mine',
      'shop/wide',
    ])
    expect(names(mesh.get(peerAuthenticationsOf, workload(mesh, 'r')))).toEqual([
      'istio-system/empty',
      'istio-system/selecting',
      'istio-system/wide',
    ])
  })

  it('of a PeerAuthentication is nobody where istiod does not see it', () => {
    const mesh = meshOf([
      namespace('istio-system'),
      namespace('shop', { seen: 'yes' }),
      pod('shop/a'),
      object('PeerAuthentication', 'istio-system/wide'),
      object('PeerAuthentication', 'shop/wide'),
      unseen,
    ])
    expect(names(mesh.get(peerAuthenticationsOf, workload(mesh, 'a')))).toEqual(['shop/wide'])
    const own = meshOf([
      namespace('istio-system', { seen: 'yes' }),
      namespace('shop'),
      pod('shop/a', { app: 'api' }),
      object('PeerAuthentication', 'istio-system/wide'),
      object('PeerAuthentication', 'shop/wide'),
      object('PeerAuthentication', 'shop/mine', selector({ app: 'api' })),
      unseen,
    ])
    expect(names(own.get(peerAuthenticationsOf, workload(own, 'a')))).toEqual(['istio-system/wide'])
  })
})

describe('a selector for gateways', () => {
  const istioGateway = (given: Plain): string =>
    object('Gateway', 'shop/g', { selector: given }, {}, 'networking.istio.io/v1')
  const meant = (spec: Plain, objects: readonly string[] = []): boolean => {
    const mesh = meshOf([policy('shop/p', spec), ...objects])
    return mesh.get(isGatewayPolicy, the(mesh, 'AuthorizationPolicy'))
  }

  it.each<[string, boolean, boolean]>([
    ['none', meant({}), false],
    ['an empty one', meant({ selector: {} }, [istioGateway({})]), false],
    ['labels of no gateway', meant(selector({ app: 'api' })), false],
    [
      'the label of deployed gateways',
      meant(selector({ 'gateway.networking.k8s.io/gateway-name': 'x' })),
      true,
    ],
    ["the label of Istio's gateways", meant(selector({ istio: 'ingressgateway' })), true],
    [
      'what a Gateway of Istio selects',
      meant(selector({ app: 'door' }), [istioGateway({ app: 'door' })]),
      true,
    ],
    [
      'more than a Gateway of Istio selects',
      meant(selector({ app: 'door', tier: 'x' }), [istioGateway({ app: 'door' })]),
      true,
    ],
    [
      'less than a Gateway of Istio selects',
      meant(selector({ app: 'door' }), [istioGateway({ app: 'door', tier: 'x' })]),
      true,
    ],
    [
      'other than a Gateway of Istio selects',
      meant(selector({ app: 'door' }), [istioGateway({ app: 'api' })]),
      false,
    ],
    [
      'one of two Gateways of Istio',
      meant(selector({ app: 'door' }), [
        istioGateway({ app: 'api' }),
        istioGateway({ app: 'door' }).replace('"g"', '"h"'),
      ]),
      true,
    ],
    [
      'a Gateway of Istio that selects nothing',
      meant(selector({ app: 'door' }), [istioGateway({})]),
      false,
    ],
    [
      'labels of a Gateway',
      meant(selector({ tier: 'edge' }), [gateway('shop/door', labels({ tier: 'edge' }))]),
      true,
    ],
    [
      "other labels than a Gateway's",
      meant(selector({ tier: 'edge', app: 'x' }), [gateway('shop/door', labels({ tier: 'edge' }))]),
      false,
    ],
    [
      "labels of a Gateway's infrastructure",
      meant(selector({ tier: 'edge' }), [
        gateway('shop/door', {}, { infrastructure: { labels: { tier: 'edge' } } }),
      ]),
      true,
    ],
    [
      'labels of both',
      meant(selector({ tier: 'edge', a: 'b' }), [
        gateway('shop/door', labels({ a: 'b' }), { infrastructure: { labels: { tier: 'edge' } } }),
      ]),
      true,
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected)
  })
})

describe('classes', () => {
  const role = (name: string, controllerName?: string): string =>
    meshOf(
      controllerName === undefined ? [] : [object('GatewayClass', name, { controllerName })],
    ).get(classRole, name)

  it('have roles', () => {
    expect(
      [
        'istio-waypoint',
        'istio-agentgateway-waypoint',
        'istio',
        'istio-remote',
        'istio-agentgateway',
        'istio-east-west',
        'nginx',
      ].map((name) => role(name)),
    ).toEqual(['waypoint', 'waypoint', 'ingress', 'ingress', 'ingress', 'east-west', 'unknown'])
    expect([
      role('mine', 'istio.io/mesh-controller'),
      role('mine', 'istio.io/gateway-controller'),
      role('mine', 'other'),
    ]).toEqual(['waypoint', 'ingress', 'unknown'])
    expect(['istio-waypoint', 'istio-agentgateway-waypoint', 'istio'].map(isWaypointClass)).toEqual(
      [true, true, false],
    )
  })

  it('and pods of gateways have labels', () => {
    expect(
      ['ingressgateway', 'egressgateway', 'ingress', 'other', ''].map((istio) =>
        isGatewayPod({ istio }),
      ),
    ).toEqual([true, true, true, false, false])
    expect([
      isGatewayPod(undefined),
      isGatewayPod({}),
      isGatewayPod({ 'gateway.networking.k8s.io/gateway-name': 'x' }),
    ]).toEqual([false, false, true])
  })

  it.each<[string, readonly string[], string]>([
    ["a waypoint's name", [gateway('shop/w')], 'w'],
    [
      "an east-west gateway's name",
      [gateway('shop/w', {}, { gatewayClassName: 'istio-east-west' })],
      'w',
    ],
    ['name and class', [gateway('shop/w', {}, { gatewayClassName: 'istio' })], 'w-istio'],
    ['name and unknown class', [gateway('shop/w', {}, { gatewayClassName: 'nginx' })], 'w-nginx'],
    [
      'the annotation',
      [gateway('shop/w', { annotations: { 'gateway.istio.io/service-account': 'mine' } })],
      'mine',
    ],
    [
      'no empty annotation',
      [gateway('shop/w', { annotations: { 'gateway.istio.io/service-account': '' } })],
      'w',
    ],
    [
      'that of its pods, where a person deploys it',
      [
        gateway('shop/w', {}, { addresses: [{ type: 'Hostname', value: 'x' }] }),
        pod(
          'shop/p',
          { 'gateway.networking.k8s.io/gateway-name': 'w' },
          { serviceAccountName: 'theirs' },
        ),
        pod('shop/q', { app: 'x' }, { serviceAccountName: 'no' }),
      ],
      'theirs',
    ],
    [
      "a waypoint's name, where a person deploys it elsewhere",
      [
        gateway('shop/w', {}, { addresses: [{ type: 'Hostname', value: 'x' }] }),
        pod(
          'shop/p',
          { 'gateway.networking.k8s.io/gateway-name': 'v' },
          { serviceAccountName: 'theirs' },
        ),
      ],
      'w',
    ],
    [
      "no WorkloadEntry's",
      [
        gateway('shop/w', {}, { addresses: [{ type: 'Hostname', value: 'x' }] }),
        object('WorkloadEntry', 'shop/e', {
          serviceAccount: 'e',
          labels: { 'gateway.networking.k8s.io/gateway-name': 'w' },
        }),
      ],
      'w',
    ],
    [
      'not that of its pods, where istiod deploys it',
      [
        gateway('shop/w', {}, { addresses: [{ type: 'IPAddress', value: '10.0.0.1' }] }),
        pod(
          'shop/p',
          { 'gateway.networking.k8s.io/gateway-name': 'w' },
          { serviceAccountName: 'theirs' },
        ),
      ],
      'w',
    ],
  ])("a gateway's account is %s", (_, objects, expected) => {
    const mesh = meshOf(objects)
    expect(mesh.get(gatewayServiceAccount, the(mesh, 'Gateway'))).toBe(expected)
  })
})

describe('Services and workloads', () => {
  const objects = [
    pod('shop/a', { app: 'api', tier: 'x' }),
    pod('shop/b', { app: 'api' }),
    pod('dev/c', { app: 'api' }),
    object('Pod', 'shop/bare'),
  ]

  it.each<[string, Plain, string[]]>([
    ['all labels', { selector: { app: 'api', tier: 'x' } }, ['shop/a']],
    ['one label', { selector: { app: 'api' } }, ['shop/a', 'shop/b']],
    ['an empty selector', { selector: {} }, []],
    ['no selector', {}, []],
  ])('find each other by %s', (_, spec, expected) => {
    const mesh = meshOf([...objects, service('shop/s', {}, spec)])
    expect(names(mesh.get(workloadsOfService, the(mesh, 'Service')))).toEqual(expected)
    for (const name of ['a', 'b', 'c', 'bare'])
      expect(mesh.get(servicesOfWorkload, workload(mesh, name)).length > 0, name).toBe(
        expected.some((found) => found.endsWith(`/${name}`)),
      )
  })

  it('are all where a selector names no label', () => {
    const mesh = meshOf(objects)
    expect([
      names(selectWorkloads(mesh, {}, 'shop')),
      names(selectWorkloads(mesh, undefined, 'shop')),
      names(selectWorkloads(mesh, {}, undefined)),
    ]).toEqual([
      ['shop/a', 'shop/b', 'shop/bare'],
      ['shop/a', 'shop/b', 'shop/bare'],
      ['dev/c', 'shop/a', 'shop/b', 'shop/bare'],
    ])
    expect([
      names(selectWorkloads(mesh, { app: 'api' }, undefined)),
      names(selectWorkloads(mesh, { app: 'api', tier: 'x' }, undefined)),
      names(selectWorkloads(mesh, { app: 'api' }, 'dev')),
    ]).toEqual([['dev/c', 'shop/a', 'shop/b'], ['shop/a'], ['dev/c']])
  })

  it("find each other by a ServiceEntry's workload selector", () => {
    const mesh = meshOf([
      ...objects,
      object('ServiceEntry', 'shop/e', {
        hosts: ['a.b'],
        workloadSelector: { labels: { app: 'api' } },
      }),
    ])
    expect(names(mesh.get(workloadsOfService, the(mesh, 'ServiceEntry')))).toEqual([
      'shop/a',
      'shop/b',
    ])
  })

  it('agree on ports', () => {
    const mesh = meshOf([
      pod(
        'shop/p',
        {},
        {
          containers: [
            {
              name: 'a',
              ports: [
                { name: 'web', containerPort: 8080 },
                { name: '80', containerPort: 9999 },
              ],
            },
          ],
        },
      ),
      object('WorkloadEntry', 'shop/e', { ports: { web: 8080, bad: 'x1', worse: '1x' } }),
    ])
    const of = (name: string, port: number | string): number | undefined =>
      targetPortOf(workload(mesh, name), port)
    expect([
      of('p', 81),
      of('p', 'web'),
      of('p', '80'),
      of('p', '8080'),
      of('p', 'gone'),
      of('p', '8080x'),
      of('p', 'x8080'),
      of('p', ''),
    ]).toEqual([81, 8080, 9999, 8080, undefined, undefined, undefined, undefined])
    expect([
      of('e', 81),
      of('e', 'web'),
      of('e', 'gone'),
      of('e', '8080'),
      of('e', 'bad'),
      of('e', 'worse'),
    ]).toEqual([81, 8080, undefined, undefined, undefined, undefined])
  })
})

describe('the waypoint', () => {
  const use = (name: string, where?: string): Plain => ({
    'istio.io/use-waypoint': name,
    ...(where === undefined ? {} : { 'istio.io/use-waypoint-namespace': where }),
  })
  const ofService = (mesh: Mesh) =>
    mesh.get(waypointOfService, mesh.all('Service')[0] ?? the(mesh, 'ServiceEntry'))
  const toAll = { listeners: [{ ...HBONE, allowedRoutes: { namespaces: { from: 'All' } } }] }

  it('is told with where it is chosen', () => {
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

  it("is none of istiod's own Services and of a waypoint's pods", () => {
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

  it('is refused to ServiceEntries by their visibility', () => {
    const install = (visibility: Plain): string =>
      object('Istio', 'default', { values: { meshConfig: { serviceEntryVisibility: visibility } } })
    const entry = object('ServiceEntry', 'shop/e', { hosts: ['a.b'] }, labels(use('w', 'infra')))
    const said = (
      visibility: Plain,
      objects: readonly string[] = [entry],
      istioVersion = '1.31',
    ): string =>
      ofService(
        meshOf(
          [
            install(visibility),
            namespace('shop', { team: 'x' }),
            gateway('infra/w', {}, toAll),
            gateway('shop/w'),
            ...objects,
          ],
          { world: 'closed', settings: { istioVersion } },
        ),
      ).status
    const rule = (visibility: string, ...matchingRules: Plain[]): Plain => ({
      visibility,
      matchingRules: matchingRules.map((matchLabels) => ({ namespaceSelector: { matchLabels } })),
    })
    expect([
      said({}),
      said({ defaultVisibility: 'NAMESPACE' }),
      said({ defaultVisibility: 'NAMESPACE' }, [entry], '1.30'),
      said({ defaultVisibility: 'NONE' }),
    ]).toEqual(['bound', 'error', 'bound', 'bound'])
    expect(
      said({ defaultVisibility: 'NAMESPACE' }, [
        object('ServiceEntry', 'shop/e', { hosts: ['a.b'] }, labels(use('w'))),
      ]),
    ).toBe('bound')
    expect(said({ defaultVisibility: 'NAMESPACE' }, [service('shop/s', use('w', 'infra'))])).toBe(
      'bound',
    )
    expect(said({ policies: [rule('NAMESPACE', { team: 'x' })] })).toBe('error')
    expect(said({ policies: [rule('NAMESPACE', { team: 'y' })] })).toBe('bound')
    expect(said({ policies: [rule('NAMESPACE', { team: 'x' }, { team: 'y' })] })).toBe('bound')
    expect(said({ policies: [rule('NAMESPACE', { 'kubernetes.io/metadata.name': 'shop' })] })).toBe(
      'error',
    )
    expect(
      said({
        policies: [rule('PUBLIC', { team: 'x' }), rule('NAMESPACE', { team: 'x' })],
        defaultVisibility: 'NAMESPACE',
      }),
    ).toBe('bound')
  })

  it('admits the namespaces that its listener on 15008 allows', () => {
    const from = (
      allowedRoutes: Plain | undefined,
      {
        listener = {},
        objects = [namespace('shop', { team: 'x' })],
        options = { world: 'closed' },
      }: { listener?: Plain; objects?: readonly string[]; options?: AnalyseOptions } = {},
    ): string => {
      const binding = ofService(
        meshOf(
          [
            ...objects,
            service('shop/s', use('w', 'infra')),
            gateway(
              'infra/w',
              {},
              {
                listeners: [
                  {
                    name: 'http',
                    port: 80,
                    protocol: 'HTTP',
                    allowedRoutes: { namespaces: { from: 'All' } },
                  },
                  {
                    ...HBONE,
                    ...listener,
                    ...(allowedRoutes ? { allowedRoutes: { namespaces: allowedRoutes } } : {}),
                  },
                ],
              },
            ),
          ],
          options,
        ),
      )
      return binding.status === 'error' ? binding.reason : binding.status
    }
    const byLabels = (matchLabels: Plain): Plain => ({
      from: 'Selector',
      selector: { matchLabels },
    })
    expect([
      from({ from: 'All' }),
      from({ from: 'Same' }),
      from(undefined),
      from({ ...byLabels({ team: 'x' }), from: 'None' }),
    ]).toEqual(['bound', 'AttachmentDenied', 'AttachmentDenied', 'AttachmentDenied'])
    expect([
      from(byLabels({ team: 'x' })),
      from(byLabels({ team: 'y' })),
      from(byLabels({ 'kubernetes.io/metadata.name': 'shop' })),
      from({ from: 'Selector' }),
    ]).toEqual(['bound', 'AttachmentDenied', 'bound', 'AttachmentDenied'])
    expect([
      from({ from: 'All' }, { listener: { port: 15009 } }),
      from({ from: 'All' }, { listener: { protocol: 'TLS' } }),
    ]).toEqual(['AttachmentDenied', 'AttachmentDenied'])
    expect([
      from(byLabels({ team: 'x' }), { objects: [], options: OPEN }),
      from(byLabels({ team: 'x' }), { objects: [] }),
    ]).toEqual(['unknown', 'AttachmentDenied'])
  })

  it('is not known where another tool fills it in', () => {
    const filled = meshOf([namespace('shop'), service('shop/s', use('${W}')), gateway('shop/w')])
    expect(ofService(filled)).toMatchObject({ status: 'unknown', choice: { name: '${W}' } })
    expect(
      ofService(
        meshOf([namespace('shop'), service('shop/s', use('w', '${NS}')), gateway('shop/w')]),
      ).status,
    ).toBe('unknown')
    expect([certaintyOf(ofService(filled)).level, boundName(ofService(filled))]).toEqual([
      'unknown',
      undefined,
    ])
  })

  it('of a namespace is what its Namespace says, or the only one in it where none says', () => {
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

  it('taken as used for its namespace does not refuse what it does not serve', () => {
    const mesh = meshOf(
      [gateway('shop/w'), object('ServiceEntry', 'shop/e', { hosts: ['a.b'] })],
      OPEN,
    )
    expect(ofService(mesh)).toMatchObject({ status: 'bound', choice: undefined })
  })

  it('knows its Services', () => {
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
    expect(boundName(mesh.get(waypointOfService, mesh.named('Service', 'shop', 'a')!))).toBe(
      'shop/w',
    )
    expect(
      boundName(mesh.get(waypointOfService, mesh.named('Service', 'shop', 'b')!)),
    ).toBeUndefined()
    expect(certaintyOf(mesh.get(waypointOfService, mesh.named('Service', 'shop', 'a')!))).toEqual({
      level: 'certain',
    })
  })
})

describe('the canary waypoint', () => {
  const CANARY = 'istio.io/use-waypoint-canary'
  const WEIGHT = `${CANARY}-weight`
  const base = [
    gateway('shop/w'),
    gateway('shop/next'),
    gateway(
      'infra/w',
      {},
      { listeners: [{ ...HBONE, allowedRoutes: { namespaces: { from: 'All' } } }] },
    ),
    gateway('infra/closed'),
    gateway('shop/pods', labels({ 'istio.io/waypoint-for': 'workload' })),
  ]
  const chosen = (
    given: Plain,
    weight: Plain = { [WEIGHT]: '5' },
    {
      ns = namespace('shop'),
      options = { world: 'closed' },
      objects = base,
    }: { ns?: string; options?: AnalyseOptions; objects?: readonly string[] } = {},
  ): unknown => {
    const mesh = meshOf(
      [ns, ...objects, service('shop/s', { 'istio.io/use-waypoint': 'w', ...given }, {}, weight)],
      options,
    )
    const binding = mesh.get(canaryBinding, the(mesh, 'Service'))
    if (binding.status === 'error') return `${binding.reason} ${binding.namespace}/${binding.name}`
    return binding.status === 'bound'
      ? `${binding.gateway.namespace}/${binding.gateway.name} ${binding.weight}`
      : binding.status
  }
  const inheriting = { 'istio.io/use-waypoint': undefined }
  const ns = (given: Plain, annotations: Plain = {}): string =>
    namespace('shop', { ...AMBIENT, 'istio.io/use-waypoint': 'w', ...given }, annotations)

  it.each<[string, unknown, string]>([
    ['chosen', chosen({ [CANARY]: 'next' }), 'shop/next 5'],
    ['elsewhere', chosen({ [CANARY]: 'w', [`${CANARY}-namespace`]: 'infra' }), 'infra/w 5'],
    ['no weight', chosen({ [CANARY]: 'next' }, {}), 'shop/next 0'],
    ['all', chosen({ [CANARY]: 'next' }, { [WEIGHT]: '100' }), 'shop/next 100'],
    ['a signed weight', chosen({ [CANARY]: 'next' }, { [WEIGHT]: '+7' }), 'shop/next 7'],
    [
      'above all',
      chosen({ [CANARY]: 'next' }, { [WEIGHT]: '101' }),
      'CanaryInvalidWeight shop/next',
    ],
    [
      'below none',
      chosen({ [CANARY]: 'next' }, { [WEIGHT]: '-1' }),
      'CanaryInvalidWeight shop/next',
    ],
    ['a share', chosen({ [CANARY]: 'next' }, { [WEIGHT]: '5%' }), 'CanaryInvalidWeight shop/next'],
    ['a float', chosen({ [CANARY]: 'next' }, { [WEIGHT]: '1e1' }), 'CanaryInvalidWeight shop/next'],
    ['a text', chosen({ [CANARY]: 'next' }, { [WEIGHT]: 'x5' }), 'CanaryInvalidWeight shop/next'],
    ['the primary', chosen({ [CANARY]: 'w' }), 'CanarySameAsPrimary shop/w'],
    ['not there', chosen({ [CANARY]: 'gone' }), 'WaypointIsNotReady shop/gone'],
    [
      'perhaps elsewhere',
      chosen(
        { [CANARY]: 'gone', [`${CANARY}-namespace`]: 'far' },
        { [WEIGHT]: '5' },
        { options: OPEN },
      ),
      'unknown',
    ],
    [
      'not for this namespace',
      chosen({ [CANARY]: 'closed', [`${CANARY}-namespace`]: 'infra' }),
      'AttachmentDenied infra/closed',
    ],
    [
      'perhaps not for this namespace',
      chosen(
        { [CANARY]: 'picky', [`${CANARY}-namespace`]: 'infra' },
        { [WEIGHT]: '5' },
        {
          ns: '',
          options: OPEN,
          objects: [
            ...base,
            gateway(
              'infra/picky',
              {},
              {
                listeners: [
                  {
                    ...HBONE,
                    allowedRoutes: {
                      namespaces: { from: 'Selector', selector: { matchLabels: { a: 'b' } } },
                    },
                  },
                ],
              },
            ),
          ],
        },
      ),
      'unknown',
    ],
    ['for workloads', chosen({ [CANARY]: 'pods' }), 'UnsupportedTrafficType shop/pods'],
    ['filled in', chosen({ [CANARY]: '${X}' }), 'unknown'],
    [
      'in a namespace that is filled in',
      chosen({ [CANARY]: 'next', [`${CANARY}-namespace`]: '${X}' }),
      'unknown',
    ],
    ['none', chosen({ [CANARY]: 'none' }), 'none'],
    ['empty', chosen({ [CANARY]: '' }), 'none'],
    ['not chosen', chosen({}), 'none'],
    ['without a primary', chosen({ 'istio.io/use-waypoint': 'none', [CANARY]: 'next' }), 'none'],
    [
      'before 1.31',
      chosen(
        { [CANARY]: 'next' },
        { [WEIGHT]: '5' },
        { options: { world: 'closed', settings: { istioVersion: '1.30' } } },
      ),
      'none',
    ],
    [
      'of the Namespace',
      chosen(inheriting, {}, { ns: ns({ [CANARY]: 'next' }, { [WEIGHT]: '9' }) }),
      'shop/next 9',
    ],
    [
      'of the Namespace elsewhere',
      chosen(
        inheriting,
        {},
        { ns: ns({ [CANARY]: 'w', [`${CANARY}-namespace`]: 'infra' }, { [WEIGHT]: '9' }) },
      ),
      'infra/w 9',
    ],
    [
      "of the Namespace with the Service's weight",
      chosen(inheriting, { [WEIGHT]: '5' }, { ns: ns({ [CANARY]: 'next' }, { [WEIGHT]: '9' }) }),
      'shop/next 5',
    ],
    [
      "the Service's before the Namespace's",
      chosen({ ...inheriting, [CANARY]: 'pods' }, {}, { ns: ns({ [CANARY]: 'next' }) }),
      'UnsupportedTrafficType shop/pods',
    ],
    [
      "the Service's where the Namespace has none",
      chosen({ ...inheriting, [CANARY]: 'next' }, {}, { ns: ns({}) }),
      'shop/next 0',
    ],
    [
      'not of the Namespace, where the Service chooses',
      chosen({}, {}, { ns: ns({ [CANARY]: 'next' }) }),
      'none',
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected)
  })

  it('takes a share from one percent on', () => {
    const taken = (weight: string, given: Plain = { [CANARY]: 'next' }): string | undefined => {
      const mesh = meshOf([
        namespace('shop'),
        ...base,
        service('shop/s', { 'istio.io/use-waypoint': 'w', ...given }, {}, { [WEIGHT]: weight }),
      ])
      return canaryOfService(mesh, the(mesh, 'Service'))?.name
    }
    expect([taken('0'), taken('1'), taken('101'), taken('5', {})]).toEqual([
      undefined,
      'next',
      undefined,
      undefined,
    ])
  })
})

describe('enrolment', () => {
  const INJECT = 'sidecar.istio.io/inject'
  const of = (
    objects: readonly string[],
    options: AnalyseOptions = { world: 'closed' },
    name = 'shop',
  ): unknown => {
    const { mode, certainty, evidence } = meshOf(objects, options).get(namespaceEnrolment, name)
    return [
      mode,
      certainty.level === 'assumed' ? certainty.assumption : certainty.level,
      ...evidence.map(
        ({ resource, path, message }) => `${resource.type} ${path.join('.')}: ${message}`,
      ),
    ]
  }
  const ofPod = (objects: readonly string[], name = 'p'): unknown => {
    const mesh = meshOf(objects)
    const { mode, certainty, evidence } = mesh.get(enrolmentOf, workload(mesh, name))
    return [
      mode,
      certainty.level,
      ...evidence.map(
        ({ resource, path, message }) => `${resource.type} ${path.join('.')}: ${message}`,
      ),
    ]
  }

  it.each<[string, unknown, unknown]>([
    [
      'by label',
      of([namespace('shop')]),
      [
        'ambient',
        'certain',
        'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: ambient.',
      ],
    ],
    [
      'none by label',
      of([namespace('shop', { 'istio.io/dataplane-mode': 'none' })]),
      [
        'none',
        'certain',
        'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: none.',
      ],
    ],
    [
      'sidecars by label',
      of([namespace('shop', { 'istio-injection': 'enabled' })]),
      [
        'sidecar',
        'certain',
        'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: enabled.',
      ],
    ],
    [
      'sidecars by revision',
      of([namespace('shop', { 'istio.io/rev': 'a' })]),
      [
        'sidecar',
        'certain',
        'Namespace metadata.labels.istio.io/rev: Namespace "shop" has istio.io/rev: a.',
      ],
    ],
    [
      'none by injection',
      of([namespace('shop', { 'istio-injection': 'disabled' })]),
      [
        'none',
        'certain',
        'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: disabled.',
      ],
    ],
    [
      'filled in: mode',
      of([namespace('shop', { 'istio.io/dataplane-mode': '${A}' })]),
      [
        'unknown',
        'unknown',
        'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: ${A}.',
      ],
    ],
    [
      'filled in: injection',
      of([namespace('shop', { 'istio-injection': '${A}' })]),
      [
        'unknown',
        'unknown',
        'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: ${A}.',
      ],
    ],
    [
      'filled in: revision',
      of([namespace('shop', { 'istio.io/rev': '${A}' })]),
      [
        'unknown',
        'unknown',
        'Namespace metadata.labels.istio.io/rev: Namespace "shop" has istio.io/rev: ${A}.',
      ],
    ],
    [
      'no label',
      of([namespace('shop', {})]),
      [
        'none',
        'certain',
        'Namespace metadata.name: Namespace "shop" has no istio.io/dataplane-mode label.',
      ],
    ],
    ['no Namespace', of([]), ['none', 'certain']],
    [
      'no label, others have one',
      of([namespace('shop', {}), namespace('dev')], OPEN),
      [
        'none',
        'certain',
        'Namespace metadata.name: Namespace "shop" has no istio.io/dataplane-mode label.',
      ],
    ],
    [
      'no Namespace, others have a label',
      of([namespace('dev')], OPEN),
      ['ambient', 'namespace "shop" is ambient'],
    ],
    [
      'no label, others have one, all are taken',
      of([namespace('shop', {}), namespace('dev')], { settings: { assumeAmbient: 'all' } }),
      ['ambient', 'namespace "shop" is ambient'],
    ],
    [
      'the setting says so',
      of([], { settings: { assumeAmbient: 'unknown-namespaces' } }),
      ['ambient', 'namespace "shop" is ambient'],
    ],
    [
      'a waypoint',
      of([gateway('shop/w')], OPEN),
      [
        'ambient',
        'namespace "shop" is ambient, because it has the waypoint "w"',
        'Gateway metadata.name: A waypoint of this namespace.',
      ],
    ],
    [
      'a policy for a class',
      of(
        [
          policy('shop/p', {
            targetRefs: [
              { group: '', kind: 'Service', name: 'a' },
              { group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'a' },
            ],
          }),
        ],
        OPEN,
      ),
      [
        'ambient',
        'namespace "shop" is ambient, because the policy "p" there targets a waypoint',
        'AuthorizationPolicy spec.targetRefs: A policy that targets a waypoint.',
      ],
    ],
    [
      'a policy for a Gateway',
      of(
        [
          policy('shop/p', {
            targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'a' }],
          }),
        ],
        OPEN,
      ),
      [
        'ambient',
        'namespace "shop" is ambient, because the policy "p" there targets a waypoint',
        'AuthorizationPolicy spec.targetRefs: A policy that targets a waypoint.',
      ],
    ],
    [
      'a policy for a Gateway of agents',
      of(
        [
          policy('shop/p', {
            targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'w' }],
          }),
          gateway('shop/w', {}, { gatewayClassName: 'istio' }),
        ],
        { settings: { assumeAmbient: 'none' } },
      ),
      ['unknown', 'unknown'],
    ],
    [
      'a policy for a Service',
      of([policy('shop/p', { targetRefs: [{ group: '', kind: 'Service', name: 'a' }] })], OPEN),
      ['ambient', 'namespace "shop" is ambient'],
    ],
    [
      'a sidecar',
      of([pod('shop/p', { [INJECT]: 'true' })], OPEN),
      [
        'sidecar',
        'namespace "shop" uses sidecars, because "p" there has one',
        'Pod metadata.name: A workload with a sidecar.',
      ],
    ],
    [
      'a sidecar by annotation',
      of([object('Pod', 'shop/p', {}, { annotations: { [INJECT]: 'true' } })], OPEN),
      [
        'sidecar',
        'namespace "shop" uses sidecars, because "p" there has one',
        'Pod metadata.name: A workload with a sidecar.',
      ],
    ],
    [
      'a sidecar by status',
      of([object('Pod', 'shop/p', {}, { annotations: { 'sidecar.istio.io/status': '' } })], OPEN),
      [
        'sidecar',
        'namespace "shop" uses sidecars, because "p" there has one',
        'Pod metadata.name: A workload with a sidecar.',
      ],
    ],
    [
      'a sidecar that is refused',
      of([pod('shop/p', { [INJECT]: 'false' })], OPEN),
      ['ambient', 'namespace "shop" is ambient'],
    ],
    [
      'no sidecar of a WorkloadEntry',
      of([object('WorkloadEntry', 'shop/e', { labels: { [INJECT]: 'true' } })], OPEN),
      ['ambient', 'namespace "shop" is ambient'],
    ],
    [
      'an install without ambient',
      of([object('Istio', 'default', { profile: 'default' })], OPEN),
      [
        'sidecar',
        'namespace "shop" uses sidecars, because the install in these files is not ambient',
      ],
    ],
    [
      'an install with ambient',
      of([object('Istio', 'default', { profile: 'ambient' })], OPEN),
      ['ambient', 'namespace "shop" is ambient, because the install in these files is'],
    ],
    [
      'an install with ambient, for the root',
      of([object('Istio', 'default', { profile: 'ambient' })], OPEN, 'istio-system'),
      ['ambient', 'namespace "istio-system" is ambient, because the install in these files is'],
    ],
    ['the root', of([], OPEN, 'istio-system'), ['unknown', 'unknown']],
    [
      'what the CNI leaves out',
      of([object('Istio', 'default', { profile: 'ambient' })], OPEN, 'kube-system'),
      ['unknown', 'unknown'],
    ],
    [
      'gateway pods alone',
      of([pod('shop/p', { istio: 'ingressgateway' })], OPEN),
      ['unknown', 'unknown'],
    ],
    [
      'gateway pods and others',
      of([pod('shop/p', { istio: 'ingressgateway' }), pod('shop/q')], OPEN),
      ['ambient', 'namespace "shop" is ambient'],
    ],
    [
      'a Gateway of Istio alone',
      of([object('Gateway', 'shop/g', {}, {}, 'networking.istio.io/v1')], OPEN),
      ['unknown', 'unknown'],
    ],
    [
      'Gateways of both APIs',
      of(
        [
          object('Gateway', 'shop/g', {}, {}, 'networking.istio.io/v1'),
          gateway('shop/h', {}, { gatewayClassName: 'istio' }),
        ],
        OPEN,
      ),
      ['unknown', 'unknown'],
    ],
    [
      'a Gateway and a Service',
      of([gateway('shop/g', {}, { gatewayClassName: 'istio' }), service('shop/s')], OPEN),
      ['ambient', 'namespace "shop" is ambient'],
    ],
    ...['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'].map(
      (name): [string, unknown, unknown] => [
        `${name} is never injected`,
        of(
          [namespace(name, { 'istio-injection': 'enabled', ...AMBIENT })],
          { world: 'closed' },
          name,
        ),
        [
          'ambient',
          'certain',
          `Namespace metadata.labels.istio.io/dataplane-mode: Namespace "${name}" has istio.io/dataplane-mode: ambient.`,
        ],
      ],
    ),
  ])('of a namespace: %s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })

  it.each<[string, unknown, unknown]>([
    [
      "its namespace's",
      ofPod([namespace('shop'), pod('shop/p')]),
      [
        'ambient',
        'certain',
        'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: ambient.',
      ],
    ],
    [
      'a WorkloadEntry',
      ofPod([namespace('shop'), object('WorkloadEntry', 'shop/p')]),
      [
        'none',
        'certain',
        'WorkloadEntry kind: A WorkloadEntry is no pod: ztunnel does not capture it.',
      ],
    ],
    [
      'on the host network',
      ofPod([
        namespace('shop'),
        object('Deployment', 'shop/p', { template: { spec: { hostNetwork: true } } }),
      ]),
      [
        'none',
        'certain',
        'Deployment spec.template.spec.hostNetwork: A pod on the host network is never captured.',
      ],
    ],
    [
      'with a sidecar',
      ofPod([
        namespace('shop'),
        object('Deployment', 'shop/p', {
          template: { metadata: { annotations: { 'sidecar.istio.io/status': '' } } },
        }),
      ]),
      [
        'sidecar',
        'certain',
        'Deployment spec.template.metadata.annotations.sidecar.istio.io/status: The pod has a sidecar.',
      ],
    ],
    [
      'ended',
      ofPod([
        namespace('shop'),
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'p', namespace: 'shop' },
          status: { phase: 'Failed' },
        }),
      ]),
      ['none', 'certain', 'Pod status.phase: The pod has ended.'],
    ],
    [
      'that asks for a sidecar',
      ofPod([
        namespace('shop'),
        object('Deployment', 'shop/p', {
          template: { metadata: { labels: { [INJECT]: 'true' } } },
        }),
      ]),
      [
        'sidecar',
        'certain',
        `Deployment spec.template.metadata.labels.${INJECT}: The pod asks for a sidecar.`,
      ],
    ],
    [
      'that asks for a sidecar where nobody injects',
      ofPod([
        namespace('shop', { ...AMBIENT, 'istio-injection': 'disabled' }),
        pod('shop/p', { [INJECT]: 'true' }),
      ]),
      [
        'ambient',
        'certain',
        'Namespace metadata.labels.istio.io/dataplane-mode: Namespace "shop" has istio.io/dataplane-mode: ambient.',
      ],
    ],
    [
      'left out by the CNI',
      ofPod([namespace('kube-system'), pod('kube-system/p')]),
      ['none', 'certain', 'Pod metadata.namespace: The CNI leaves out namespace "kube-system".'],
    ],
    [
      'by its own label',
      ofPod([
        namespace('shop', {}),
        object('Deployment', 'shop/p', { template: { metadata: { labels: AMBIENT } } }),
      ]),
      [
        'ambient',
        'certain',
        'Deployment spec.template.metadata.labels.istio.io/dataplane-mode: The pod has istio.io/dataplane-mode: ambient.',
      ],
    ],
    [
      'none by its own label',
      ofPod([namespace('shop'), pod('shop/p', { 'istio.io/dataplane-mode': 'none' })]),
      [
        'none',
        'certain',
        'Pod metadata.labels.istio.io/dataplane-mode: The pod has istio.io/dataplane-mode: none.',
      ],
    ],
    [
      'filled in',
      ofPod([namespace('shop'), pod('shop/p', { 'istio.io/dataplane-mode': '${A}' })]),
      ['unknown', 'unknown'],
    ],
    [
      'injected by its namespace',
      ofPod([namespace('shop', { 'istio-injection': 'enabled' }), pod('shop/p')]),
      [
        'sidecar',
        'certain',
        'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: enabled.',
      ],
    ],
    [
      'that refuses injection',
      ofPod([
        namespace('shop', { 'istio-injection': 'enabled' }),
        pod('shop/p', { [INJECT]: 'false' }),
      ]),
      [
        'none',
        'certain',
        'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: enabled.',
      ],
    ],
    [
      'that refuses injection in an ambient namespace',
      ofPod([
        namespace('shop', { 'istio-injection': 'enabled', ...AMBIENT }),
        pod('shop/p', { [INJECT]: 'false' }),
      ]),
      [
        'ambient',
        'certain',
        'Namespace metadata.labels.istio-injection: Namespace "shop" has istio-injection: enabled.',
      ],
    ],
  ])('of a pod: %s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })

  it('of a namespace that only the setting takes as ambient says so', () => {
    expect(meshOf([], OPEN).get(namespaceEnrolment, 'shop').certainty).toMatchObject({
      level: 'assumed',
      setting: 'assumeAmbient',
    })
    expect(
      meshOf([gateway('shop/w')], OPEN).get(namespaceEnrolment, 'shop').certainty,
    ).not.toHaveProperty('setting', 'assumeAmbient')
  })

  it('of a pod in a namespace that is taken to use sidecars is that, unless its own label says more', () => {
    const mesh = meshOf(
      [
        pod('shop/q', { [INJECT]: 'true' }),
        pod('shop/p'),
        pod('shop/r', AMBIENT),
        pod('shop/s', { [INJECT]: 'false' }),
      ],
      OPEN,
    )
    expect(['p', 'r', 's'].map((name) => mesh.get(enrolmentOf, workload(mesh, name)).mode)).toEqual(
      ['sidecar', 'ambient', 'none'],
    )
  })

  it('knows a Namespace that is defined once, or twice with equal mesh labels', () => {
    const same = (a: Plain, b: Plain): boolean =>
      meshOf([namespace('shop', a), namespace('shop', b)]).get(namespaceObject, 'shop') !==
      undefined
    expect([
      same(AMBIENT, { ...AMBIENT, team: 'x' }),
      same({ ...AMBIENT, team: 'y' }, { ...AMBIENT, team: 'x' }),
      same(AMBIENT, {}),
      same({}, AMBIENT),
      same(AMBIENT, { 'istio.io/dataplane-mode': 'none' }),
    ]).toEqual([true, true, false, false, false])
    expect(
      meshOf([namespace('shop', {}), namespace('shop', AMBIENT), namespace('shop', {})]).get(
        namespaceObject,
        'shop',
      ),
    ).toBeUndefined()
    expect(meshOf([]).get(namespaceObject, 'shop')).toBeUndefined()
  })

  it('tells the labels of a namespace where they are sure', () => {
    const of2 = (objects: readonly string[], options: AnalyseOptions): unknown =>
      meshOf(objects, options).get(namespaceLabels, 'shop')
    expect([
      of2([namespace('shop')], OPEN),
      of2([namespace('shop', { team: 'x' })], OPEN),
      of2([], OPEN),
      of2([namespace('shop', { team: 'x' })], { world: 'closed' }),
      of2([], { world: 'closed' }),
    ]).toEqual([AMBIENT, undefined, undefined, { team: 'x' }, {}])
    expect(of2([object('Namespace', 'shop'), namespace('dev')], OPEN)).toEqual({})
  })
})
