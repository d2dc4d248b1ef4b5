import { describe, expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { scraperRefusedPage } from './scraper-refused.page.js'
import { scraperRefused } from './scraper-refused.js'

const rule = scraperRefused.name
const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)

it('scraper-refused reports the bad example of its page', () => {
  expect(found(scraperRefusedPage.bad)).toEqual([
    'Only the waypoint may reach port 8080: the scraper of PodMonitor "api" is denied.',
  ])
})

it('scraper-refused reports nothing for the good example of its page', () => {
  expect(found(scraperRefusedPage.good)).toEqual([])
})

const monitor = (kind: string, endpoint: string, more = ''): string => `---
apiVersion: monitoring.coreos.com/v1
kind: ${kind}
metadata: { name: orders, namespace: shop }
spec:
  selector: { matchLabels: { ${kind === 'PodMonitor' ? 'app: api' : 'team: a'} } }
${more}  ${kind === 'PodMonitor' ? 'podMetricsEndpoints' : 'endpoints'}: [${endpoint}]
`
const MESH = `${replaceIn(SHOP, [
  'containerPort: 8080',
  'containerPort: 8080\n              name: web\n            - containerPort: 9090\n              name: metrics',
]).replace(
  'kind: Service\nmetadata:\n  name: api\n  namespace: shop\n',
  (head) => `${head}  labels: { team: a }\n`,
)}---
${COMPANION}`
const WEB = (by: string): string =>
  `Only the waypoint may reach port 8080: the scraper of ${by} is denied.`

describe('ways to scrape', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'a PodMonitor by the name of a port',
      monitor('PodMonitor', '{ port: web }'),
      [WEB('PodMonitor "orders"')],
    ],
    [
      'a PodMonitor by number',
      monitor('PodMonitor', '{ portNumber: 8080 }'),
      [WEB('PodMonitor "orders"')],
    ],
    [
      'a port that no Service has',
      monitor('PodMonitor', '{ port: metrics }'),
      ['Only the waypoint may reach port 9090: the scraper of PodMonitor "orders" is denied.'],
    ],
    [
      'a ServiceMonitor by the name of a Service port',
      monitor('ServiceMonitor', '{ port: http }'),
      [WEB('ServiceMonitor "orders"')],
    ],
    [
      'a ServiceMonitor by a container port',
      monitor('ServiceMonitor', '{ targetPort: web }'),
      [WEB('ServiceMonitor "orders"')],
    ],
    [
      'a monitor for all namespaces',
      monitor('PodMonitor', '{ port: web }', '  namespaceSelector: { any: true }\n'),
      [WEB('PodMonitor "orders"')],
    ],
    [
      'a monitor for another namespace',
      monitor('PodMonitor', '{ port: web }', '  namespaceSelector: { matchNames: [other] }\n'),
      [],
    ],
    ['a port that does not exist', monitor('PodMonitor', '{ port: admin }'), []],
    ['a port of another Service', monitor('ServiceMonitor', '{ port: admin }'), []],
    ['other pods', replaceIn(monitor('PodMonitor', '{ port: web }'), ['app: api', 'app: web']), []],
  ])('%s', (_, text, expected) => {
    expect(found(MESH + text)).toEqual(expected)
  })

  it('an annotation of the pods', () => {
    const annotated = (annotations: string): string =>
      replaceIn(MESH, [
        '      labels:\n        app: api\n    spec',
        `      annotations: { ${annotations} }\n      labels:\n        app: api\n    spec`,
      ])
    const byAnnotation =
      'Only the waypoint may reach port 9090: the scraper that prometheus.io/scrape asks for is denied.'
    expect(found(annotated('prometheus.io/scrape: "true", prometheus.io/port: "9090"'))).toEqual([
      byAnnotation,
    ])
    expect(found(annotated('prometheus.io/scrape: "false", prometheus.io/port: "9090"'))).toEqual(
      [],
    )
    expect(found(annotated('prometheus.io/scrape: "true"'))).toEqual([])
  })
})

describe('policies', () => {
  const SCRAPED = MESH + monitor('PodMonitor', '{ port: web }')
  const more = (name: string, rules: string): string =>
    `${SCRAPED}---\n${policyText(name, `selector: { matchLabels: { app: api } }\nrules: ${rules}`)}`

  it.each<[string, string]>([
    [
      'another client of the port',
      more('web', '[{ from: [{ source: { serviceAccounts: [web] } }] }]'),
    ],
    ['every client', more('all', '[{}]')],
    ['an address', more('node', '[{ from: [{ source: { ipBlocks: [10.0.0.0/8] } }] }]')],
    ['no companion', replaceIn(SCRAPED, [COMPANION, policyText('none', '{}')])],
    [
      'a workload outside ambient mode',
      replaceIn(SCRAPED, ['dataplane-mode: ambient', 'dataplane-mode: none']),
    ],
  ])('nothing is reported with %s', (_, text) => {
    expect(found(text)).toEqual([])
  })

  it('another client of another port does not help', () => {
    const text = more(
      'web',
      '[{ from: [{ source: { serviceAccounts: [web] } }], to: [{ operation: { ports: ["9090"] } }] }]',
    )
    expect(found(text)).toEqual([WEB('PodMonitor "orders"')])
  })

  it('a companion for another port leaves no client', () => {
    const text = replaceIn(SCRAPED, [
      'serviceAccounts: ["shop/waypoint"]',
      'serviceAccounts: ["shop/waypoint"]\n      to: [{ operation: { ports: ["9090"] } }]',
    ])
    expect(found(text)).toEqual([
      'No client may reach port 8080: the scraper of PodMonitor "orders" is denied.',
    ])
  })
})

it('the namespace of Prometheus is allowed on the port', () => {
  const prometheus = `---
apiVersion: v1
kind: Namespace
metadata: { name: watch, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: prometheus-main, namespace: watch }
spec:
  selector: { matchLabels: { app: p } }
  template: { metadata: { labels: { app: p } }, spec: { containers: [{ name: a }] } }
`
  const fixed = expectFixed(scraperRefusedPage.bad + prometheus, {
    rule,
    title: 'Allow namespace "watch" to reach port 8080 without the waypoint',
  })
  expect(fixed['test.yaml']).toContain('namespaces:')
})
