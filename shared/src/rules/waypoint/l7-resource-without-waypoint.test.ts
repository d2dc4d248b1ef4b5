import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  findingsOf,
  replaceIn,
  type AnalyseOptions,
} from '../../testing/index.js'
import { namespaceWith, object, selector, SHOP_WITHOUT_WAYPOINT } from '../../testing/l7Objects.js'
import { SHOP } from '../support/examples.js'
import { l7ResourceWithoutWaypoint } from './l7-resource-without-waypoint.js'

const rule = l7ResourceWithoutWaypoint.name

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)
}

it('marks the selector, the targetRef, the parent and the host', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP_WITHOUT_WAYPOINT}---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: x
  namespace: shop
spec:
  selector:
# ^^^^^^^^ l7-resource-without-waypoint: This RequestAuthentication has no effect on workload "api" in ambient mode: ztunnel ignores it, and waypoints need targetRefs.
    matchLabels:
      app: api
---
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata:
  name: x
#       ^ l7-resource-without-waypoint: This WasmPlugin has no effect on workload "api" in ambient mode: ztunnel ignores it, and waypoints need targetRefs.
  namespace: shop
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: x
  namespace: shop
spec:
  targetRefs:
  - kind: Service
    group: ""
    name: api
#         ^^^ l7-resource-without-waypoint: This Telemetry has no effect on ambient traffic: Service "api" has no waypoint.
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: x
  namespace: shop
spec:
  parentRefs:
  - kind: Service
    group: ""
    name: api
#         ^^^ l7-resource-without-waypoint: This HTTPRoute has no effect on ambient traffic: Service "api" has no waypoint.
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: x
  namespace: shop
spec:
  hosts: [api.shop.svc.cluster.local]
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^ l7-resource-without-waypoint: This VirtualService has no effect on ambient traffic: Service "api" has no waypoint.
  http:
  - timeout: 1s
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a resource without targetRefs', () => {
  const needsTargetRefs = (kind: string, level = 'warning'): string =>
    `${level}: This ${kind} has no effect on workload "api" in ambient mode: ztunnel ` +
    'ignores it, and waypoints need targetRefs.'
  const SELECTOR_NOT_SUPPORTED =
    'warning: This Telemetry has no effect on workload "api" in ambient mode: ' +
    'ztunnel ignores it, and waypoints do not support its selector.'
  const NO_WAYPOINT =
    'warning: This Telemetry has no effect on workload "api" in ambient mode: ' +
    'ztunnel ignores it, and there is no waypoint.'
  const gateway = (namespaceName: string): string =>
    object(
      'Gateway',
      '  gatewayClassName: istio\n  listeners:\n  - {name: http, port: 80, protocol: HTTP}\n',
      namespaceName,
      'edge',
    )
  const pod = (name: string, labels: string, where = 'shop'): string =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: ${where}\n  labels:\n    ${labels}\n`
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'a selector, behind a waypoint',
      [SHOP, object('RequestAuthentication', selector())],
      [needsTargetRefs('RequestAuthentication')],
    ],
    [
      'a selector, without a waypoint',
      [SHOP_WITHOUT_WAYPOINT, object('WasmPlugin', selector())],
      [needsTargetRefs('WasmPlugin')],
    ],
    [
      'a selector without workloads in the files',
      [SHOP, object('RequestAuthentication', selector('app: web'))],
      [],
    ],
    [
      'a selector of gateways',
      [SHOP, object('RequestAuthentication', selector('istio: ingressgateway'))],
      [],
    ],
    [
      'a selector that another tool fills in',
      [SHOP, object('RequestAuthentication', selector('app: ${APP}'))],
      [],
    ],
    [
      'a selector that also matches a sidecar',
      [
        SHOP,
        pod('p', 'app: api\n    sidecar.istio.io/inject: "true"'),
        object('RequestAuthentication', selector()),
      ],
      [],
    ],
    [
      'a namespace',
      [SHOP, object('RequestAuthentication', '')],
      [needsTargetRefs('RequestAuthentication')],
    ],
    [
      'a namespace with sidecars',
      [
        replaceIn(SHOP, ['istio.io/dataplane-mode: ambient', 'istio-injection: enabled']),
        object('RequestAuthentication', ''),
      ],
      [],
    ],
    [
      'a namespace outside ambient mode',
      [
        replaceIn(SHOP, ['mode: ambient', 'mode: none']),
        object('RequestAuthentication', selector()),
      ],
      [],
    ],
    [
      'a namespace with unknown enrolment',
      [SHOP.slice(SHOP.indexOf('---\n') + 4), object('RequestAuthentication', '')],
      [],
    ],
    [
      'a namespace with a gateway',
      [SHOP, gateway('shop'), object('RequestAuthentication', '')],
      [],
    ],
    [
      'a namespace with the pods of a gateway',
      [SHOP, pod('p', 'istio: ingressgateway'), object('RequestAuthentication', '')],
      [],
    ],
    [
      'the mesh',
      [SHOP, object('RequestAuthentication', '', 'istio-system')],
      [needsTargetRefs('RequestAuthentication')],
    ],
    [
      'a mesh with a gateway',
      [SHOP, gateway('edge'), object('RequestAuthentication', '', 'istio-system')],
      [],
    ],
    [
      'a mesh with sidecars',
      [
        SHOP,
        namespaceWith('legacy', 'istio-injection: enabled'),
        object('RequestAuthentication', '', 'istio-system'),
      ],
      [],
    ],
    [
      'a Telemetry with a selector',
      [SHOP, object('Telemetry', selector())],
      [SELECTOR_NOT_SUPPORTED],
    ],
    ['a Telemetry of a namespace with a waypoint', [SHOP, object('Telemetry', '')], []],
    [
      'a Telemetry of a namespace without a waypoint',
      [SHOP_WITHOUT_WAYPOINT, object('Telemetry', '')],
      [NO_WAYPOINT],
    ],
    [
      'a Telemetry of the mesh',
      [SHOP_WITHOUT_WAYPOINT, object('Telemetry', '', 'istio-system')],
      [],
    ],
  ])('is checked for %s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })

  it('lists assumptions about a namespace outside the files and about the rest of the mesh', () => {
    const assumptions = (...documents: readonly string[]): unknown =>
      findingsOf(analyse(documents.join('---\n')))
        .filter((finding) => finding.rule === rule)
        .map((finding) => finding.assumptions)
    expect(
      assumptions(
        SHOP.slice(SHOP.indexOf('---\n') + 4),
        object('RequestAuthentication', selector()),
      ),
    ).toEqual([['namespace "shop" is ambient, because it has the waypoint "waypoint"']])
    expect(assumptions(SHOP, object('RequestAuthentication', '', 'istio-system'))).toEqual([
      ['the mesh has no sidecar and no gateway outside these files'],
    ])
  })
})
