import { describe, expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { policiesAtWaypoint, requestAuthenticationsAtWaypoint } from './attachedPolicies.js'
import { GATEWAY, MESH, object, ref, type Plain } from '../testing/attachmentMesh.js'

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
      false,
      false,
      false,
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
