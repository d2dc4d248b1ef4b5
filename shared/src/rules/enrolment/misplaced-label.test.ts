import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, findingsOf, replaceIn } from '../../testing/index.js'
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

it('marks the key', () => {
  const { found: marked, expected } = compareMarked(
    `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  labels:
    istio.io/dataplane-mode: ambient
#   ^^^^^^^^^^^^^^^^^^^^^^^ misplaced-label: This label has no effect: Istio reads istio.io/dataplane-mode from Namespaces and pods, not from the Deployment itself.
  annotations:
    istio.io/use-waypoint: waypoint
#   ^^^^^^^^^^^^^^^^^^^^^ misplaced-label: This annotation has no effect: istio.io/use-waypoint is a label.
spec:
  template:
    metadata:
      labels:
        istio.io/use-waypoint-canary: next
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ misplaced-label: This label has no effect: Istio reads istio.io/use-waypoint-canary from Namespaces, Services and ServiceEntries, not from pods.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('a label', () => {
  it.each<[string, string, number]>([
    ['dataplane-mode on a Namespace', namespace('istio.io/dataplane-mode: ambient'), 0],
    ['dataplane-mode on a Pod', object('Pod', labels('istio.io/dataplane-mode: ambient')), 0],
    [
      'dataplane-mode on a pod template',
      deployment('', '        istio.io/dataplane-mode: ambient\n'),
      0,
    ],
    [
      'dataplane-mode on a Gateway, which copies it to its pods',
      gateway('service\n    istio.io/dataplane-mode: ambient'),
      0,
    ],
    ['dataplane-mode on a Service', service(labels('istio.io/dataplane-mode: ambient')), 1],
    [
      'dataplane-mode on a Service of the chart gateway, whose pods are not in the files',
      service(labels('istio.io/dataplane-mode: none', 'helm.sh/chart: gateway-1.27.0')),
      0,
    ],
    [
      'dataplane-mode on a Service of another chart',
      service(labels('istio.io/dataplane-mode: none', 'helm.sh/chart: gateway-api-1.27.0')),
      1,
    ],
    [
      'dataplane-mode on a ServiceAccount',
      object('ServiceAccount', labels('istio.io/dataplane-mode: ambient')),
      1,
    ],
    [
      'use-waypoint on a Service',
      service(labels('istio.io/use-waypoint: w', 'istio.io/use-waypoint-namespace: infra')),
      0,
    ],
    [
      'use-waypoint on a StatefulSet',
      object(
        'StatefulSet',
        labels('istio.io/use-waypoint: w', 'istio.io/use-waypoint-namespace: infra'),
        'apps/v1',
      ),
      2,
    ],
    [
      'use-waypoint on a policy',
      object('AuthorizationPolicy', labels('istio.io/use-waypoint: w'), 'security.istio.io/v1'),
      1,
    ],
    [
      'ingress-use-waypoint on a Service',
      service(labels('istio.io/ingress-use-waypoint: "true"')),
      0,
    ],
    [
      'ingress-use-waypoint on a Gateway',
      gateway('service\n    istio.io/ingress-use-waypoint: "true"'),
      1,
    ],
    ['waypoint-for on a Gateway', gateway('all'), 0],
    ['waypoint-for on a Namespace', namespace('istio.io/waypoint-for: all'), 1],
    ['rev on a Deployment, as in installs', deployment(labels('istio.io/rev: default')), 0],
    [
      'any label on objects that istiod creates for a Gateway',
      deployment(
        labels('istio.io/waypoint-for: all', 'gateway.istio.io/managed: istio.io-mesh-controller'),
      ),
      0,
    ],
    [
      'any label on the pods of a Gateway',
      deployment(
        '',
        '        gateway.networking.k8s.io/gateway-name: w\n        istio.io/waypoint-for: all\n',
      ),
      0,
    ],
  ])('is checked as %s', (_, text, count) => {
    expect(found(text)).toHaveLength(count)
  })
})

describe('a label on every object', () => {
  it.each<[string, string, number]>([
    [
      'is not reported if the pods have the same value',
      deployment(
        labels('istio.io/dataplane-mode: none'),
        '        istio.io/dataplane-mode: none\n',
      ),
      0,
    ],
    [
      'is reported if the pods have another value',
      deployment(
        labels('istio.io/dataplane-mode: none'),
        '        istio.io/dataplane-mode: ambient\n',
      ),
      1,
    ],
    [
      'is not reported for a Service and a ServiceAccount whose pods have the same value',
      join(
        service(labels('istio.io/dataplane-mode: none')),
        object('ServiceAccount', labels('istio.io/dataplane-mode: none')),
        replaceIn(
          deployment(
            labels('istio.io/dataplane-mode: none'),
            '        istio.io/dataplane-mode: none\n',
          ),
          ['      containers:\n', '      serviceAccountName: api\n      containers:\n'],
        ),
      ),
      0,
    ],
    [
      'is reported for a Service and a ServiceAccount whose pods have another value',
      join(
        service(labels('istio.io/dataplane-mode: none')),
        object('ServiceAccount', labels('istio.io/dataplane-mode: none')),
        replaceIn(deployment('', '        istio.io/dataplane-mode: ambient\n'), [
          '      containers:\n',
          '      serviceAccountName: api\n      containers:\n',
        ]),
      ),
      2,
    ],
    [
      'is not reported if the Namespace has the same value',
      join(
        namespace('istio.io/dataplane-mode: ambient'),
        service(labels('istio.io/dataplane-mode: ambient')),
      ),
      0,
    ],
    [
      'is reported if the Namespace has another value',
      join(
        namespace('istio.io/dataplane-mode: ambient'),
        service(labels('istio.io/dataplane-mode: none')),
      ),
      1,
    ],
  ])('%s', (_, text, count) => {
    expect(found(text)).toHaveLength(count)
  })
})
