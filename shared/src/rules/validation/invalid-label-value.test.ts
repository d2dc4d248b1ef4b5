import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { invalidLabelValue } from './invalid-label-value.js'

const rule = invalidLabelValue.name

const object = (kind: string, label: string, field = 'labels'): string => {
  const apiVersion = kind.startsWith('Gateway')
    ? 'gateway.networking.k8s.io/v1'
    : kind === 'ServiceEntry'
      ? 'networking.istio.io/v1'
      : 'v1'
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: x\n  ${field}:\n    ${label} # ours\nspec: {}\n`
}
const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

it('marks the value on the object and on its pods', () => {
  const { found: marked, expected } = compareMarked(
    `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: enabled
#                            ^^^^^^^ invalid-label-value: This label has no effect: "enabled" is not valid for istio.io/dataplane-mode. Use "ambient" or "none".
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  labels:
    istio.io/dataplane-mode: sidecar
spec:
  template:
    metadata:
      labels:
        istio.io/dataplane-mode: sidecar
#                                ^^^^^^^ invalid-label-value: This label has no effect: "sidecar" is not valid for istio.io/dataplane-mode. Use "ambient" or "none".
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a value', () => {
  const notValid = (value: string, effect: string): string =>
    `error: ${effect}: "${value}" is not valid for istio.io/use-waypoint. Use the name of a Gateway or "none".`
  it.each<[string, string, string | undefined]>([
    ['Namespace', 'istio.io/dataplane-mode: ambient', undefined],
    ['Namespace', 'istio.io/dataplane-mode: none', undefined],
    ['Namespace', 'istio.io/dataplane-mode: "${MODE}"', undefined],
    ['Namespace', 'istio.io/use-waypoint: way.point-1', undefined],
    ['Namespace', 'istio.io/use-waypoint: none', undefined],
    [
      'Service',
      'istio.io/use-waypoint: "#none"',
      notValid('#none', 'The API server rejects this object'),
    ],
    [
      'Service',
      'istio.io/use-waypoint: infra/shared',
      notValid('infra/shared', 'The API server rejects this object'),
    ],
    ['Service', 'istio.io/use-waypoint: ""', notValid('', 'No waypoint is used')],
    ['Service', 'istio.io/use-waypoint: Waypoint', notValid('Waypoint', 'No waypoint is used')],
    [
      'ServiceEntry',
      'istio.io/use-waypoint-namespace: in.fra',
      'error: No waypoint is used: "in.fra" is not valid for ' +
        'istio.io/use-waypoint-namespace. Use the name of a namespace.',
    ],
    ['Gateway', 'istio.io/waypoint-for: workload', undefined],
    [
      'Gateway',
      'istio.io/waypoint-for: pods',
      'error: This waypoint serves no traffic: "pods" is not valid for ' +
        'istio.io/waypoint-for. Use "service", "workload", "all" or "none".',
    ],
    ['Service', 'istio.io/ingress-use-waypoint: "t"', undefined],
    [
      'Service',
      'istio.io/ingress-use-waypoint: "yes"',
      'error: This value counts as false: "yes" is not valid for istio.io/ingress-use-waypoint. Use "true" or "false".',
    ],
    ['Service', 'istio.io/waypoint-for: pods', undefined],
  ])('is checked on a %s: %s', (kind, label, expected) => {
    expect(found(object(kind, label))).toEqual(expected === undefined ? [] : [expected])
  })

  it.each<[string, string | undefined]>([
    ['"25"', undefined],
    [
      '"101"',
      'error: The canary waypoint is not used: "101" is not valid for ' +
        'istio.io/use-waypoint-canary-weight. Use a whole number from 0 to 100.',
    ],
    [
      '"0.5"',
      'error: The canary waypoint is not used: "0.5" is not valid for ' +
        'istio.io/use-waypoint-canary-weight. Use a whole number from 0 to 100.',
    ],
  ])('is checked for a canary weight of %s', (value, expected) => {
    expect(
      found(object('Service', `istio.io/use-waypoint-canary-weight: ${value}`, 'annotations')),
    ).toEqual(expected === undefined ? [] : [expected])
  })
})

it.each(['Kmesh', 'kmesh'])('accepts the data plane %s', (value) => {
  expect(found(object('Namespace', `istio.io/dataplane-mode: ${value}`))).toEqual([])
})

it('says nothing about the weight of a canary, of which another rule says what follows', () => {
  const labels = { 'istio.io/use-waypoint': 'a', 'istio.io/use-waypoint-canary': 'b' }
  const service = { name: 'api', namespace: 'shop', labels }
  const annotations = { 'istio.io/use-waypoint-canary-weight': '20%' }
  const text = (metadata: object): string =>
    JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata, spec: {} })
  expect(found(text({ ...service, annotations }))).toEqual([])
  expect(found(text({ ...service, labels: {}, annotations }))).toHaveLength(1)
})

describe('the fix', () => {
  it.each<[string, string, string]>([
    ['Namespace', 'istio.io/dataplane-mode: Ambient', 'istio.io/dataplane-mode: ambient'],
    ['Namespace', 'istio.io/dataplane-mode: "true"', 'istio.io/dataplane-mode: "ambient"'],
    ['Namespace', 'istio.io/dataplane-mode: disabled', 'istio.io/dataplane-mode: none'],
    ['Namespace', 'istio.io/dataplane-mode: ambeint', 'istio.io/dataplane-mode: ambient'],
    ['Service', 'istio.io/use-waypoint: "#none"', 'istio.io/use-waypoint: "none"'],
    ['Service', 'istio.io/use-waypoint: Waypoint', 'istio.io/use-waypoint: waypoint'],
    ['Gateway', 'istio.io/waypoint-for: services', 'istio.io/waypoint-for: service'],
    ['Service', 'istio.io/ingress-use-waypoint: "yes"', 'istio.io/ingress-use-waypoint: "true"'],
    ['Service', 'istio.io/ingress-use-waypoint: "off"', 'istio.io/ingress-use-waypoint: "false"'],
  ])('corrects the value on a %s: %s', (kind, before, after) => {
    const [finding] = findingsOf(analyse(object(kind, before))).filter(
      (candidate) => candidate.rule === rule,
    )
    expectFixed(
      object(kind, before),
      { rule, title: finding?.fixes[0]?.title ?? '' },
      object(kind, after),
    )
  })

  it('moves the namespace of a waypoint to its own label', () => {
    expectFixed(
      object('Service', 'istio.io/use-waypoint: infra/shared'),
      { rule, title: 'Change to "shared" of namespace "infra"' },
      replaceIn(object('Service', 'istio.io/use-waypoint: shared'), [
        '# ours\n',
        '# ours\n    istio.io/use-waypoint-namespace: infra\n',
      ]),
    )
  })

  it.each([
    'istio.io/use-waypoint: ""',
    'istio.io/use-waypoint: a/b/c',
    'istio.io/dataplane-mode: sidecar',
  ])('is not offered for %s', (label) => {
    const [finding] = findingsOf(analyse(object('Namespace', label))).filter(
      (candidate) => candidate.rule === rule,
    )
    expect(finding?.fixes).toEqual([])
  })
})
