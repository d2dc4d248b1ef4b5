import { describe, expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { gatewayCapturedPage } from './gateway-captured.page.js'
import { gatewayCaptured } from './gateway-captured.js'

const rule = gatewayCaptured.name
const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)
const CAPTURED = (name: string): string[] => [
  `Gateway pods "${name}" are captured by ambient mode: HBONE inside HBONE fails.`,
]

it('gateway-captured reports the bad example of its page', () => {
  expect(found(gatewayCapturedPage.bad)).toEqual(CAPTURED('door'))
})

it('gateway-captured reports nothing for the good example of its page', () => {
  expect(found(gatewayCapturedPage.good)).toEqual([])
})

it('the pods are opted out', () => {
  expectFixed(
    gatewayCapturedPage.bad,
    { rule, title: 'Keep these pods out of ambient mode' },
    replaceIn(gatewayCapturedPage.good, ['name: door\n', 'name: door # ←\n']),
  )
})

const namespace = (labels: string): string => `apiVersion: v1
kind: Namespace
metadata: { name: doors, labels: { ${labels} } }
---
`
const AMBIENT = namespace('istio.io/dataplane-mode: ambient')

describe('pods', () => {
  const deployment = (
    labels: string,
    image = 'gcr.io/mine/istio-proxyv2:1',
    annotations = '',
  ): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: door, namespace: doors }
spec:
  selector: { matchLabels: { app: door } }
  template:
    metadata: { labels: { app: door, ${labels} }, annotations: { ${annotations} } }
    spec: { containers: [{ name: a, image: "${image}" }] }
---
`
  const ISTIO_GATEWAY = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: doors }
spec: { selector: { app: door } }
`
  const EGRESS = 'istio: egressgateway'

  it.each<[string, string, readonly string[]]>([
    ['of a chart', AMBIENT + deployment(EGRESS), CAPTURED('door')],
    [
      'that an Istio Gateway selects',
      AMBIENT + deployment('', 'istio/proxyv2') + ISTIO_GATEWAY,
      CAPTURED('door'),
    ],
    ['of an unknown image', AMBIENT + deployment(EGRESS, '{{ image }}'), CAPTURED('door')],
    ['of an application', AMBIENT + deployment(EGRESS, 'example/app'), []],
    ['that no Gateway selects', AMBIENT + deployment(''), []],
    [
      'that send no HBONE',
      AMBIENT +
        deployment(
          EGRESS,
          'istio/proxyv2',
          'proxy.istio.io/config: \'{proxyMetadata: {ISTIO_META_DISABLE_HBONE_SEND: "true"}}\'',
        ),
      [],
    ],
    [
      'that are injected',
      AMBIENT + deployment(`${EGRESS}, sidecar.istio.io/inject: "true"`, 'auto'),
      [],
    ],
    [
      'that have a sidecar',
      AMBIENT + deployment(EGRESS, 'auto', 'sidecar.istio.io/inject: "true"'),
      [],
    ],
    ['outside ambient mode', namespace('a: b') + deployment(EGRESS), []],
    [
      'with a label of their own',
      namespace('a: b') + deployment(`${EGRESS}, istio.io/dataplane-mode: ambient`),
      CAPTURED('door'),
    ],
    ['in a namespace of which nothing is known', deployment(EGRESS), []],
    [
      'of a waypoint',
      `${AMBIENT}${deployment('gateway.networking.k8s.io/gateway-name: wp')}
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: doors }
spec: { gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}] }
`,
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected)
  })
})

describe('a Gateway that istiod deploys', () => {
  const gateway = (metadata: string, spec = 'gatewayClassName: istio'): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: door, namespace: doors${metadata} }
spec: { ${spec}, listeners: [{name: mesh, port: 15008, protocol: HBONE}] }
`
  const MODE = (value: string): string => `, labels: { istio.io/dataplane-mode: "${value}" }`
  const INFRASTRUCTURE = (labels: string, className = 'istio'): string =>
    `gatewayClassName: ${className}, infrastructure: { labels: { ${labels} } }`

  it.each<[string, string, readonly string[]]>([
    ['without a label', AMBIENT + gateway(''), []],
    ['with the mode none', AMBIENT + gateway(MODE('none')), []],
    ['with the mode ambient', namespace('a: b') + gateway(MODE('ambient')), CAPTURED('door')],
    [
      'that sends no HBONE',
      AMBIENT +
        gateway(
          `${MODE('ambient')}, annotations: { proxy.istio.io/config: 'proxyMetadata: {ISTIO_META_DISABLE_HBONE_SEND: "true"}' }`,
        ),
      [],
    ],
    ['with another mode', AMBIENT + gateway(MODE('off')), CAPTURED('door')],
    ['with another mode outside ambient mode', namespace('a: b') + gateway(MODE('off')), []],
    [
      'with a label of its infrastructure',
      AMBIENT + gateway('', INFRASTRUCTURE('istio.io/dataplane-mode: ambient')),
      CAPTURED('door'),
    ],
    [
      'whose infrastructure replaces the label',
      AMBIENT + gateway(MODE('none'), INFRASTRUCTURE('team: a')),
      CAPTURED('door'),
    ],
    [
      'of a waypoint class',
      AMBIENT + gateway(MODE('ambient'), 'gatewayClassName: istio-waypoint'),
      [],
    ],
    ['of a foreign class', AMBIENT + gateway(MODE('ambient'), 'gatewayClassName: nginx'), []],
    [
      'that is deployed by hand',
      AMBIENT +
        gateway(
          MODE('ambient'),
          'gatewayClassName: istio, addresses: [{ type: Hostname, value: a }]',
        ),
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it('is opted out', () => {
    expectFixed(
      AMBIENT + gateway(MODE('ambient')),
      { rule, title: 'Keep the pods of this Gateway out of ambient mode' },
      AMBIENT + gateway(MODE('none')),
    )
  })
})
