import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { unknownLabel } from './unknown-label.js'

const rule = unknownLabel.name

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)
const service = (key: string, field = 'labels'): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: api\n  ${field}:\n` +
  `    ${key}: waypoint\nspec:\n  ports:\n  - {name: http, port: 80}\n`

it('marks the key on the object and on its pods', () => {
  const { found: marked, expected } = compareMarked(
    `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  annotations:
    proxy.istio.io/confg: '{}'
#   ^^^^^^^^^^^^^^^^^^^^ unknown-label: Unknown annotation "proxy.istio.io/confg": it has no effect. Did you mean "proxy.istio.io/config"?
spec:
  template:
    metadata:
      labels:
        istio.io/use-waypont: waypoint
#       ^^^^^^^^^^^^^^^^^^^^ unknown-label: Unknown label "istio.io/use-waypont": it has no effect. Did you mean "istio.io/use-waypoint"?
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a similar key', () => {
  it.each<[string, string | undefined]>([
    ['istio.io/use_waypoint', 'istio.io/use-waypoint'],
    ['istio.io/useWaypoint', 'istio.io/use-waypoint'],
    ['istio.io/Use-Waypoint', 'istio.io/use-waypoint'],
    ['istio.io/use-waypoint-namepsace', 'istio.io/use-waypoint-namespace'],
    ['ambient.istio.io/dataplane-mode', 'istio.io/dataplane-mode'],
    ['istio.io/inject', 'sidecar.istio.io/inject'],
    ['istio.io/Rev', 'istio.io/rev'],
    ['istio.io/env', undefined],
    ['istio.io/use-waypoint', undefined],
    ['istio.io/gateway-name', undefined],
    ['istio.io/managed', undefined],
    ['istio.io/owner', undefined],
    ['example.com/use-waypont', undefined],
    ['xistio.io/use-waypont', undefined],
    ['"istio.io/use-way${POINT}"', undefined],
  ])('is suggested for %s', (key, suggestion) => {
    expect(found(service(key))).toEqual(
      suggestion === undefined
        ? []
        : [`warning: Unknown label "${key}": it has no effect. Did you mean "${suggestion}"?`],
    )
  })
})

it('reports nothing on objects that istiod creates for a Gateway', () => {
  expect(
    found(
      replaceIn(service('istio.io/use-waypont'), [
        '  labels:\n',
        '  labels:\n    gateway.istio.io/managed: istio.io-gateway-controller\n',
      ]),
    ),
  ).toEqual([])
})

it('renames the key', () => {
  expectFixed(
    service('istio.io/use-waypont'),
    { rule, title: 'Change to "istio.io/use-waypoint"' },
    service('istio.io/use-waypoint'),
  )
  expectFixed(
    service('networking.istio.io/export-to', 'annotations'),
    { rule, title: 'Change to "networking.istio.io/exportTo"' },
    service('networking.istio.io/exportTo', 'annotations'),
  )
})

it.each([
  ['where a label was written as an annotation', service('istio.io/use-waypont', 'annotations')],
  [
    'where the object has the correct key too',
    service('istio.io/use-waypoint: a\n    istio.io/use-waypont'),
  ],
])('offers no fix %s', (_, text) => {
  const [finding] = findingsOf(analyse(text)).filter((candidate) => candidate.rule === rule)
  expect(finding?.fixes).toEqual([])
})
