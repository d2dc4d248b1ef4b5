import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { policyText, SHOP, withServiceLabel } from '../support/examples.js'
import { headlessServiceTarget } from './headless-service-target.js'

const rule = headlessServiceTarget.name
const HEADLESS = SHOP.replace(
  'spec:\n  selector:\n    app: api\n  ports:',
  'spec:\n  clusterIP: None\n  selector:\n    app: api\n  ports:',
)
const OWN = withServiceLabel(HEADLESS, 'istio.io/use-waypoint: waypoint')
const NAMESPACE = HEADLESS.slice(0, HEADLESS.indexOf('---') + 4)
const forAll = (text: string): string => text.replace('waypoint-for: service', 'waypoint-for: all')
const withoutNamespaceLabel = (text: string): string =>
  text.replace('    istio.io/use-waypoint: waypoint\n---', '---')
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
const OF_POLICY =
  'warning: Service "api" is headless: its clients dial the pods, so no waypoint enforces this policy for them.'
const OF_SERVICE =
  'warning: Service "api" is headless: its traffic goes to the addresses of its pods, past waypoint "shop/waypoint".'

it('marks the target, on both kinds of policy', () => {
  const { found: marked, expected } = compareMarked(
    `${HEADLESS}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec:
  targetRefs:
  - kind: Service
    name: api
#         ^^^ headless-service-target: Service "api" is headless: its clients dial the pods, so no waypoint enforces this policy for them.
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
#         ^^^ headless-service-target: Service "api" is headless: its clients dial the pods, so no waypoint enforces this policy for them.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

it('marks the Service', () => {
  const { found: marked, expected } = compareMarked(
    OWN.replace(
      'clusterIP: None\n',
      'clusterIP: None\n#            ^^^^ headless-service-target: Service "api" is headless: its traffic goes to the addresses of its pods, past waypoint "shop/waypoint".\n',
    ),
  )
  expect(marked).toEqual(expected)
})

describe('a policy for a Service', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['with an address', [SHOP, policy()], []],
    ['without', [HEADLESS, policy()], [OF_POLICY]],
    [
      'without, whose pods a waypoint serves: it obeys policies for the Gateway only',
      [forAll(HEADLESS), policy()],
      [OF_POLICY],
    ],
    [
      'without, whose waypoint is not known',
      [HEADLESS.slice(NAMESPACE.length).replaceAll('istio-waypoint', 'corp'), policy()],
      [OF_POLICY],
    ],
    [
      'that is not bound, which is another finding',
      [withServiceLabel(HEADLESS, 'istio.io/use-waypoint: none'), policy()],
      [],
    ],
    ['that is not here', [NAMESPACE, policy()], []],
  ])('%s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('a Service', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['that chooses its waypoint', [OWN], [OF_SERVICE]],
    ['with an address', [withServiceLabel(SHOP, 'istio.io/use-waypoint: waypoint')], []],
    ['that chooses it, and its pods too', [forAll(OWN)], []],
    ['whose namespace chooses it, without policies there', [HEADLESS], []],
    [
      'whose namespace chooses it, with a policy for the waypoint',
      [HEADLESS, policy(GATEWAY_REF)],
      [OF_SERVICE],
    ],
    ['whose pods are not here', [withoutPods(OWN)], [`${OF_SERVICE} (assumed)`]],
    [
      'whose pods choose a waypoint that is not here',
      [
        OWN.replace(
          '        app: api\n    spec',
          '        app: api\n        istio.io/use-waypoint: other\n        istio.io/use-waypoint-namespace: infra\n    spec',
        ),
      ],
      [],
    ],
  ])('%s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('fixes', () => {
  const titles = (...documents: readonly string[]): string[] =>
    findingsOf(analyse(documents.join('---\n')))
      .filter((finding) => finding.rule === rule)
      .flatMap(({ fixes }) => fixes.map(({ title }) => title))
  const title = 'Let waypoint "waypoint" serve its pods too'

  it('serves the pods, which inherit the waypoint', () => {
    expectFixed(OWN, { rule, title }, forAll(OWN))
  })

  it('labels pods that inherit none', () => {
    const own = withoutNamespaceLabel(OWN)
    expectFixed(
      own,
      { rule, title },
      forAll(own).replace(
        '        app: api\n    spec',
        '        app: api\n        istio.io/use-waypoint: waypoint\n    spec',
      ),
    )
  })

  it('targets the waypoint, where it serves nothing else', () => {
    const text = (shop: string, refs: string): string => [shop, policy(refs)].join('---\n')
    expectFixed(
      text(HEADLESS, SERVICE_REF),
      { rule, title: `${title}, and target it` },
      text(forAll(HEADLESS), GATEWAY_REF),
    )
  })

  it.each([
    [
      'the waypoint serves another Service',
      [
        HEADLESS,
        'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n',
        policy(),
      ],
    ],
    ['no pods are here', [withoutPods(OWN)]],
    [
      'ztunnel asks who the client is',
      [OWN, policyText('p', 'rules:\n- from:\n  - source: {namespaces: [web]}')],
    ],
  ])('are not offered where %s', (_, documents) => {
    expect(found(...documents)).toHaveLength(1)
    expect(titles(...documents)).toEqual([])
  })
})
