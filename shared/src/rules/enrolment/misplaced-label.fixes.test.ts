import { describe, expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import {
  object,
  labels,
  service,
  deployment,
  gateway,
  namespace,
  join,
} from '../../testing/labelledObjects.js'
import { misplacedLabel } from './misplaced-label.js'

const rule = misplacedLabel.name

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)
const titles = (text: string): (readonly string[])[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ fixes }) => fixes.map(({ title }) => title))

describe('the fix', () => {
  const mode = 'istio.io/dataplane-mode: ambient'
  const pair = ['istio.io/use-waypoint: waypoint', 'istio.io/use-waypoint-namespace: shop']
  it.each<[string, string, string, string]>([
    [
      'from a Deployment to its pods',
      deployment(labels('team: shop # ours', mode)),
      'Move to the pods',
      deployment(labels('team: shop # ours'), `        ${mode}\n`),
    ],
    [
      'from a Service to its pods',
      join(service(labels(mode)), deployment('')),
      'Move to the pods',
      join(service(), deployment('', `        ${mode}\n`)),
    ],
    [
      'to the pods for a waypoint that serves workloads',
      join(gateway('workload'), deployment(labels(...pair))),
      'Move to the pods',
      join(gateway('workload'), deployment('', `        ${pair.join('\n        ')}\n`)),
    ],
    [
      'to the Service for a waypoint that serves Services',
      join(gateway('service'), service(), deployment(labels(...pair))),
      'Move to Service "api"',
      join(gateway('service'), service(labels(...pair)), deployment('')),
    ],
    [
      'from the annotations to the labels',
      service(`  annotations:\n    ${pair[0] ?? ''}\n${labels('team: shop')}`),
      'Change to a label',
      service(labels('team: shop', pair[0] ?? '')),
    ],
    [
      'from the labels to the annotations',
      service(labels('istio.io/use-waypoint-canary-weight: "5"')),
      'Change to an annotation',
      service('  annotations:\n    istio.io/use-waypoint-canary-weight: "5"\n'),
    ],
    [
      'out of the object',
      object('ServiceAccount', labels(mode, 'team: shop')),
      'Remove the label',
      object('ServiceAccount', labels('team: shop')),
    ],
  ])('moves the label %s', (_, before, title, after) => {
    expectFixed(before, { rule, title }, after)
  })

  it('moves nothing where the target is not clear', () => {
    const another = replaceIn(service(), ['name: api', 'name: other'])
    expect(
      titles(join(service(), another, deployment(labels('istio.io/use-waypoint: w')))),
    ).toEqual([['Remove the label']])
    expect(titles(service(labels(mode)))).toEqual([['Remove the label']])
    expect(titles(object('ServiceAccount', `  annotations:\n    ${mode}\n`))).toEqual([
      ['Remove the annotation'],
    ])
  })
})

describe('a label that an object selects by', () => {
  const monitor = (selector: string, kind = 'ServiceMonitor'): string =>
    `apiVersion: monitoring.coreos.com/v1\nkind: ${kind}\nmetadata: {name: m, namespace: shop}\n` +
    `spec:\n  selector: ${selector}\n`
  const onService = service(labels('istio.io/waypoint-for: service'))
  const onPods = deployment('', '        istio.io/waypoint-for: all\n')
  it.each<[string, string, string]>([
    [
      'of a ServiceMonitor by an expression',
      onService,
      monitor('{matchExpressions: [{key: istio.io/waypoint-for, operator: Exists}]}'),
    ],
    [
      'of a ServiceMonitor by value',
      onService,
      monitor('{matchLabels: {istio.io/waypoint-for: service}}'),
    ],
    [
      'of a PodMonitor',
      onPods,
      monitor('{matchLabels: {istio.io/waypoint-for: all}}', 'PodMonitor'),
    ],
    [
      'of a Service',
      onPods,
      replaceIn(service(), ['    app: api\n', '    app: api\n    istio.io/waypoint-for: all\n']),
    ],
  ])('is a warning and stays, with the selector %s', (_, text, selecting) => {
    const levels = (files: string): string[] => found(files).map((line) => line.split(':')[0] ?? '')
    expect(levels(text)).toEqual(['error'])
    expect(levels(join(text, selecting))).toEqual(['warning'])
    expect(titles(join(text, selecting))).toEqual([[]])
    expect(found(join(text, selecting))[0]).not.toContain('has no effect')
  })

  it('does not say that a label has no effect which a ServiceMonitor reads', () => {
    expect(
      found(join(onService, monitor('{matchLabels: {istio.io/waypoint-for: service}}'))),
    ).toEqual([
      'warning: Istio does not read istio.io/waypoint-for from a Service: only a selector in these files reads it.',
    ])
  })

  it('is an error where another kind is selected', () => {
    const other = monitor('{matchLabels: {istio.io/waypoint-for: all}}', 'PodMonitor')
    expect(found(join(onService, other))[0]).toMatch(/^error/)
  })
})

describe('a fix that would open access or make another mistake', () => {
  const use = 'istio.io/use-waypoint: waypoint'
  const annotated = replaceIn(deployment(''), [
    '        app: api\n',
    `        app: api\n      annotations:\n        ${use}\n`,
  ])
  it('takes no traffic away from ztunnel or a waypoint', () => {
    for (const label of ['istio.io/dataplane-mode: none', 'istio.io/use-waypoint: none'])
      expect(titles(join(service(), deployment(labels(label))))).toEqual([['Remove the label']])
  })

  it('moves an annotation of pods to the Service for a waypoint that serves Services', () => {
    expectFixed(
      join(namespace('istio.io/dataplane-mode: ambient'), gateway('service'), service(), annotated),
      { rule, title: 'Move to Service "api"' },
      join(
        namespace('istio.io/dataplane-mode: ambient'),
        gateway('service'),
        service(labels(use)),
        deployment(''),
      ),
    )
  })

  it('makes it a label of the pods for a waypoint that serves workloads', () => {
    expectFixed(join(gateway('all'), annotated), { rule, title: 'Change to a label' })
  })

  it('binds no pods whose policies at ztunnel name clients', () => {
    const policy =
      '---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: shop}\n' +
      'spec: {rules: [{from: [{source: {serviceAccounts: [shop/web]}}]}]}\n'
    const mesh = join(namespace('istio.io/dataplane-mode: ambient'), gateway('service'), service())
    expect(titles(`${mesh}---\n${annotated}${policy}`)).toEqual([['Remove the annotation']])
  })

  it('names no waypoint that is misspelt', () => {
    expect(
      titles(
        join(replaceIn(gateway('service'), ['name: waypoint', 'name: way']), service(), annotated),
      ),
    ).toEqual([['Remove the annotation']])
  })
})
