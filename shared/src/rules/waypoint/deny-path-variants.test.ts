import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, findingsOf, replaceIn } from '../../testing/index.js'
import { policyText, SHOP } from '../support/examples.js'
import { denyPathVariants } from './deny-path-variants.js'

const rule = denyPathVariants.name
const SERVICE = 'targetRefs:\n- {kind: Service, name: api}\n'
const GATEWAY = 'targetRefs:\n- {kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}\n'

/** The findings about the policy `p`. */
function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter(
      (finding) =>
        finding.rule === rule &&
        finding.place.kind === 'field' &&
        finding.place.resource.name === 'p',
    )
    .map(({ message, level }) => `${level}: ${message}`)
}
const rules = (operation: string): string => `rules:\n- to:\n  - operation: {${operation}}\n`
const deny = (...paths: readonly string[]): string =>
  `action: DENY\n${rules(`paths: ${JSON.stringify(paths)}`)}`
const allowBut = (...paths: readonly string[]): string =>
  rules(`notPaths: ${JSON.stringify(paths)}`)
const bypassedWith = (paths: string, what = 'This DENY'): string =>
  `information: ${what} can be bypassed with ${paths}: many servers treat them as the same path.`

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
#       ^^^^^ deny-path-variants: This DENY can be bypassed with "/admin/", "/admin;a=b", "//admin" or "/ADMIN": many servers treat them as the same path.
    - operation:
        hosts: ["old.example"]
        paths: ["/7/*", "/"]
#       ^^^^^ deny-path-variants: This DENY can be bypassed with "//7/…": many servers treat it as the same path.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the spellings that bypass a policy', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'an exact path',
      deny('/admin'),
      [bypassedWith('"/admin/", "/admin;a=b", "//admin" or "/ADMIN"')],
    ],
    [
      'an exact path that ends in a slash',
      deny('/admin/'),
      [bypassedWith('"//admin/" or "/ADMIN/"')],
    ],
    ['a prefix', deny('/admin/*'), [bypassedWith('"//admin/…" or "/ADMIN/…"')]],
    [
      'a path without letters',
      deny('/1*'),
      [
        'information: This DENY can be bypassed with "//1…": many servers treat it as the same path.',
      ],
    ],
    [
      'a path with its own prefix',
      deny('/admin', '/admin/*'),
      [bypassedWith('"/admin;a=b", "//admin" or "/ADMIN"')],
    ],
    [
      'a path with its prefix in another rule',
      `${deny('/admin')}- to:\n  - operation: {paths: ["/admin*"]}\n`,
      [bypassedWith('"//admin" or "/ADMIN"'), bypassedWith('"//admin…" or "/ADMIN…"')],
    ],
    ['every path', deny('/admin', '*'), []],
    ['every path by a prefix', deny('/*'), []],
    ['a suffix', deny('*/admin'), []],
    ['a template', deny('/{*}/admin'), []],
    ['a path that another tool fills in', deny('/admin', '${PATH}'), []],
    [
      'notPaths of an ALLOW',
      allowBut('/admin'),
      [bypassedWith('"/admin/", "/admin;a=b", "//admin" or "/ADMIN"', 'These "notPaths"')],
    ],
    ['paths of an ALLOW', rules('paths: [/admin]'), []],
    ['notPaths of a DENY', `action: DENY\n${rules('notPaths: [/catalog]')}`, []],
    [
      'an action that another tool fills in',
      `action: "\${ACTION}"\n${rules('notPaths: [/admin]')}`,
      [],
    ],
    ['an AUDIT policy', `action: AUDIT\n${rules('paths: [/admin]')}`, []],
  ])('are reported for %s', (_, spec, expected) => {
    expect(found(SHOP, policyText('p', SERVICE + spec))).toEqual(expected)
  })

  it('are left out of the message where they are too long', () => {
    expect(found(SHOP, policyText('p', SERVICE + deny('/administration/of/users')))).toEqual([
      bypassedWith('"/administration/of/users/" or "/administration/of/users;a=b"'),
    ])
    const [message = ''] = found(SHOP, policyText('p', SERVICE + deny(`/${'x'.repeat(200)}`)))
    expect(message).toBe(
      'information: This DENY can be bypassed with another spelling of the path, which ' +
        'many servers treat as the same path.',
    )
  })
})

const ADMIN = [bypassedWith('"/admin/", "/admin;a=b", "//admin" or "/ADMIN"')]
const allow = (operation: string): string => rules(operation)
const denyAll = (operation: string, more = ''): string => `action: DENY\n${rules(operation)}${more}`

it.each<[string, string, string, readonly string[]]>([
  ['an ALLOW with other paths', deny('/admin'), allow('paths: ["/admin", "/public/*"]'), []],
  [
    'an ALLOW with one of them',
    deny('/admin'),
    allow('paths: ["/admin*"]'),
    [bypassedWith('"/admin/" or "/admin;a=b"')],
  ],
  ['an ALLOW of every path', deny('/admin'), allow('methods: [GET]'), ADMIN],
  ['an ALLOW of everything', deny('/admin'), 'rules:\n- {}\n', ADMIN],
  ['an ALLOW that another tool fills in', deny('/admin'), allow('paths: ["${PATH}"]'), ADMIN],
  [
    'an ALLOW of a suffix',
    deny('/admin/*'),
    allow('paths: ["*.html"]'),
    [bypassedWith('"//admin/…" or "/ADMIN/…"')],
  ],
  ['an ALLOW of a prefix', deny('/admin/*'), allow('paths: ["/api*"]'), []],
  [
    'an ALLOW of a longer path',
    deny('/admin/*'),
    allow('paths: ["/ADMIN/users"]'),
    [
      'information: This DENY can be bypassed with "/ADMIN/…": many servers treat it as the same path.',
    ],
  ],
  ['a DENY of all other paths', deny('/admin'), denyAll('notPaths: ["/public*"]'), []],
  [
    'a DENY of all other paths on the port for HTTP',
    deny('/admin'),
    denyAll('notPaths: ["/public*"], ports: ["80"]'),
    [],
  ],
  [
    'a DENY of all other paths on another port',
    deny('/admin'),
    denyAll('notPaths: ["/public*"], ports: ["81"]'),
    ADMIN,
  ],
  [
    'a DENY that leaves one of them out',
    deny('/admin'),
    denyAll('notPaths: ["/admin;*"]'),
    [
      'information: This DENY can be bypassed with "/admin;a=b": many servers treat it as the same path.',
    ],
  ],
  [
    'a DENY for other methods',
    deny('/admin'),
    denyAll('methods: [POST], notPaths: [/public]'),
    ADMIN,
  ],
  [
    'a DENY for some clients',
    deny('/admin'),
    denyAll('notPaths: [/public]', '  from: [{source: {namespaces: [web]}}]\n'),
    ADMIN,
  ],
  [
    'a DENY of a longer prefix',
    deny('/admin/*'),
    denyAll('paths: ["//admin/a*", "/ADMIN/*"]'),
    [
      'information: This DENY can be bypassed with "//admin/…": many servers treat it as the same path.',
    ],
  ],
  ['a dry run', deny('/admin'), `${denyAll('paths: ["*"]')}#dry`, ADMIN],
  [
    'a DENY of one of them, beside notPaths',
    allowBut('/admin'),
    denyAll('paths: ["/admin/*"]'),
    [bypassedWith('"/admin;a=b", "//admin" or "/ADMIN"', 'These "notPaths"')],
  ],
])('leaves out the paths that are denied by %s', (_, spec, other, expected) => {
  const dryRun = other.endsWith('#dry')
  const beside = policyText('other', SERVICE + other)
  expect(
    found(
      SHOP,
      policyText('p', SERVICE + spec),
      dryRun
        ? beside.replace(
            '  name: other\n',
            `  name: other\n  annotations: {istio.io/dry-run: "true"}\n`,
          )
        : beside,
    ),
  ).toEqual(expected)
})

it('leaves out the paths that the operation itself does not match', () => {
  const text = (paths: string): string =>
    policyText('p', SERVICE + rules(`paths: [${paths}], notPaths: [/api/admin]`))
  expect(found(SHOP, text('"/api/*"'))).toEqual([
    bypassedWith('"/api/admin/" or "/api/admin;a=b"', 'These "notPaths"'),
  ])
  expect(found(SHOP, text('/api/admin, /api/users'))).toEqual([])
})

it.each<[string, readonly string[], number]>([
  ['at a waypoint', [SHOP, policyText('p', GATEWAY + deny('/admin'))], 1],
  [
    'at an ingress gateway',
    [replaceIn(SHOP, ['istio-waypoint', 'istio']), policyText('p', GATEWAY + deny('/admin'))],
    0,
  ],
  ['at ztunnel, which sees no paths', [SHOP, policyText('p', deny('/admin'))], 0],
])('counts the findings for a policy %s', (_, documents, count) => {
  expect(found(...documents)).toHaveLength(count)
})

it('checks each list separately in a policy with more than 400 paths', () => {
  const many = Array.from({ length: 400 }, (_, at) => `/${String(at)}`)
  const covered = (paths: readonly string[]): number =>
    found(
      SHOP,
      policyText('p', `${SERVICE}${deny(...paths)}- to:\n  - operation: {paths: ["*"]}\n`),
    ).length
  expect(covered(many.slice(0, 399))).toBe(0)
  expect(covered(many)).toBe(1)
})
