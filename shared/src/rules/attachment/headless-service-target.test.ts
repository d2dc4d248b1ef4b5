import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceAllIn,
  replaceIn,
} from '../../testing/index.js'
import { policyText, SHOP, withServiceLabel } from '../support/examples.js'
import { headlessServiceTarget } from './headless-service-target.js'

const rule = headlessServiceTarget.name
const HEADLESS = replaceIn(SHOP, [
  'spec:\n  selector:\n    app: api\n  ports:',
  'spec:\n  clusterIP: None\n  selector:\n    app: api\n  ports:',
])
const OWN = withServiceLabel(HEADLESS, 'istio.io/use-waypoint: waypoint')
const NAMESPACE = HEADLESS.slice(0, HEADLESS.indexOf('---') + 4)
const forAll = (text: string): string =>
  replaceIn(text, ['waypoint-for: service', 'waypoint-for: all'])
const withoutNamespaceLabel = (text: string): string =>
  replaceIn(text, ['    istio.io/use-waypoint: waypoint\n---', '---'])
const SERVICE_REF = 'targetRefs:\n- kind: Service\n  group: ""\n  name: api\n'
const GATEWAY_REF =
  'targetRefs:\n- kind: Gateway\n  group: "gateway.networking.k8s.io"\n  name: waypoint\n'
const policy = (refs = SERVICE_REF): string =>
  policyText('p', `${refs}rules:\n- to:\n  - operation:\n      methods: [GET]`)
const withoutPods = (text: string): string => text.slice(0, text.lastIndexOf('---'))

function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(
      ({ message, level, assumptions }) =>
        `${level}: ${message}${assumptions.length > 0 ? ' (assumed)' : ''}`,
    )
}
const POLICY_NOT_ENFORCED =
  'warning: This policy is not enforced for headless Service "api": its clients connect to the pods, not to a waypoint.'
const SERVICE_BYPASSES =
  'warning: Traffic to headless Service "api" bypasses waypoint "shop/waypoint": its clients connect to the pods.'

it('marks a headless Service as target of both kinds of policies', () => {
  const { found: marked, expected } = compareMarked(
    `${HEADLESS}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec:
  targetRefs:
  - kind: Service
    name: api
#         ^^^ headless-service-target: This policy is not enforced for headless Service "api": its clients connect to the pods, not to a waypoint.
  rules:
  - {}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: p, namespace: shop}
spec:
  targetRefs:
  - kind: Service
    name: api
#         ^^^ headless-service-target: This policy is not enforced for headless Service "api": its clients connect to the pods, not to a waypoint.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

it('marks the clusterIP of a headless Service with a waypoint', () => {
  const { found: marked, expected } = compareMarked(
    replaceIn(OWN, [
      'clusterIP: None\n',
      `clusterIP: None
#            ^^^^ headless-service-target: Traffic to headless Service "api" bypasses waypoint "shop/waypoint": its clients connect to the pods.
`,
    ]),
  )
  expect(marked).toEqual(expected)
})

describe('a policy for a Service', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['with an address', [SHOP, policy()], []],
    ['without an address', [HEADLESS, policy()], [POLICY_NOT_ENFORCED]],
    [
      'without an address, whose pods use a waypoint',
      [forAll(HEADLESS), policy()],
      [POLICY_NOT_ENFORCED],
    ],
    [
      'without an address, whose waypoint has an unknown class',
      [replaceAllIn(HEADLESS.slice(NAMESPACE.length), ['istio-waypoint', 'corp']), policy()],
      [POLICY_NOT_ENFORCED],
    ],
    [
      'that is not bound to a waypoint',
      [withServiceLabel(HEADLESS, 'istio.io/use-waypoint: none'), policy()],
      [],
    ],
    ['that is not in the files', [NAMESPACE, policy()], []],
  ])('a policy for a Service %s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('a Service', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['with its own label for a waypoint', [OWN], [SERVICE_BYPASSES]],
    ['with an address', [withServiceLabel(SHOP, 'istio.io/use-waypoint: waypoint')], []],
    ['with its own label for a waypoint that also serves its pods', [forAll(OWN)], []],
    ['with the waypoint of its namespace, without policies', [HEADLESS], []],
    [
      'with the waypoint of its namespace, with a policy for the waypoint',
      [HEADLESS, policy(GATEWAY_REF)],
      [SERVICE_BYPASSES],
    ],
    ['whose pods are not in the files', [withoutPods(OWN)], [`${SERVICE_BYPASSES} (assumed)`]],
    [
      'whose pods use a waypoint that is not in the files',
      [
        replaceIn(OWN, [
          '        app: api\n    spec',
          `        app: api
        istio.io/use-waypoint: other
        istio.io/use-waypoint-namespace: infra
    spec`,
        ]),
      ],
      [],
    ],
  ])('a Service %s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('the fixes', () => {
  const titles = (...documents: readonly string[]): string[] =>
    findingsOf(analyse(documents.join('---\n')))
      .filter((finding) => finding.rule === rule)
      .flatMap(({ fixes }) => fixes.map(({ title }) => title))
  const title = 'Change istio.io/waypoint-for of "waypoint" to "all"'

  it('offers a fix of the waypoint if the pods inherit it', () => {
    expectFixed(OWN, { rule, title }, forAll(OWN))
  })

  it('offers a fix that also labels pods that inherit no waypoint', () => {
    const own = withoutNamespaceLabel(OWN)
    expectFixed(
      own,
      { rule, title },
      replaceIn(forAll(own), [
        '        app: api\n    spec',
        '        app: api\n        istio.io/use-waypoint: waypoint\n    spec',
      ]),
    )
  })

  it('offers a fix that also targets the waypoint if it serves no other Service', () => {
    const text = (shop: string, refs: string): string => [shop, policy(refs)].join('---\n')
    expectFixed(
      text(HEADLESS, SERVICE_REF),
      { rule, title: `${title} and target the waypoint` },
      text(forAll(HEADLESS), GATEWAY_REF),
    )
  })

  it.each([
    [
      'the waypoint serves another Service',
      [
        HEADLESS,
        `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
`,
        policy(),
      ],
    ],
    ['the pods are not in the files', [withoutPods(OWN)]],
    [
      'a policy at ztunnel restricts the clients',
      [OWN, policyText('p', 'rules:\n- from:\n  - source: {namespaces: [web]}')],
    ],
  ])('offers no fix if %s', (_, documents) => {
    expect(found(...documents)).toHaveLength(1)
    expect(titles(...documents)).toEqual([])
  })
})
