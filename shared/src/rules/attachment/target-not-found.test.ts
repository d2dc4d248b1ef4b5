import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
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
    `targetRefs:\n- kind: ${kind}\n  group: ${GROUPS[kind] ?? '""'}\n  name: ${name}\nrules:\n- to:\n  - operation:\n      methods: [GET]`,
    namespace,
  )
const ENTRY =
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: payments\n  namespace: shop\nspec:\n  hosts: [api.payments.example]\n'
const NAMESPACE = SHOP.slice(0, SHOP.indexOf('---'))
const missing = (kind: string, name: string): string =>
  `${kind} "${name}" does not exist in namespace "shop": this policy is not enforced for it.`

it('marks the name', () => {
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
#         ^^^ target-not-found: Service "web" does not exist in namespace "shop": this policy is not enforced for it.
  - kind: Gateway
    group: gateway.networking.k8s.io
    name: waypoint
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('what the files must tell', () => {
  it.each<[string, readonly string[], AnalyseOptions, readonly string[]]>([
    ['a Service that is here', [SHOP, targeting('Service', 'api')], {}, []],
    ['a Service that is not', [SHOP, targeting('Service', 'web')], {}, [missing('Service', 'web')]],
    ['a Service of a namespace that shows none', [NAMESPACE, targeting('Service', 'web')], {}, []],
    [
      'a Service of a namespace that is not here',
      [SHOP.slice(NAMESPACE.length + 4), targeting('Service', 'apii')],
      {},
      [],
    ],
    [
      'the same, where the files are the whole mesh',
      [SHOP.slice(NAMESPACE.length + 4), targeting('Service', 'apii')],
      { world: 'closed' },
      [missing('Service', 'apii')],
    ],
    [
      'a Service that something else may create',
      [
        SHOP,
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: more\n  namespace: shop\n',
        targeting('Service', 'web'),
      ],
      {},
      [],
    ],
    ['the Service of a Gateway', [SHOP, targeting('Service', 'waypoint')], {}, []],
    ['a ServiceEntry that is here', [SHOP, ENTRY, targeting('ServiceEntry', 'payments')], {}, []],
    [
      'a ServiceEntry that is not',
      [SHOP, ENTRY, targeting('ServiceEntry', 'payment')],
      {},
      [missing('ServiceEntry', 'payment')],
    ],
    ['a ServiceEntry, where none is shown', [SHOP, targeting('ServiceEntry', 'payment')], {}, []],
    [
      'a Gateway that is not',
      [SHOP, targeting('Gateway', 'gate')],
      {},
      [missing('Gateway', 'gate')],
    ],
    [
      'a Gateway of a namespace that is not here',
      [SHOP.slice(NAMESPACE.length + 4), targeting('Gateway', 'gate')],
      {},
      [],
    ],
    [
      'a near miss there',
      [SHOP.slice(NAMESPACE.length + 4), targeting('Gateway', 'waypont')],
      {},
      [`warning: ${missing('Gateway', 'waypont')}`],
    ],
    [
      'the class that istiod makes',
      [SHOP, targeting('GatewayClass', 'istio-waypoint', 'istio-system')],
      {},
      [],
    ],
    [
      'a class of its own',
      [SHOP, targeting('GatewayClass', 'corp-waypoint', 'istio-system')],
      {},
      [],
    ],
    [
      'a near miss of a class',
      [SHOP, targeting('GatewayClass', 'istio-waypont', 'istio-system')],
      {},
      ['warning: GatewayClass "istio-waypont" does not exist: this policy is not enforced for it.'],
    ],
    [
      'a class outside the root namespace, invalid anyway',
      [SHOP, targeting('GatewayClass', 'istio-waypont')],
      {},
      [],
    ],
    ['a kind that nothing can target', [SHOP, targeting('Deployment', 'web')], {}, []],
    ['a name that another tool fills in', [SHOP, targeting('Service', '${NAME}')], {}, []],
    [
      'another namespace, refused anyway',
      [SHOP, targeting('Service', 'web\n  namespace: infra')],
      {},
      [],
    ],
  ])('%s', (_, documents, options, expected) => {
    expect(found(documents, options)).toEqual(expected)
  })
})

it('corrects the name', () => {
  const text = (name: string): string =>
    `${SHOP}---\n${targeting('Service', `${name} # the front door`)}`
  expectFixed(text('aip'), { rule, title: 'Change to "api"' }, text('api'))
})

it('creates the Gateway', () => {
  const other =
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: public\n  namespace: shop\nspec:\n  gatewayClassName: istio\n  listeners: []\n'
  const namespace = NAMESPACE.replace('    istio.io/use-waypoint: waypoint\n', '')
  const text = [namespace, other, targeting('Gateway', 'gate')].join('---\n')
  const fixed = expectFixed(text, { rule, title: 'Create waypoint and enrol' })
  expect(fixed['test.yaml']).toContain('    istio.io/use-waypoint: gate\n---\n')
  expect(fixed['test.yaml']).toContain(
    '  name: gate\n  namespace: shop\nspec:\n  gatewayClassName: istio-waypoint\n',
  )
})
