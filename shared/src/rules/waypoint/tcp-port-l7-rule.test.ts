import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { COMPANION, policyText, SHOP, WEB_SERVICE } from '../support/examples.js'
import { tcpPortL7Rule } from './tcp-port-l7-rule.js'

const rule = tcpPortL7Rule.name
const SERVICE_REF = 'targetRefs:\n- {kind: Service, name: api}\n'
const GATEWAY_REF =
  'targetRefs:\n- {kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}\n'
const withPorts = (...ports: readonly string[]): string =>
  replaceIn(SHOP, [
    '  ports:\n    - name: http\n      port: 80\n      targetPort: 8080\n',
    `  ports: [${ports.join(', ')}]\n`,
  ])
const HTTP = '{name: http, port: 80}'
const TCP = '{name: tcp-db, port: 5432}'
const GET = 'rules:\n- to:\n  - operation:\n      methods: [GET]\n'
const policy = (spec: string, name = 'p'): string => policyText(name, SERVICE_REF + spec)

function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const PORT = 'port 5432 of Service "api"'
const allowsNone = (where = PORT, attribute = 'methods'): string =>
  `warning: This rule allows no connection on TCP ${where}: "${attribute}" needs HTTP.`
const deniesAll = (where = PORT): string =>
  `warning: This rule denies every connection on TCP ${where}: "methods" needs HTTP.`

it('marks the attribute of each rule', () => {
  const { found: marked, expected } = compareMarked(
    `${withPorts(HTTP, TCP)}---
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
        ports: ["5432"]
    - operation:
        ports: ["80"]
        methods: [GET]
  - from:
    - source:
        namespaces: [web]
    to:
    - operation:
        methods: [GET]
#       ^^^^^^^ tcp-port-l7-rule: This rule denies every connection that its other fields match on TCP port 5432 of Service "api": "methods" needs HTTP.
  - when:
    - key: request.headers[x-debug]
#          ^^^^^^^^^^^^^^^^^^^^^^^^ tcp-port-l7-rule: This rule denies every connection that its other fields match on TCP port 5432 of Service "api": "request.headers[x-debug]" needs HTTP.
      values: ["1"]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the protocol of a port', () => {
  it.each<[string, string, readonly string[]]>([
    ['HTTP', HTTP, []],
    ['TCP because of its name', TCP, [deniesAll()]],
    ['TLS because of its name', '{name: https, port: 5432}', [deniesAll()]],
    ['HTTP because of its appProtocol', '{name: tcp, appProtocol: http, port: 5432}', []],
    ['sniffed', '{name: web, port: 5432}', []],
    ['TCP because of its number', '{port: 3306}', [deniesAll('port 3306 of Service "api"')]],
    ['UDP', '{name: dns, port: 5432, protocol: UDP}', []],
    ['not known where another tool fills in the port', '{name: "${NAME}", port: 3306}', []],
  ])('is %s', (_, port, expected) => {
    expect(found(withPorts(port), policy(`action: DENY\n${GET}`))).toEqual(expected)
  })

  it('is reported once for all ports of a Service', () => {
    expect(found(withPorts(TCP, '{name: tls, port: 443}'), policy(GET))).toEqual([
      allowsNone('ports 5432 and 443 of Service "api"'),
    ])
  })

  it('counts the ports that it does not name', () => {
    const tcp = (...ports: readonly number[]): string[] =>
      ports.map((port) => `{name: tcp-${port}, port: ${port}}`)
    const reported = (...ports: readonly number[]): string[] =>
      found(withPorts(TCP, ...tcp(...ports)), policy(GET))
    expect(reported(1, 2, 3)).toEqual([allowsNone('ports 5432, 1, 2 and 3 of Service "api"')])
    expect(reported(1, 2, 3, 4)).toEqual([
      allowsNone('ports 5432, 1, 2 and 2 others of Service "api"'),
    ])
  })

  it('is known for ports of a ServiceEntry', () => {
    const entry =
      'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\n' +
      'metadata: {name: bank, namespace: shop}\nspec:\n  hosts: [bank.example]\n' +
      '  resolution: DNS\n  ports: [{number: 443, name: tls, protocol: TLS}]\n'
    expect(
      found(
        SHOP,
        entry,
        policyText(
          'p',
          `targetRefs:\n- {kind: ServiceEntry, group: networking.istio.io, name: bank}\n${GET}`,
        ),
      ),
    ).toEqual([allowsNone('port 443 of ServiceEntry "bank"')])
  })
})

describe('a rule with HTTP attributes', () => {
  const mixed = withPorts(HTTP, TCP)
  const l4 = (ports: string): string =>
    policy(`rules:\n- to:\n  - operation: {ports: [${ports}]}\n`, 'others')
  it.each<[string, readonly string[], readonly string[]]>([
    ['an ALLOW without another ALLOW rule', [mixed, policy(GET)], [allowsNone()]],
    ['an ALLOW with another policy for the port', [mixed, policy(GET), l4('"5432"')], []],
    [
      'an ALLOW with another policy for another port',
      [mixed, policy(GET), l4('"80"')],
      [allowsNone()],
    ],
    [
      'an ALLOW with another rule for all ports',
      [mixed, policy(`${GET}- from:\n  - source: {namespaces: [web]}\n`)],
      [],
    ],
    [
      'the first rule of an ALLOW with several rules',
      [
        mixed,
        policy(
          `${GET}- to:\n  - operation: {paths: [/a]}\n- to:\n  - operation: {paths: [/b], ports: ["5432"]}\n`,
        ),
      ],
      [allowsNone(), allowsNone(PORT, 'paths')],
    ],
    [
      'an ALLOW for the port',
      [mixed, policy(`${GET}      ports: ["5432"]\n`), l4('"5432"')],
      [allowsNone()],
    ],
    ['an ALLOW for another port', [mixed, policy(`${GET}      ports: ["80"]\n`)], []],
    ['an ALLOW that excludes the port', [mixed, policy(`${GET}      notPorts: ["5432"]\n`)], []],
    [
      'an ALLOW that excludes the port in a condition',
      [mixed, policy(`${GET}  when:\n  - {key: destination.port, notValues: ["5432"]}\n`)],
      [],
    ],
    [
      'an ALLOW with another rule for all ports, where every port is TCP',
      [withPorts(TCP), policy(`${GET}- from:\n  - source: {namespaces: [web]}\n`)],
      [allowsNone()],
    ],
    [
      'an ALLOW with another policy, where every port is TCP',
      [withPorts(TCP, '{name: tls, port: 443}'), policy(GET), l4('"5432", "443"')],
      [allowsNone('ports 5432 and 443 of Service "api"')],
    ],
    [
      'an ALLOW with another rule, where another port is sniffed',
      [
        withPorts(TCP, '{name: admin, port: 9001}'),
        policy(`${GET}- from:\n  - source: {namespaces: [web]}\n`),
      ],
      [],
    ],
    [
      'an ALLOW for two Services, of which one has HTTP',
      [
        withPorts(TCP),
        WEB_SERVICE,
        replaceIn(policy(`${GET}- from:\n  - source: {namespaces: [web]}\n`), [
          'targetRefs:\n',
          'targetRefs:\n  - {kind: Service, name: web}\n',
        ]),
      ],
      [],
    ],
    ['a DENY', [mixed, policy(`action: DENY\n${GET}`)], [deniesAll()]],
    [
      'a dry run of a DENY',
      [
        mixed,
        replaceIn(policy(`action: DENY\n${GET}`), [
          '  name: p\n',
          '  name: p\n  annotations: {istio.io/dry-run: "true"}\n',
        ]),
      ],
      [],
    ],
    [
      'a policy for the waypoint',
      [mixed, policyText('p', `${GATEWAY_REF}action: DENY\n${GET}`)],
      [deniesAll()],
    ],
    [
      'a policy without HTTP attributes',
      [
        mixed,
        policy('action: DENY\nrules:\n- from:\n  - source: {remoteIpBlocks: [10.0.0.0/8]}\n'),
      ],
      [],
    ],
    ['an AUDIT policy', [mixed, policy(`action: AUDIT\n${GET}`)], []],
    [
      'a policy whose ports another tool fills in',
      [mixed, policy(`action: DENY\n${GET}      ports: ["\${PORT}"]\n`)],
      [],
    ],
    ['a policy at ztunnel', [mixed, policyText('p', `action: DENY\n${GET}`)], []],
    [
      'a policy for a headless Service, which never uses a waypoint',
      [
        replaceIn(mixed, [
          'spec:\n  selector:\n    app: api\n',
          'spec:\n  clusterIP: None\n  selector:\n    app: api\n',
        ]),
        policy(GET),
      ],
      [],
    ],
  ])('is checked in %s', (_, documents, expected) => {
    expect(found(...documents)).toEqual(expected)
  })
})

describe('the fix for a DENY', () => {
  const text = (ports: readonly string[], rules: string): string =>
    [withPorts(...ports), COMPANION, policy(`action: DENY\n${rules}`)].join('---\n')
  const titles = (ports: readonly string[], rules: string): string[] =>
    findingsOf(analyse(text(ports, rules)))
      .filter((finding) => finding.rule === rule)
      .flatMap(({ fixes }) => fixes.map(({ title }) => title))
  const ports = [HTTP, '{name: web, port: 8080}', TCP]

  it('limits the ports of every operation', () => {
    const rules = (first = '', second = ''): string =>
      'rules:\n- to:\n  - operation:\n      methods: [GET] # reads\n' +
      `${first}  - operation:\n      paths: [/x]\n      ports: ["80"${second}]\n`
    expectFixed(
      text(ports, rules('', ', "5432"')),
      { rule, title: 'Limit the rule to ports 80 and 8080' },
      text(ports, rules('      ports:\n      - "80"\n      - "8080"\n')),
    )
  })

  it('adds an operation with the ports', () => {
    const when = 'when:\n  - {key: "request.headers[x]", values: ["1"]}'
    expectFixed(
      text(ports, `rules:\n- ${when}`),
      { rule, title: 'Limit the rule to ports 80 and 8080' },
      text(
        ports,
        `rules:\n- to:\n  - operation:\n      ports:\n      - "80"\n      - "8080"\n  ${when}`,
      ),
    )
  })

  it.each([
    ['no port has HTTP', [TCP], GET],
    ['the rule is for the TCP port only', ports, `${GET}      ports: ["5432"]\n`],
    ['the rule excludes ports', ports, `${GET}      notPorts: ["8080"]\n`],
  ])('is not offered where %s', (_, served, rules) => {
    expect(titles(served, rules)).toEqual([])
    expect(found(text(served, rules))).toHaveLength(1)
  })
})
