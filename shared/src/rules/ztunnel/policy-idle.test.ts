import { expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  documents,
  findingsOf,
  from,
  namespace,
  service,
  to,
  waypoint,
  withoutArrows,
} from '../../testing/index.js'
import { policyIdlePage } from './policy-idle.page.js'
import { policyIdle } from './policy-idle.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === policyIdle.name)
    .map(({ place }) => (place.kind === 'field' ? place.resource.name : place.file))

it('reports the bad example of its page, and not the good one', () => {
  expect(
    findingsOf(analyse(withoutArrows(policyIdlePage.bad)))
      .filter(({ rule }) => rule === policyIdle.name)
      .map(({ level, message }) => `${level}: ${message}`),
  ).toEqual([
    'information: This policy has no effect: policy "old-rule" already allows all that this one allows.',
  ])
  expect(found(policyIdlePage.good)).toEqual([])
})

it('does not compare versions of one policy: those of a folder that name no namespace are in one cluster only', () => {
  const version = (names: string[], name = 'readers'): string =>
    `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: api}}
  rules: [{from: [{source: {serviceAccounts: [${names.join(', ')}]}}]}]
`
  const wide = version(['shop/web', 'shop/job'])
  const idle = (...texts: string[]): string[] =>
    findingsOf(analyse(Object.fromEntries(texts.map((text, n) => [`v${n}.yaml`, text]))))
      .filter(({ rule }) => rule === policyIdle.name)
      .map(({ place }) => (place.kind === 'field' ? place.resource.origin.file : ''))
  expect(idle(version(['shop/web']), wide)).toEqual([])
  expect(idle(version(['shop/web'], 'narrow'), wide)).toEqual(['v0.yaml'])
})

const allow = (name: string, spec: object): string =>
  authorizationPolicy(`shop/${name}`, { ...spec })
const web = from({ serviceAccounts: ['shop/web'] })
const target = (name: string): object => ({ group: '', kind: 'Service', name })
const BEHIND_WAYPOINT = documents(
  waypoint('shop/waypoint'),
  service('shop/api', { waypoint: 'waypoint' }),
)

it.each<[string, string, string[]]>([
  [
    'a whole namespace beside a selector',
    documents(
      allow('narrow', { app: 'api', rules: [web] }),
      allow('wide', { rules: [from({ namespaces: ['sh*'] })] }),
    ),
    ['narrow'],
  ],
  [
    'one target of two',
    documents(
      allow('narrow', {
        spec: { targetRefs: [target('api')] },
        rules: [to({ methods: ['GET'] })],
      }),
      allow('wide', { spec: { targetRefs: [target('web'), target('api')] }, rules: [{}] }),
    ),
    ['narrow'],
  ],
  [
    'two that allow the same',
    documents(allow('a', { app: 'api', rules: [web] }), allow('b', { app: 'api', rules: [web] })),
    ['b'],
  ],
  [
    'the only policy for a TCP port, where a waypoint leaves out the other one',
    documents(
      allow('narrow', { spec: { targetRefs: [target('api')] }, rules: [to({ ports: ['9000'] })] }),
      allow('wide', {
        spec: { targetRefs: [target('api')] },
        rules: [
          {
            to: [{ operation: { ports: ['9000'] } }, { operation: { methods: ['GET'] } }],
          },
        ],
      }),
    ),
    [],
  ],
  [
    'a principal in a namespace',
    documents(
      allow('narrow', {
        app: 'api',
        rules: [from({ principals: ['cluster.local/ns/shop/sa/web'] })],
      }),
      allow('wide', { app: 'api', rules: [from({ namespaces: ['shop'] })] }),
    ),
    ['narrow'],
  ],
  [
    'a client that the wide policy does not have',
    documents(
      allow('narrow', { app: 'api', rules: [from({ serviceAccounts: ['other/web'] })] }),
      allow('wide', { rules: [from({ namespaces: ['shop'] })] }),
    ),
    [],
  ],
  [
    'other pods',
    documents(
      allow('narrow', { app: 'api', rules: [web] }),
      allow('wide', { app: 'web', rules: [{}] }),
    ),
    [],
  ],
  [
    'another target',
    documents(
      allow('narrow', { spec: { targetRefs: [target('api'), target('web')] }, rules: [web] }),
      allow('wide', { spec: { targetRefs: [target('web')] }, rules: [{}] }),
    ),
    [],
  ],
  [
    'a wide rule that ztunnel drops',
    documents(
      allow('narrow', { app: 'api', rules: [web] }),
      allow('wide', { app: 'api', rules: [to({ methods: ['*'] })] }),
    ),
    [],
  ],
  [
    'a wide policy of another revision',
    documents(
      allow('narrow', { app: 'api', rules: [web] }),
      allow('wide', { rules: [{}], labels: { 'istio.io/rev': 'green' } }),
    ),
    [],
  ],
  [
    'a policy that denies everything',
    documents(
      allow('narrow', { app: 'api', rules: [] }),
      allow('wide', { app: 'api', rules: [{}] }),
    ),
    [],
  ],
  [
    'the companion of a waypoint',
    documents(
      waypoint('shop/waypoint'),
      allow('narrow', { app: 'api', rules: [from({ serviceAccounts: ['shop/waypoint'] })] }),
      allow('wide', { rules: [from({ namespaces: ['shop'] })] }),
    ),
    [],
  ],
  [
    'the policy of a Service beside one of its waypoint',
    documents(
      BEHIND_WAYPOINT,
      allow('narrow', { targetRefs: ['Service/api'], rules: [web] }),
      allow('wide', { targetRefs: ['Gateway/waypoint'], rules: [from({ namespaces: ['*'] })] }),
    ),
    ['narrow'],
  ],
  [
    'the policy of a waypoint beside one of its class',
    documents(
      BEHIND_WAYPOINT,
      allow('narrow', { targetRefs: ['Gateway/waypoint'], rules: [web] }),
      authorizationPolicy('istio-system/wide', {
        targetRefs: ['GatewayClass/istio-waypoint'],
        rules: [{}],
      }),
    ),
    ['narrow'],
  ],
  [
    'the policy of a Service beside one of another waypoint',
    documents(
      BEHIND_WAYPOINT,
      waypoint('shop/spare'),
      allow('narrow', { targetRefs: ['Service/api'], rules: [web] }),
      allow('wide', { targetRefs: ['Gateway/spare'], rules: [{}] }),
    ),
    [],
  ],
  [
    'the policy of a Service beside one of a waypoint that gets some of its traffic',
    documents(
      waypoint('shop/waypoint'),
      waypoint('shop/next'),
      service('shop/api', {
        waypoint: 'waypoint',
        labels: { 'istio.io/use-waypoint-canary': 'next' },
        annotations: { 'istio.io/use-waypoint-canary-weight': '10' },
      }),
      allow('narrow', { targetRefs: ['Service/api'], rules: [web] }),
      allow('wide', { targetRefs: ['Gateway/waypoint'], rules: [{}] }),
    ),
    [],
  ],
  [
    'a policy beside a wider one of the root namespace',
    documents(
      allow('narrow', { app: 'api', rules: [web] }),
      authorizationPolicy('istio-system/wide', {
        rules: [from({ serviceAccounts: ['shop/web', 'shop/job'] })],
      }),
    ),
    ['narrow'],
  ],
  [
    'accounts without a namespace, which are those of the namespace of the policy',
    documents(
      allow('narrow', { app: 'api', rules: [from({ serviceAccounts: ['web'] })] }),
      authorizationPolicy('istio-system/wide', { rules: [from({ serviceAccounts: ['web'] })] }),
    ),
    [],
  ],
  [
    'a DENY',
    documents(
      allow('narrow', { app: 'api', rules: [web], action: 'DENY' }),
      allow('wide', { app: 'api', rules: [{}], action: 'DENY' }),
    ),
    [],
  ],
])('judges %s', (_, policies, names) => {
  expect(found(documents(namespace('shop'), policies))).toEqual(names)
})

it('compares a policy with the first policies of its label only', () => {
  const others = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      authorizationPolicy(`shop/other-${index}`, {
        app: 'api',
        rules: [to({ ports: [String(1_000 + index)] })],
      }),
    )
  const policies = (count: number) =>
    documents(
      namespace('shop'),
      ...others(count),
      authorizationPolicy('shop/a-wide', { app: 'api', rules: [to({ ports: ['80', '90'] })] }),
      authorizationPolicy('shop/narrow', { app: 'api', rules: [to({ ports: ['80'] })] }),
    )
  expect(found(policies(3))).toEqual(['narrow'])
  expect(found(policies(30))).toEqual([])
})
