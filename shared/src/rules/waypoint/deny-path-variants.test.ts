import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, findingsOf } from '../../testing/index.js'
import { policyText, SHOP } from '../support/examples.js'
import { denyPathVariants } from './deny-path-variants.js'

const rule = denyPathVariants.name
const SERVICE = 'targetRefs:\n- {kind: Service, name: api}\n'
const GATEWAY = 'targetRefs:\n- {kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}\n'

function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const rules = (operation: string): string => `rules:\n- to:\n  - operation: {${operation}}\n`
const deny = (...paths: readonly string[]): string =>
  `action: DENY\n${rules(`paths: ${JSON.stringify(paths)}`)}`
const allowBut = (...paths: readonly string[]): string =>
  rules(`notPaths: ${JSON.stringify(paths)}`)
const passes = (paths: string, action = 'DENY'): string =>
  `information: ${paths} pass this ${action}, and many servers take them for the same path.`

it('marks the list of each operation', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  targetRefs:
  - {kind: Service, name: api}
  action: DENY
  rules:
  - to:
    - operation:
        methods: ["POST"]
        paths: ["/admin"]
#       ^^^^^ deny-path-variants: "/admin/", "/admin;a=b", "//admin" and "/ADMIN" pass this DENY, and many servers take them for the same path.
    - operation:
        hosts: ["old.example"]
        paths: ["/7/*", "/"]
#       ^^^^^ deny-path-variants: "//7/…" passes this DENY, and many servers take it for the same path.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('which paths pass', () => {
  it.each<[string, string, readonly string[]]>([
    ['an exact path', deny('/admin'), [passes('"/admin/", "/admin;a=b", "//admin" and "/ADMIN"')]],
    ['an exact path that ends in a slash', deny('/admin/'), [passes('"//admin/" and "/ADMIN/"')]],
    ['a prefix', deny('/admin/*'), [passes('"//admin/…" and "/ADMIN/…"')]],
    [
      'a path without letters',
      deny('/1*'),
      ['information: "//1…" passes this DENY, and many servers take it for the same path.'],
    ],
    [
      'a path with its own prefix',
      deny('/admin', '/admin/*'),
      [passes('"/admin;a=b", "//admin" and "/ADMIN"')],
    ],
    [
      'a path whose prefix another rule forbids',
      `${deny('/admin')}- to:\n  - operation: {paths: ["/admin*"]}\n`,
      [passes('"//admin" and "/ADMIN"'), passes('"//admin…" and "/ADMIN…"')],
    ],
    ['every path', deny('/admin', '*'), []],
    ['every path, by a prefix', deny('/*'), []],
    ['a suffix', deny('*/admin'), []],
    ['a template', deny('/{*}/admin'), []],
    ['one that another tool fills in', deny('/admin', '${PATH}'), []],
    [
      'all but some',
      allowBut('/admin'),
      [passes('"/admin/", "/admin;a=b", "//admin" and "/ADMIN"', 'ALLOW')],
    ],
    ['an ALLOW', rules('paths: [/admin]'), []],
    ['a DENY of all but some', `action: DENY\n${rules('notPaths: [/catalog]')}`, []],
    [
      'an action that another tool fills in',
      `action: "\${ACTION}"\n${rules('notPaths: [/admin]')}`,
      [],
    ],
    ['one that is only logged', `action: AUDIT\n${rules('paths: [/admin]')}`, []],
  ])('%s', (_, spec, expected) => {
    expect(found(SHOP, policyText('p', SERVICE + spec))).toEqual(expected)
  })

  it('shows of long paths what there is room for', () => {
    expect(found(SHOP, policyText('p', SERVICE + deny('/administration/of/users')))).toEqual([
      passes('"/administration/of/users/" and "/administration/of/users;a=b"'),
    ])
    const [message = ''] = found(SHOP, policyText('p', SERVICE + deny(`/${'x'.repeat(200)}`)))
    expect(message).toBe(
      'information: The path written in other ways passes this DENY, and many servers take it for the same.',
    )
  })
})

it.each<[string, readonly string[], number]>([
  ['at a waypoint', [SHOP, policyText('p', GATEWAY + deny('/admin'))], 1],
  [
    'at an ingress gateway',
    [SHOP.replace('istio-waypoint', 'istio'), policyText('p', GATEWAY + deny('/admin'))],
    0,
  ],
  ['at ztunnel, which sees no paths', [SHOP, policyText('p', deny('/admin'))], 0],
])('is said %s', (_, documents, count) => {
  expect(found(...documents)).toHaveLength(count)
})

it('looks at each list by itself in a very long policy', () => {
  const many = Array.from({ length: 400 }, (_, at) => `/${String(at)}`)
  const covered = (paths: readonly string[]): number =>
    found(
      SHOP,
      policyText('p', `${SERVICE}${deny(...paths)}- to:\n  - operation: {paths: ["*"]}\n`),
    ).length
  expect(covered(many.slice(0, 399))).toBe(0)
  expect(covered(many)).toBe(1)
})
