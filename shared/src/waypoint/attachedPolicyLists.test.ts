import { describe, expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import { analyse } from '../testing/index.js'
import {
  policiesAtConnect,
  policiesAtSidecar,
  policiesAtWaypoint,
  policiesOfService,
  requestAuthenticationsAtSidecar,
} from './attachedPolicies.js'
import { GATEWAY, MESH, object, ref, type Plain, LISTENERS } from '../testing/attachmentMesh.js'

it('a waypoint lists a policy once if several targetRefs lead to the same chain', () => {
  const both = {
    targetRefs: [
      { group: GATEWAY, kind: 'Gateway', name: 'edge' },
      { group: '', kind: 'Service', name: 'api' },
    ],
  }
  const { mesh } = analyse(
    [
      object('Gateway', 'shop/edge', { gatewayClassName: 'istio-waypoint', listeners: LISTENERS }),
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
