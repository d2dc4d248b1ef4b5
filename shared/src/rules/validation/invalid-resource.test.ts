import { describe, expect, it } from 'vitest'
import { readVectors } from '../../testing/fixtureFiles.js'
import { analyse, compareMarked, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { invalidResource } from './invalid-resource.js'

const rule = invalidResource.name
const rules = [rule]

function policy(spec: string, kind = 'AuthorizationPolicy'): string {
  return `apiVersion: security.istio.io/v1
kind: ${kind}
metadata:
  name: p
  namespace: shop
spec:
${spec}`
}

function messagesOf(text: string): string[] {
  return findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)
}

it('reports every object that validation rejects, alone or with more detailed rules', () => {
  const saying = new Set([rule, 'selector-and-target-refs'])
  const wrong = readVectors<{
    readonly name: string
    readonly manifest: object
    readonly accepted: boolean
    readonly error?: string
  }>('validation').filter(({ manifest, accepted, error = '' }) => {
    // The API server drops these null fields before it validates (docs/semantics.md §8.1).
    if (/^spec[\w.]*: Invalid value: "null"[^,]*$/.test(error)) return false
    const refused = findingsOf(analyse(JSON.stringify(manifest, undefined, 2))).some(
      (finding) => saying.has(finding.rule) && finding.level === 'error',
    )
    return refused === accepted
  })
  expect(wrong.map(({ name }) => name)).toEqual([])
})

describe('the marked place', () => {
  it('is the key of an unknown field and the value of a known field', () => {
    const { found, expected } = compareMarked(
      policy(`  action: allow
#         ^^^^^ invalid-resource: spec.action: unsupported value "allow": supported values are ALLOW, DENY, AUDIT, CUSTOM.
  colour: red
# ^^^^^^ invalid-resource: spec.colour: unknown field.
  rules:
  - form:
#   ^^^^ invalid-resource: spec.rules[0].form: unknown field.
    - source: {namespaces: [a]}
    to:
    - operation:
        ports: [8080, "http", '80']
#               ^^^^ invalid-resource: spec.rules[0].to[0].operation.ports[0]: must be of type string, not integer: write 8080 in quotes.
#                     ^^^^^^ invalid-resource: spec.rules[0].to[0].operation.ports[1]: bad port "http": it must be a number from 0 to 65535.
    when:
    - values: ["x"]
#     ^^^^^^^^^^^^^ invalid-resource: spec.rules[0].when[0].key: Required value.
`),
      { rules },
    )
    expect(found).toEqual(expected)
  })

  it('is the key of a mapping', () => {
    const { found, expected } = compareMarked(
      policy(
        `  portLevelMtls:
# ^^^^^^^^^^^^^ invalid-resource: spec.portLevelMtls: portLevelMtls requires selector.
    70000:
#   ^^^^^ invalid-resource: spec.portLevelMtls.70000: port must be between 1-65535.
      mode: STRICT
`,
        'PeerAuthentication',
      ),
      { rules },
    )
    expect(found).toEqual(expected)
  })

  it('is correct in objects of a List, also after edits', () => {
    const { found, expected } = compareMarked(
      `# a comment
apiVersion: v1
kind: List
items:
- apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata:
    name: strict
    lables:
#   ^^^^^^ invalid-resource: metadata.lables: unknown field.
      app: x
  spec:
    mtls:
      mode: on
#           ^^ invalid-resource: spec.mtls.mode: unsupported value "on": supported values are UNSET, DISABLE, PERMISSIVE, STRICT.
`,
      { rules },
    )
    expect(found).toEqual(expected)
  })

  it('includes the listeners of a Gateway, but not fields that releases add', () => {
    const { found, expected } = compareMarked(
      `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: shop
spec:
  anything: goes
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 150080
#         ^^^^^^ invalid-resource: spec.listeners[0].port: must be less than or equal to 65535.
    protocol: HBONE
  - {name: other, port: "15008"}
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ invalid-resource: spec.listeners[1].protocol: Required value.
#                       ^^^^^^^ invalid-resource: spec.listeners[1].port: must be of type integer, not string.
`,
      { rules },
    )
    expect(found).toEqual(expected)
  })
})

it.each([
  [
    'an unknown version',
    replaceIn(policy('  rules: []\n'), ['/v1', '/v1alpha1']),
    [
      'apiVersion: no matches for kind "AuthorizationPolicy" in version "security.istio.io/v1alpha1".',
    ],
  ],
  [
    'an unquoted annotation',
    replaceIn(policy('  rules: []\n'), [
      '  name: p',
      '  name: p\n  annotations:\n    istio.io/dry-run: true',
    ]),
    [
      'metadata.annotations["istio.io/dry-run"]: must be of type string, not boolean: write true in quotes.',
    ],
  ],
  [
    'a word that YAML 1.1 reads as a boolean',
    policy('  selector:\n    matchLabels:\n      debug: yes\n'),
    ['spec.selector.matchLabels.debug: must be of type string, not boolean: write yes in quotes.'],
  ],
  ['the same word in quotes', policy('  selector:\n    matchLabels:\n      debug: "yes"\n'), []],
  [
    'values that another tool fills in',
    policy(
      '  action: ${ACTION}\n  rules:\n  - to:\n    - operation:\n' +
        '        ports: [$PORT, "###PORT###"]\n  selector: ${SELECTOR}\n',
    ),
    [],
  ],
  ['an action that another tool fills in, without rules', policy('  action: ${ACTION}\n'), []],
  [
    'an object that selector-and-target-refs reports',
    policy('  selector: {}\n  targetRefs: []\n'),
    [],
  ],
  ['invalid YAML', policy('  rules: [\n  foo: 1\n'), []],
  ['an object that is right', policy('  rules:\n  - {}\n'), []],
])('reports the messages for %s', (_, text, messages) => {
  expect(messagesOf(text)).toEqual(messages)
})

it('shows fields with unusual names', () => {
  const text = policy(
    '  "a/b~c%d#e": 1\n  __proto__: 1\n  constructor: 1\n  "x\\uD800": 1\n' +
      '  selector:\n    matchLabels:\n      toString: 1\n',
  )
  expect(messagesOf(text)).toEqual([
    'spec.selector.matchLabels.toString: must be of type string, not integer: write 1 in quotes.',
    'spec["a/b~c%d#e"]: unknown field.',
    'spec.__proto__: unknown field.',
    'spec.constructor: unknown field.',
    'spec["x\ufffd"]: unknown field.',
  ])
})

it('has messages of at most 140 characters for long values', () => {
  const long = 'x'.repeat(300)
  const messages = [
    policy(
      `  selector:\n    matchLabels:\n      ${long}: "${long}*"\n` +
        `      "*${long}": ${long}\n  action: ${long}\n  ${long}: 1\n`,
    ),
    policy(
      '  rules:\n  - from:\n    - source:\n' +
        `        notServiceAccounts: ["${long}/", "a/b/${long}"]\n` +
        `        trustDomains: ["a*${long}", "*${long}*"]\n` +
        `        notRemoteIpBlocks: ["${long}/8"]\n    to:\n    - operation:\n` +
        `        notPaths: ["/{*}/${long} ", "/{**}/{*}/${long}", "${long}{"]\n` +
        `        ports: ["${long}"]\n    when:\n    - key: ${long}\n      values: [""]\n` +
        `    - key: request.headers[${long}\n      values: [""]\n` +
        `    - key: destination.labels[${long}]\n      notValues: [1]\n`,
    ),
    policy(`  portLevelMtls:\n    ${long}: {mode: ${long}}\n`, 'PeerAuthentication'),
    policy(
      `  targetRef: {group: ${long}_, kind: ${long}_, name: x}\n  targetRefs:\n` +
        `  - {group: ${long.slice(0, 60)}, kind: ${long.slice(0, 50)}, name: ${long}}\n` +
        '  jwtRules:\n' +
        `  - {jwks: '{"kty":"${long}"}', timeout: ${long}, jwksUri: ${long}}\n`,
      'RequestAuthentication',
    ),
  ].flatMap(messagesOf)
  expect(messages.length).toBeGreaterThan(25)
  expect(messages.filter((message) => message.length > 140 || !message.endsWith('.'))).toEqual([])
})

describe('fixes', () => {
  it.each([
    [
      'Write "8080" in quotes',
      policy('  rules:\n  - to:\n    - operation:\n        ports: [8080] # http\n'),
      policy('  rules:\n  - to:\n    - operation:\n        ports: ["8080"] # http\n'),
    ],
    [
      'Write "yes" in quotes',
      policy('  selector:\n    matchLabels:\n      debug: yes\n'),
      policy('  selector:\n    matchLabels:\n      debug: "yes"\n'),
    ],
    [
      'Rename to from',
      policy('  rules:\n  - form:\n    - source:\n        namespaces: [a]\n'),
      policy('  rules:\n  - from:\n    - source:\n        namespaces: [a]\n'),
    ],
    [
      'Rename to principals',
      policy('  rules:\n  - from:\n    - source:\n        principal: ["*"]\n'),
      policy('  rules:\n  - from:\n    - source:\n        principals: ["*"]\n'),
    ],
    [
      'Rename to labels',
      replaceIn(policy('  rules: []\n'), ['  name: p', '  name: p\n  lables: {a: b}']),
      replaceIn(policy('  rules: []\n'), ['  name: p', '  name: p\n  labels: {a: b}']),
    ],
    ['Change to ALLOW', policy('  action: allow\n'), policy('  action: ALLOW\n')],
    [
      'Change to STRICT',
      policy('  mtls:\n    mode: Strct\n', 'PeerAuthentication'),
      policy('  mtls:\n    mode: STRICT\n', 'PeerAuthentication'),
    ],
    [
      'Change to security.istio.io/v1',
      replaceIn(policy('  rules: []\n'), ['/v1', '/v1alpha1']),
      policy('  rules: []\n'),
    ],
  ])('include %s', (title, before, after) => {
    expectFixed(before, { rule, title }, after)
  })

  it('offer nothing without a similar name', () => {
    const fixes = findingsOf(analyse(policy('  colour: red\n  action: BLOCK\n'))).flatMap(
      (finding) => finding.fixes,
    )
    expect(fixes).toEqual([])
  })

  it('do not rename to a field that exists', () => {
    const fixes = findingsOf(analyse(policy('  rules: []\n  rule: []\n'))).flatMap(
      (finding) => finding.fixes,
    )
    expect(fixes).toEqual([])
  })
})
