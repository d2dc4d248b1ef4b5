import { describe, expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { SHOP } from '../support/examples.js'
import { virtualServiceSourceMatchPage } from './virtual-service-source-match.page.js'
import { virtualServiceSourceMatch } from './virtual-service-source-match.js'

const rule = virtualServiceSourceMatch.name
const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)

const LABELS = 'A waypoint drops matches with sourceLabels: this route is never taken.'

it('virtual-service-source-match reports the bad example of its page', () => {
  expect(found(virtualServiceSourceMatchPage.bad)).toEqual([LABELS])
})

it('virtual-service-source-match reports nothing for the good example of its page', () => {
  expect(found(virtualServiceSourceMatchPage.good)).toEqual([])
})

const virtualService = (match: string, spec = '', kind = 'http'): string => `${SHOP}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: orders, namespace: shop }
spec:
  hosts: [api.shop.svc.cluster.local]
${spec}  ${kind}:
  - match: ${match}
    route: [{ destination: { host: api } }]
  - route: [{ destination: { host: api } }]
`

describe('matches', () => {
  it.each<[string, string, readonly string[]]>([
    ['labels of the client', '[{ sourceLabels: { app: web } }]', [LABELS]],
    [
      'labels of the client beside a match that holds',
      '[{ sourceLabels: { app: web } }, { uri: { prefix: /a } }]',
      ['A waypoint drops matches with sourceLabels: this match never holds.'],
    ],
    [
      'another namespace',
      '[{ sourceNamespace: front }]',
      [
        'A waypoint compares sourceNamespace with its own namespace "shop": this route is never taken.',
      ],
    ],
    ["the waypoint's namespace", '[{ sourceNamespace: shop }]', []],
    ['no labels', '[{ sourceLabels: {} }]', []],
    ['another gateway', '[{ gateways: [edge], sourceNamespace: front }]', []],
    [
      'the mesh, which makes the namespace irrelevant',
      '[{ gateways: [mesh], sourceNamespace: front }]',
      [],
    ],
    ['a namespace that another tool fills in', '[{ sourceNamespace: "${NAMESPACE}" }]', []],
  ])('%s', (_, match, expected) => {
    expect(found(virtualService(match))).toEqual(expected)
  })

  it('of TCP routes know no namespace at all', () => {
    expect(found(virtualService('[{ sourceNamespace: shop }]', '', 'tcp'))).toEqual([
      'A waypoint does not know sourceNamespace in TCP and TLS routes: this route is never taken.',
    ])
  })
})

describe('nothing is reported', () => {
  const BAD = '[{ sourceLabels: { app: web } }]'

  it('for a VirtualService of gateways', () => {
    expect(found(virtualService(BAD, '  gateways: [edge]\n'))).toEqual([])
  })

  it('for a Service without a waypoint', () => {
    expect(
      found(replaceIn(virtualService(BAD), ['    istio.io/use-waypoint: waypoint\n', ''])),
    ).toEqual([])
  })

  it('where sidecars read it too', () => {
    const legacy =
      '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: legacy, labels: { istio-injection: enabled } }\n'
    expect(found(virtualService(BAD) + legacy)).toEqual([])
  })
})

describe('fixes', () => {
  it('a route that is never taken is removed', () => {
    const [head = ''] = virtualServiceSourceMatchPage.bad.split('    - match:\n')
    expectFixed(
      virtualServiceSourceMatchPage.bad,
      { rule, title: 'Remove the route' },
      `${head}    - route:\n        - destination:\n            host: api\n`,
    )
  })

  it('a match beside others is removed', () => {
    expectFixed(
      virtualService('[{ sourceLabels: { app: web } }, { uri: { prefix: /a } }]'),
      { rule, title: 'Remove the match' },
      virtualService('[{ uri: { prefix: /a } }]'),
    )
  })
})
