import { describe, expect, it } from 'vitest'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { analyse } from '../testing/index.js'
import { predictedStatus } from './predictStatus.js'

type Plain = Readonly<Record<string, unknown>>

const RELEASES = ['1.24', '1.25', '1.26', '1.27', '1.28', '1.29', '1.30', '1.31', '1.32'] as const
const API: Readonly<Record<string, string>> = {
  Gateway: 'gateway.networking.k8s.io/v1',
  GatewayClass: 'gateway.networking.k8s.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  Istio: 'sailoperator.io/v1',
}
const object = (kind: string, name: string, spec: Plain = {}, metadata: Plain = {}): string =>
  JSON.stringify({
    apiVersion: API[kind] ?? 'v1',
    kind,
    metadata: {
      name,
      ...(kind === 'Namespace' || kind === 'GatewayClass' ? {} : { namespace: 'shop' }),
      ...metadata,
    },
    spec,
  })
const shop = object('Namespace', 'shop', {}, { labels: { 'istio.io/dataplane-mode': 'ambient' } })
const gateway = (
  name: string,
  metadata: Plain = {},
  listeners: Plain[] = [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
): string => object('Gateway', name, { gatewayClassName: 'istio-waypoint', listeners }, metadata)
const service = (labels: Plain, annotations: Plain = {}): string =>
  object('Service', 'api', { ports: [{ port: 80 }] }, { labels, annotations })
const policy = (spec: Plain, metadata: Plain = {}): string =>
  object('AuthorizationPolicy', 'p', spec, metadata)
const http = { to: [{ operation: { methods: ['GET'], ports: ['80'] } }] }
const httpOnly = {
  to: [{ operation: { methods: ['GET'], hosts: ['a'] } }],
  when: [{ key: 'request.headers[x]', values: ['a'] }],
}

function conditions(objects: readonly string[], settings: MeshSettings = {}): string[] {
  const { mesh } = analyse([shop, ...objects].join('\n---\n'), { world: 'closed', settings })
  return mesh
    .get(predictedStatus, '')
    .map(
      ({ resource, type, status, reason, message }) =>
        `${resource.type} ${type} ${status} ${reason}: ${message}`,
    )
}
const since = (
  release: string,
  of: (settings: MeshSettings) => unknown,
  before: unknown,
  after: unknown,
): void => {
  for (const istioVersion of RELEASES)
    expect(of({ istioVersion }), istioVersion).toEqual(
      Number(istioVersion.slice(2)) >= Number(release.slice(2)) ? after : before,
    )
}

const FOUND = (names: string): string =>
  `AuthorizationPolicy ZtunnelAccepted True UnsupportedValue: ztunnel does not support HTTP attributes (found: ${names}). In ambient mode you must use a waypoint proxy to enforce HTTP rules. `
const ERASED =
  'DENY policy with HTTP attributes is enforced without the HTTP rules. This will be more restrictive than requested.'

describe('ZtunnelAccepted', () => {
  it.each<[string, Plain, string]>([
    [
      'without remark',
      { rules: [{}] },
      'AuthorizationPolicy ZtunnelAccepted True Accepted: attached to ztunnel',
    ],
    [
      'AUDIT',
      { action: 'AUDIT' },
      'AuthorizationPolicy ZtunnelAccepted False UnsupportedValue: ztunnel does not support the AUDIT action',
    ],
    [
      'CUSTOM',
      { action: 'CUSTOM', provider: { name: 'a' } },
      'AuthorizationPolicy ZtunnelAccepted False UnsupportedValue: ztunnel does not support the CUSTOM action',
    ],
    [
      'ALLOW with HTTP, each name once and sorted',
      { rules: [httpOnly, http] },
      `${FOUND('hosts, methods, request.headers[x]')}Within an ALLOW policy, rules matching HTTP attributes are omitted. This will be more restrictive than requested.`,
    ],
    [
      'DENY with a rule that is left',
      { action: 'DENY', rules: [httpOnly, http] },
      `${FOUND('hosts, methods, request.headers[x]')}${ERASED}`,
    ],
  ])('%s, in every release', (_, spec, expected) => {
    for (const istioVersion of RELEASES)
      expect(conditions([policy(spec)], { istioVersion })).toEqual([expected])
  })

  it('says of a DENY without effect that it has none since 1.32', () => {
    const found = FOUND('hosts, methods, request.headers[x]')
    since(
      '1.32',
      (settings) => conditions([policy({ action: 'DENY', rules: [httpOnly] })], settings),
      [`${found}${ERASED}`],
      [
        `${found}After omitting unsupported HTTP attributes, this DENY policy has no enforceable rules at ztunnel and will have no effect. Deploy a waypoint proxy and use a targetRef to enforce this policy.`,
      ],
    )
  })

  it('refuses dry runs since 1.29, and is silent before', () => {
    const dry = { annotations: { 'istio.io/dry-run': 'true' } }
    const refused = [
      'AuthorizationPolicy ZtunnelAccepted False UnsupportedValue: found policy "shop/p" using dry-run annotation, but support for ambient dry-run authorizationPolicies isn\'t enabled',
    ]
    since('1.29', (settings) => conditions([policy({}, dry)], settings), [], refused)
    expect(
      conditions([policy({ targetRefs: [{ group: '', kind: 'Service', name: 'api' }] }, dry)]),
    ).toEqual(refused)
    const flags = { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true }
    expect(conditions([policy({}, dry)], { flags })).toEqual([
      'AuthorizationPolicy ZtunnelAccepted True Accepted: attached to ztunnel',
    ])
    expect(conditions([policy({}, dry)], { flags, istioVersion: '1.28' })).toEqual([])
  })
})

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
    ['another kind', of([ref('Pod', 'x')]), 'False Invalid: unsupported target Pod'],
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
      'a Gateway of another namespace',
      of(
        [{ ...ref('Gateway', 'waypoint'), namespace: 'infra' }],
        [gateway('waypoint'), gateway('waypoint', { namespace: 'infra' })],
      ),
      'False TargetNotFound: not bound',
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

describe('no condition', () => {
  const objects = [
    policy({}),
    service({ 'istio.io/use-waypoint': 'waypoint' }),
    gateway('waypoint'),
  ]

  it('where AMBIENT_ENABLE_STATUS is off', () => {
    expect(conditions(objects)).toHaveLength(2)
    expect(conditions(objects, { flags: { AMBIENT_ENABLE_STATUS: false } })).toEqual([])
  })

  it('in a namespace that istiod does not see', () => {
    const install = (label: string): string =>
      object(
        'Istio',
        'default',
        {
          values: {
            meshConfig: {
              discoverySelectors: [{ matchLabels: { 'istio.io/dataplane-mode': label } }],
            },
          },
        },
        { namespace: undefined },
      )
    expect(conditions([...objects, install('ambient')])).toHaveLength(2)
    expect(conditions([...objects, install('none')])).toEqual([])
  })
})
