import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
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

it('marks the value, on the object and on its pods', () => {
  const { found: marked, expected } = compareMarked(
    `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: enabled
#                            ^^^^^^^ invalid-label-value: "enabled" is no value of istio.io/dataplane-mode, which is "ambient" or "none": it has no effect.
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
#                                ^^^^^^^ invalid-label-value: "sidecar" is no value of istio.io/dataplane-mode, which is "ambient" or "none": it has no effect.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('what Istio knows', () => {
  const NO_WAYPOINT = (value: string, why: string): string =>
    `error: "${value}" is no value of istio.io/use-waypoint, which is the name of a Gateway or "none": ${why}.`
  it.each<[string, string, string | undefined]>([
    ['Namespace', 'istio.io/dataplane-mode: ambient', undefined],
    ['Namespace', 'istio.io/dataplane-mode: none', undefined],
    ['Namespace', 'istio.io/dataplane-mode: "${MODE}"', undefined],
    ['Namespace', 'istio.io/use-waypoint: way.point-1', undefined],
    ['Namespace', 'istio.io/use-waypoint: none', undefined],
    [
      'Service',
      'istio.io/use-waypoint: "#none"',
      NO_WAYPOINT('#none', 'the API server refuses it'),
    ],
    [
      'Service',
      'istio.io/use-waypoint: infra/shared',
      NO_WAYPOINT('infra/shared', 'the API server refuses it'),
    ],
    ['Service', 'istio.io/use-waypoint: ""', NO_WAYPOINT('', 'no waypoint is used')],
    ['Service', 'istio.io/use-waypoint: Waypoint', NO_WAYPOINT('Waypoint', 'no waypoint is used')],
    [
      'ServiceEntry',
      'istio.io/use-waypoint-namespace: in.fra',
      'error: "in.fra" is no value of istio.io/use-waypoint-namespace, which is the name of a namespace: no waypoint is used.',
    ],
    ['Gateway', 'istio.io/waypoint-for: workload', undefined],
    [
      'Gateway',
      'istio.io/waypoint-for: pods',
      'error: "pods" is no value of istio.io/waypoint-for, which is "service", "workload", "all" or "none": this waypoint serves nothing.',
    ],
    ['Service', 'istio.io/ingress-use-waypoint: "t"', undefined],
    [
      'Service',
      'istio.io/ingress-use-waypoint: "yes"',
      'error: "yes" is no value of istio.io/ingress-use-waypoint, which is "true" or "false": it counts as false.',
    ],
    ['Service', 'istio.io/waypoint-for: pods', undefined],
  ])('%s %s', (kind, label, expected) => {
    expect(found(object(kind, label))).toEqual(expected === undefined ? [] : [expected])
  })

  it.each<[string, string | undefined]>([
    ['"25"', undefined],
    [
      '"101"',
      'error: "101" is no value of istio.io/use-waypoint-canary-weight, which is a whole number from 0 to 100: the canary is not used.',
    ],
    [
      '"0.5"',
      'error: "0.5" is no value of istio.io/use-waypoint-canary-weight, which is a whole number from 0 to 100: the canary is not used.',
    ],
  ])('a weight of %s', (value, expected) => {
    expect(
      found(object('Service', `istio.io/use-waypoint-canary-weight: ${value}`, 'annotations')),
    ).toEqual(expected === undefined ? [] : [expected])
  })
})

describe('writes what was meant', () => {
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
  ])('%s %s', (kind, before, after) => {
    const [finding] = findingsOf(analyse(object(kind, before))).filter(
      (candidate) => candidate.rule === rule,
    )
    expectFixed(
      object(kind, before),
      { rule, title: finding?.fixes[0]?.title ?? '' },
      object(kind, after),
    )
  })

  it('the namespace of a waypoint in a label of its own', () => {
    expectFixed(
      object('Service', 'istio.io/use-waypoint: infra/shared'),
      { rule, title: 'Change to "shared" of namespace "infra"' },
      object('Service', 'istio.io/use-waypoint: shared').replace(
        '# ours\n',
        '# ours\n    istio.io/use-waypoint-namespace: infra\n',
      ),
    )
  })

  it.each([
    'istio.io/use-waypoint: ""',
    'istio.io/use-waypoint: a/b/c',
    'istio.io/dataplane-mode: sidecar',
  ])('nothing for %s', (label) => {
    const [finding] = findingsOf(analyse(object('Namespace', label))).filter(
      (candidate) => candidate.rule === rule,
    )
    expect(finding?.fixes).toEqual([])
  })
})
