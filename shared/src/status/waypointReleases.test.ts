import { describe, expect, it } from 'vitest'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { analyse } from '../testing/index.js'
import { predictedStatus } from './predictStatus.js'
import {
  conditions,
  gateway,
  object,
  policy,
  service,
  since,
  type Plain,
} from '../testing/statusOfReleases.js'

describe('WaypointAccepted', () => {
  const ref = (
    kind: string,
    name: string,
    group = kind === 'Service'
      ? ''
      : kind === 'ServiceEntry'
        ? 'networking.istio.io'
        : 'gateway.networking.k8s.io',
  ): Plain => ({ group, kind, name })
  const of = (refs: Plain[], objects: readonly string[] = [], metadata: Plain = {}): string[] =>
    conditions([policy({ targetRefs: refs }, metadata), ...objects])
      .filter((line) => line.startsWith('AuthorizationPolicy'))
      .map((line) => line.replace('AuthorizationPolicy WaypointAccepted ', ''))
  const root = { namespace: 'istio-system' }
  const bound = service({ 'istio.io/use-waypoint': 'waypoint' })

  it.each<[string, string[], string]>([
    [
      'a Gateway',
      of([ref('Gateway', 'waypoint')], [gateway('waypoint')]),
      'True Accepted: bound to shop/waypoint',
    ],
    [
      'no such Gateway',
      of([ref('Gateway', 'gone')], [gateway('waypoint')]),
      'False TargetNotFound: not bound',
    ],
    [
      'a Service',
      of([ref('Service', 'api')], [gateway('waypoint'), bound]),
      'True Accepted: bound to shop/waypoint',
    ],
    [
      'a Service without waypoint',
      of([ref('Service', 'api')], [service({})]),
      'False AncestorNotBound: Service shop/api is not bound to a waypoint',
    ],
    [
      'no such Service',
      of([ref('Service', 'gone')], [bound]),
      'False TargetNotFound: Service shop/gone was not found',
    ],
    [
      'no such ServiceEntry',
      of([ref('ServiceEntry', 'api')], [bound]),
      'False TargetNotFound: ServiceEntry shop/api was not found',
    ],
    [
      'a ServiceEntry without waypoint',
      of([ref('ServiceEntry', 'out')], [object('ServiceEntry', 'out', { hosts: ['a.b'] })]),
      'False AncestorNotBound: ServiceEntry shop/out is not bound to a waypoint',
    ],
    [
      'a class outside of the root',
      of([ref('GatewayClass', 'istio-waypoint')]),
      'False Invalid: AuthorizationPolicy must be in the root namespace `istio-system` when referencing a GatewayClass',
    ],
    [
      'the class of waypoints',
      of([ref('GatewayClass', 'istio-waypoint')], [], root),
      'True Accepted: bound to istio-waypoint',
    ],
    [
      'no such class',
      of([ref('GatewayClass', 'mine')], [], root),
      'False TargetNotFound: not bound',
    ],
    [
      "a class of one's own",
      of(
        [ref('GatewayClass', 'mine')],
        [object('GatewayClass', 'mine', { controllerName: 'istio.io/mesh-controller' })],
        root,
      ),
      'True Accepted: bound to mine',
    ],
    [
      'a class of another controller',
      of(
        [ref('GatewayClass', 'istio-waypoint')],
        [object('GatewayClass', 'istio-waypoint', { controllerName: 'x' })],
        root,
      ),
      'False Invalid: GatewayClass must use controller name `istio.io/mesh-controller` for waypoints',
    ],
    [
      'the class of ingress gateways, which no file defines',
      of([ref('GatewayClass', 'istio')], [], root),
      'False Invalid: GatewayClass must use controller name `istio.io/mesh-controller` for waypoints',
    ],
    [
      'the Service that istiod makes for a waypoint',
      of([ref('Service', 'waypoint')], [gateway('waypoint')]),
      'False AncestorNotBound: Service shop/waypoint is not bound to a waypoint',
    ],
    [
      'several, all bound',
      of([ref('Gateway', 'waypoint'), ref('Service', 'api')], [gateway('waypoint'), bound]),
      'True Accepted: ',
    ],
    [
      'several, some bound',
      of(
        [ref('Gateway', 'gone'), ref('Service', 'api'), ref('Service', 'x')],
        [gateway('waypoint'), bound],
      ),
      'True PartiallyInvalid: Invalid targetRefs: Gateway.gateway.networking.k8s.io:shop/gone, Service.core:shop/x',
    ],
    [
      'several, none bound',
      of([ref('Gateway', 'gone'), ref('Service', 'x')]),
      'False Invalid: Invalid targetRefs: Gateway.gateway.networking.k8s.io:shop/gone, Service.core:shop/x',
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual([expected])
  })

  it.each([
    ['another kind', of([ref('Pod', 'x')])],
    [
      'a Gateway of another namespace',
      of(
        [{ ...ref('Gateway', 'waypoint'), namespace: 'infra' }],
        [gateway('waypoint'), gateway('waypoint', { namespace: 'infra' })],
      ),
    ],
  ])('has no condition for a policy that the API server rejects: %s', (_, found) => {
    expect(found).toEqual([])
  })

  it('knows the GatewayClass since 1.25', () => {
    since(
      '1.25',
      (settings) =>
        conditions(
          [policy({ targetRefs: [ref('GatewayClass', 'istio-waypoint')] }, root)],
          settings,
        ),
      ['AuthorizationPolicy WaypointAccepted False TargetNotFound: not bound'],
      ['AuthorizationPolicy WaypointAccepted True Accepted: bound to istio-waypoint'],
    )
  })
})

describe('WaypointBound', () => {
  const of = (objects: readonly string[], settings: MeshSettings = {}): string[] =>
    conditions(objects, settings)
      .filter((line) => line.includes('WaypointBound'))
      .map((line) => line.replace('istio.io/WaypointBound ', ''))
  const use = { 'istio.io/use-waypoint': 'waypoint' }
  const OK = 'Service True WaypointAccepted: Successfully attached to waypoint shop/waypoint'
  const NOT_USED = `${OK}. Ingress traffic is not using the waypoint, set the istio.io/ingress-use-waypoint label to true if desired.`
  const ingress = (value: string): string =>
    service({ ...use, 'istio.io/ingress-use-waypoint': value })

  it.each<[string, string[], string[]]>([
    ['nothing asked for', of([service({}), gateway('waypoint')]), []],
    ['bound', of([service(use), gateway('waypoint')]), [OK]],
    [
      'with ingress',
      of([ingress('1'), gateway('waypoint')]),
      [`${OK}. Ingress traffic will traverse the waypoint`],
    ],
    ['without ingress', of([ingress('yes'), gateway('waypoint')]), [NOT_USED]],
    [
      'not there',
      of([service(use)]),
      ['Service False WaypointIsNotReady: waypoint "shop/waypoint" is not ready'],
    ],
    [
      'elsewhere',
      of([
        service({ ...use, 'istio.io/use-waypoint-namespace': 'infra' }),
        gateway('waypoint', { namespace: 'infra' }),
      ]),
      [
        'Service False AttachmentDenied: we are not permitted to attach to waypoint "infra/waypoint" (missing allowedRoutes?)',
      ],
    ],
    [
      'for workloads',
      of([service(use), gateway('waypoint', { labels: { 'istio.io/waypoint-for': 'workload' } })]),
      [
        'Service False UnsupportedTrafficType: attempting to bind to traffic type "service" which the waypoint "shop/waypoint" does not support',
      ],
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })

  it("takes the Namespace's word on ingress where the Service has none", () => {
    const says = (value: string): string =>
      object(
        'Namespace',
        'shop',
        {},
        {
          labels: { 'istio.io/dataplane-mode': 'ambient', 'istio.io/ingress-use-waypoint': value },
        },
      )
    const { mesh } = analyse([says('true'), service(use), gateway('waypoint')].join('\n---\n'), {
      world: 'closed',
    })
    expect(mesh.get(predictedStatus, '').map(({ message }) => message)).toEqual([
      'Successfully attached to waypoint shop/waypoint. Ingress traffic will traverse the waypoint',
    ])
  })

  it('refuses a foreign waypoint to ServiceEntries that only their namespace sees, since 1.31', () => {
    const visibility = object(
      'Istio',
      'default',
      { values: { meshConfig: { serviceEntryVisibility: { defaultVisibility: 'NAMESPACE' } } } },
      { namespace: undefined },
    )
    const entry = object(
      'ServiceEntry',
      'out',
      { hosts: ['a.b'] },
      { labels: { ...use, 'istio.io/use-waypoint-namespace': 'infra' } },
    )
    const infra = gateway('waypoint', { namespace: 'infra' }, [
      {
        name: 'mesh',
        port: 15008,
        protocol: 'HBONE',
        allowedRoutes: { namespaces: { from: 'All' } },
      },
    ])
    since(
      '1.31',
      (settings) => of([visibility, entry, infra], settings),
      ['ServiceEntry True WaypointAccepted: Successfully attached to waypoint infra/waypoint'],
      [
        'ServiceEntry False CrossNamespaceWaypointForbidden: cannot bind to waypoint "infra/waypoint" in another namespace: cross-namespace waypoint binding is not permitted for a ServiceEntry with NAMESPACE visibility',
      ],
    )
  })

  it('knows canaries since 1.31', () => {
    const canary = service(
      { ...use, 'istio.io/use-waypoint-canary': 'gone' },
      { 'istio.io/use-waypoint-canary-weight': '5' },
    )
    since(
      '1.31',
      (settings) => of([canary, gateway('waypoint')], settings),
      [OK],
      [`${OK}. Canary waypoint not attached: waypoint "shop/gone" is not ready`],
    )
  })
})
