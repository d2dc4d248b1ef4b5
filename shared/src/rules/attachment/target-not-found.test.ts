import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  type AnalyseOptions,
} from '../../testing/index.js'
import { policyText, SHOP } from '../support/examples.js'
import { targetNotFound } from './target-not-found.js'

const rule = targetNotFound.name

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => (level === 'error' ? message : `${level}: ${message}`))
}

const GROUPS: Readonly<Record<string, string>> = {
  Service: '""',
  ServiceEntry: 'networking.istio.io',
  Gateway: 'gateway.networking.k8s.io',
  GatewayClass: 'gateway.networking.k8s.io',
}
const targeting = (kind: string, name: string, namespace = 'shop'): string =>
  policyText(
    'p',
    `targetRefs:
- kind: ${kind}
  group: ${GROUPS[kind] ?? '""'}
  name: ${name}
rules:
- to:
  - operation:
      methods: [GET]`,
    namespace,
  )
const ENTRY = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: payments
  namespace: shop
spec:
  hosts: [api.payments.example]
`
const NAMESPACE = SHOP.slice(0, SHOP.indexOf('---'))
const missing = (kind: string, name: string): string =>
  `This policy is not enforced for ${kind} "${name}", which does not exist in namespace "shop".`

it('marks the name of a target that does not exist', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: tokens
  namespace: shop
spec:
  targetRefs:
  - kind: Service
    group: ""
    name: web
#         ^^^ target-not-found: This policy is not enforced for Service "web", which does not exist in namespace "shop".
  - kind: Gateway
    group: gateway.networking.k8s.io
    name: waypoint
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the targets that exist', () => {
  it.each<[string, readonly string[], AnalyseOptions, readonly string[]]>([
    ['no Service that exists', [SHOP, targeting('Service', 'api')], {}, []],
    [
      'a Service that does not exist',
      [SHOP, targeting('Service', 'web')],
      {},
      [missing('Service', 'web')],
    ],
    [
      'no Service of a namespace without Services in the files',
      [NAMESPACE, targeting('Service', 'web')],
      {},
      [],
    ],
    [
      'no Service of a namespace that is not in the files',
      [SHOP.slice(NAMESPACE.length + 4), targeting('Service', 'apii')],
      {},
      [],
    ],
    [
      'a Service of a namespace that is not in the files, if the files are the whole mesh',
      [SHOP.slice(NAMESPACE.length + 4), targeting('Service', 'apii')],
      { world: 'closed' },
      [missing('Service', 'apii')],
    ],
    [
      'no Service that a HelmRelease may create',
      [
        SHOP,
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: more\n  namespace: shop\n',
        targeting('Service', 'web'),
      ],
      {},
      [],
    ],
    [
      'no Service that istiod creates for a Gateway',
      [SHOP, targeting('Service', 'waypoint')],
      {},
      [],
    ],
    ['no ServiceEntry that exists', [SHOP, ENTRY, targeting('ServiceEntry', 'payments')], {}, []],
    [
      'a ServiceEntry that does not exist',
      [SHOP, ENTRY, targeting('ServiceEntry', 'payment')],
      {},
      [missing('ServiceEntry', 'payment')],
    ],
    [
      'no ServiceEntry if the files show none',
      [SHOP, targeting('ServiceEntry', 'payment')],
      {},
      [],
    ],
    [
      'a Gateway that does not exist',
      [SHOP, targeting('Gateway', 'gate')],
      {},
      [missing('Gateway', 'gate')],
    ],
    [
      'no Gateway of a namespace that is not in the files',
      [SHOP.slice(NAMESPACE.length + 4), targeting('Gateway', 'gate')],
      {},
      [],
    ],
    [
      'a misspelt Gateway of a namespace that is not in the files',
      [SHOP.slice(NAMESPACE.length + 4), targeting('Gateway', 'waypont')],
      {},
      [`warning: ${missing('Gateway', 'waypont')}`],
    ],
    [
      'no class that istiod creates',
      [SHOP, targeting('GatewayClass', 'istio-waypoint', 'istio-system')],
      {},
      [],
    ],
    [
      'no class that is not in the files',
      [SHOP, targeting('GatewayClass', 'corp-waypoint', 'istio-system')],
      {},
      [],
    ],
    [
      'a misspelt class',
      [SHOP, targeting('GatewayClass', 'istio-waypont', 'istio-system')],
      {},
      [
        'warning: This policy is not enforced for GatewayClass "istio-waypont", which does not exist.',
      ],
    ],
    [
      'no class in a policy outside the root namespace',
      [SHOP, targeting('GatewayClass', 'istio-waypont')],
      {},
      [],
    ],
    ['no kind that a policy cannot target', [SHOP, targeting('Deployment', 'web')], {}, []],
    ['no name that another tool fills in', [SHOP, targeting('Service', '${NAME}')], {}, []],
    ['no target with a namespace', [SHOP, targeting('Service', 'web\n  namespace: infra')], {}, []],
  ])('reports %s', (_, documents, options, expected) => {
    expect(found(documents, options)).toEqual(expected)
  })
})

it('offers a fix that corrects the name', () => {
  const text = (name: string): string =>
    `${SHOP}---\n${targeting('Service', `${name} # the front door`)}`
  expectFixed(text('aip'), { rule, title: 'Change to "api"' }, text('api'))
})

it('offers a fix that creates the Gateway', () => {
  const other = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
  namespace: shop
spec:
  gatewayClassName: istio
  listeners:
    - {name: http, port: 80, protocol: HTTP}
`
  const namespace = replaceIn(NAMESPACE, ['    istio.io/use-waypoint: waypoint\n', ''])
  const text = [namespace, other, targeting('Gateway', 'gate')].join('---\n')
  const fixed = expectFixed(text, { rule, title: 'Create a waypoint and use it' })
  expect(fixed['test.yaml']).toContain('    istio.io/use-waypoint: gate\n---\n')
  expect(fixed['test.yaml']).toContain(
    '  name: gate\n  namespace: shop\nspec:\n  gatewayClassName: istio-waypoint\n',
  )
})

describe('a Gateway of the same name in another namespace', () => {
  const elsewhere = replaceIn(
    SHOP,
    [
      'istio.io/use-waypoint: waypoint\n',
      'istio.io/use-waypoint: waypoint\n    istio.io/use-waypoint-namespace: infra\n',
    ],
    ['name: waypoint\n  namespace: shop\n', 'name: waypoint\n  namespace: infra\n'],
    [
      'protocol: HBONE\n',
      'protocol: HBONE\n      allowedRoutes:\n        namespaces:\n          from: All\n',
    ],
  )
  const TWIN =
    'This policy is not enforced: Gateway "waypoint" is in namespace "infra", and a policy targets only Gateways of its own.'
  const policy = targeting('Gateway', 'waypoint')

  it.each<[string, string, readonly string[]]>([
    ['that the namespace uses', elsewhere, [TWIN]],
    [
      'that only a Service uses',
      replaceIn(
        elsewhere,
        [/ {4}istio.io\/use-waypoint.*\n/g, ''],
        [
          'name: api\n  namespace: shop\n',
          'name: api\n  namespace: shop\n  labels: {istio.io/use-waypoint: waypoint, istio.io/use-waypoint-namespace: infra}\n',
        ],
      ),
      [TWIN],
    ],
    ['that nothing there uses', replaceIn(elsewhere, [/ {4}istio.io\/use-waypoint.*\n/g, '']), []],
    [
      'while a template may render to the Gateway',
      `${elsewhere}---\n{{- if .Values.x }}\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: y\n{{- end }}\n`,
      [`warning: ${TWIN}`],
    ],
  ])('is named: one %s', (_, text, expected) => {
    expect(found([text, policy])).toEqual(expected)
  })

  it('offers fixes that target the Service or move the policy', () => {
    const text = `${elsewhere}---\n${policy}`
    const retargeted = expectFixed(text, { rule, title: 'Target Service "api"' })
    expect(retargeted['test.yaml']).toMatch(/kind: Service\n\s+group: ""\n\s+name: api\n/)
    const moved = expectFixed(text, { rule, title: 'Move the policy to namespace "infra"' })
    expect(moved['test.yaml']).toContain('  name: p\n  namespace: infra\n')
  })

  it.each([
    ['targets a ServiceEntry', 'DNS', 'Target 2 Services'],
    ['targets no ServiceEntry whose clients bypass the waypoint', 'NONE', 'Target Service "api"'],
  ])('%s', (_, resolution, title) => {
    const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: outside
  namespace: shop
spec:
  hosts: [api.example.com]
  resolution: ${resolution}
  ports:
    - {name: http, number: 80, protocol: HTTP}
`
    expectFixed([elsewhere, entry, policy].join('---\n'), { rule, title })
  })
})
