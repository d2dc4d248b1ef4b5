import { describe, expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import { analyse } from '../testing/index.js'
import {
  policiesAtConnect,
  policiesAtSidecar,
  policiesAtWaypoint,
  policiesOfService,
  requestAuthenticationsAtSidecar,
  requestAuthenticationsAtWaypoint,
} from './attachedPolicies.js'

type Plain = Readonly<Record<string, unknown>>

const API: Readonly<Record<string, string>> = {
  Gateway: 'gateway.networking.k8s.io/v1',
  GatewayClass: 'gateway.networking.k8s.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  Service: 'v1',
  Pod: 'v1',
}
const object = (kind: string, at: string, spec: Plain = {}, labels: Plain = {}): string => {
  const [namespace, name] = at.split('/')
  return JSON.stringify({
    apiVersion: API[kind] ?? 'security.istio.io/v1',
    kind,
    metadata: { name, namespace, labels },
    spec,
  })
}
const GATEWAY = 'gateway.networking.k8s.io'
const ref = (group: string, kind: string, name: string, namespace?: string): Plain => ({
  targetRefs: [{ group, kind, name, ...(namespace === undefined ? {} : { namespace }) }],
})
const MESH = [
  object('Gateway', 'infra/edge', { gatewayClassName: 'istio-waypoint' }, { tier: 'x' }),
  object('Gateway', 'infra/other', { gatewayClassName: 'istio-waypoint' }),
  object('Gateway', 'shop/edge', { gatewayClassName: 'istio-waypoint' }),
  object('GatewayClass', '/mine', { controllerName: 'istio.io/mesh-controller' }),
  object('Service', 'shop/api', { ports: [] }),
  object('Service', 'shop/web', { ports: [] }),
  object('Service', 'infra/api', { ports: [] }),
  object('ServiceEntry', 'shop/api', { hosts: ['a.b'] }),
  object('Pod', 'shop/api', {}, { app: 'api' }),
]

/** For one chain, whether a policy attaches to it; asked for both kinds of policies, which must agree. */
function attaches(
  spec: Plain,
  at: string,
  chain: 'Service' | 'ServiceEntry' | 'workloads',
): boolean {
  const { mesh } = analyse(
    [
      ...MESH,
      object('AuthorizationPolicy', at, spec),
      object('RequestAuthentication', at, spec),
    ].join('\n---\n'),
    { world: 'closed' },
  )
  const gateway = mesh.named('Gateway', 'infra', 'edge')!
  const on = {
    gateway,
    service: chain === 'workloads' ? undefined : mesh.named(chain, 'shop', 'api'),
  }
  const answers = [
    policiesAtWaypoint(mesh, on).length === 1,
    requestAuthenticationsAtWaypoint(mesh, on).length === 1,
  ]
  expect(answers[0]).toBe(answers[1])
  return answers[0] ?? false
}

describe('the chains of a waypoint that enforce a policy', () => {
  it.each<[string, Plain, string, boolean, boolean, boolean]>([
    ['the Gateway', ref(GATEWAY, 'Gateway', 'edge'), 'infra/p', true, true, true],
    [
      'the Gateway with its namespace',
      ref(GATEWAY, 'Gateway', 'edge', 'infra'),
      'infra/p',
      true,
      true,
      true,
    ],
    [
      'the Gateway with an empty namespace',
      ref(GATEWAY, 'Gateway', 'edge', ''),
      'infra/p',
      true,
      true,
      true,
    ],
    [
      'the Gateway with another namespace',
      ref(GATEWAY, 'Gateway', 'edge', 'shop'),
      'infra/p',
      false,
      false,
      false,
    ],
    [
      'the Gateway, from another namespace',
      ref(GATEWAY, 'Gateway', 'edge'),
      'shop/p',
      false,
      false,
      false,
    ],
    [
      'the Gateway with its namespace, from another namespace',
      ref(GATEWAY, 'Gateway', 'edge', 'infra'),
      'shop/p',
      false,
      false,
      false,
    ],
    ['another Gateway', ref(GATEWAY, 'Gateway', 'other'), 'infra/p', false, false, false],
    [
      'another kind with the same name',
      ref(GATEWAY, 'HTTPRoute', 'edge'),
      'infra/p',
      false,
      false,
      false,
    ],
    [
      'a Gateway of Istio',
      ref('networking.istio.io', 'Gateway', 'edge'),
      'infra/p',
      false,
      false,
      false,
    ],
    [
      'the class',
      ref(GATEWAY, 'GatewayClass', 'istio-waypoint'),
      'istio-system/p',
      true,
      true,
      true,
    ],
    [
      'the class, from a namespace that is not the root',
      ref(GATEWAY, 'GatewayClass', 'istio-waypoint'),
      'infra/p',
      false,
      false,
      false,
    ],
    ['another class', ref(GATEWAY, 'GatewayClass', 'mine'), 'istio-system/p', false, false, false],
    [
      'a class of another group',
      ref('', 'GatewayClass', 'istio-waypoint'),
      'istio-system/p',
      false,
      false,
      false,
    ],
    ['the Service', ref('', 'Service', 'api'), 'shop/p', true, false, false],
    ['the Service of the core group', ref('core', 'Service', 'api'), 'shop/p', true, false, false],
    [
      'a Service of another group',
      ref('networking.istio.io', 'Service', 'api'),
      'shop/p',
      false,
      false,
      false,
    ],
    ['another Service', ref('', 'Service', 'web'), 'shop/p', false, false, false],
    [
      'a Service of the same name in another namespace',
      ref('', 'Service', 'api'),
      'infra/p',
      false,
      false,
      false,
    ],
    [
      'the ServiceEntry',
      ref('networking.istio.io', 'ServiceEntry', 'api'),
      'shop/p',
      false,
      true,
      false,
    ],
    [
      'a ServiceEntry of another group',
      ref('', 'ServiceEntry', 'api'),
      'shop/p',
      false,
      false,
      false,
    ],
    [
      'none, but a selector',
      { selector: { matchLabels: { tier: 'x' } } },
      'infra/p',
      false,
      false,
      false,
    ],
    ['none', {}, 'infra/p', false, false, false],
    ['none, in the root namespace', {}, 'istio-system/p', false, false, false],
    [
      'the Gateway and another Service',
      {
        targetRefs: [
          { group: '', kind: 'Service', name: 'web' },
          { group: GATEWAY, kind: 'Gateway', name: 'edge' },
        ],
      },
      'infra/p',
      true,
      true,
      true,
    ],
    [
      'the Service twice',
      {
        targetRefs: [
          { group: '', kind: 'Service', name: 'api' },
          { group: '', kind: 'Service', name: 'api' },
        ],
      },
      'shop/p',
      true,
      false,
      false,
    ],
  ])('a policy with the target: %s', (_, spec, at, service, entry, workloads) => {
    expect([
      attaches(spec, at, 'Service'),
      attaches(spec, at, 'ServiceEntry'),
      attaches(spec, at, 'workloads'),
    ]).toEqual([service, entry, workloads])
  })
})

it('a waypoint lists a policy once if several targetRefs lead to the same chain', () => {
  const both = {
    targetRefs: [
      { group: GATEWAY, kind: 'Gateway', name: 'edge' },
      { group: '', kind: 'Service', name: 'api' },
    ],
  }
  const { mesh } = analyse(
    [
      object('Gateway', 'shop/edge', { gatewayClassName: 'istio-waypoint' }),
      object('Service', 'shop/api', { ports: [] }),
      object('AuthorizationPolicy', 'shop/p', both),
    ].join('\n---\n'),
    { world: 'closed' },
  )
  expect(
    policiesAtWaypoint(mesh, {
      gateway: mesh.named('Gateway', 'shop', 'edge')!,
      service: mesh.named('Service', 'shop', 'api'),
    }),
  ).toHaveLength(1)
})

it('lists the policies that target a Service, with a waypoint or without', () => {
  const service = ref('', 'Service', 'api')
  const { mesh } = analyse(
    [
      ...MESH,
      object('AuthorizationPolicy', 'shop/service', service),
      object('AuthorizationPolicy', 'shop/other', ref('apps', 'Service', 'api')),
      object('AuthorizationPolicy', 'shop/gateway', ref(GATEWAY, 'Gateway', 'edge')),
      object('AuthorizationPolicy', 'infra/service', service),
    ].join('\n---\n'),
    { world: 'closed' },
  )
  expect(
    policiesOfService(mesh, mesh.named('Service', 'shop', 'api')!).map(
      ({ namespace, name }) => `${namespace}/${name}`,
    ),
  ).toEqual(['shop/service'])
})

describe('policies without targetRefs', () => {
  const names = (
    found: readonly { readonly namespace: string; readonly name: string }[],
  ): string[] => found.map(({ namespace, name }) => `${namespace}/${name}`).sort()
  const selecting = (matchLabels: Plain): Plain => ({ selector: { matchLabels } })
  const given = (kind: string): string[] => [
    object(kind, 'shop/wide', {}),
    object(kind, 'shop/empty', { selector: {} }),
    object(kind, 'shop/app', selecting({ app: 'api' })),
    object(kind, 'shop/other', selecting({ app: 'web' })),
    object(kind, 'istio-system/wide', {}),
    object(kind, 'istio-system/app', selecting({ app: 'api' })),
    object(kind, 'infra/wide', {}),
    object(kind, 'infra/tier', selecting({ tier: 'x' })),
    object(kind, 'infra/name', selecting({ [`${GATEWAY}/gateway-name`]: 'edge' })),
    object(kind, 'infra/foreign', ref(GATEWAY, 'Gateway', 'edge', 'shop')),
    object(kind, 'infra/target', ref(GATEWAY, 'Gateway', 'edge')),
    object(kind, 'shop/target', ref('', 'Service', 'api')),
  ]
  const { mesh } = analyse(
    [...MESH, ...given('AuthorizationPolicy'), ...given('RequestAuthentication')].join('\n---\n'),
    { world: 'closed' },
  )
  const pod = mesh.workloadsAt(keys.workloads('shop'))[0]!

  it('sidecars enforce the policies without targetRefs that select them', () => {
    const expected = [
      'istio-system/app',
      'istio-system/wide',
      'shop/app',
      'shop/empty',
      'shop/wide',
    ]
    expect(names(mesh.get(policiesAtSidecar, pod))).toEqual(expected)
    expect(names(mesh.get(requestAuthenticationsAtSidecar, pod))).toEqual(expected)
  })

  it('the CONNECT layer enforces policies without targetRefs and policies for its Gateway', () => {
    expect(names(policiesAtConnect(mesh, mesh.named('Gateway', 'infra', 'edge')!))).toEqual([
      'infra/name',
      'infra/target',
      'infra/tier',
      'infra/wide',
      'istio-system/wide',
    ])
  })

  it('a sidecar in the root namespace lists each policy once', () => {
    const root = analyse(
      [
        object('Pod', 'istio-system/a'),
        object('AuthorizationPolicy', 'istio-system/wide', {}),
      ].join('\n---\n'),
      { world: 'closed' },
    ).mesh
    expect(
      names(root.get(policiesAtSidecar, root.workloadsAt(keys.workloads('istio-system'))[0]!)),
    ).toEqual(['istio-system/wide'])
  })
})
