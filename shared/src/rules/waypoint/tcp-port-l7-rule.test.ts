import { describe, expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { tcpPortL7Rule } from './tcp-port-l7-rule.js'

const rule = tcpPortL7Rule.name
const SERVICE_REF = 'targetRefs:\n- {kind: Service, name: api}\n'
const GATEWAY_REF =
  'targetRefs:\n- {kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}\n'
const withPorts = (...ports: readonly string[]): string =>
  SHOP.replace(
    '  ports:\n    - name: http\n      port: 80\n      targetPort: 8080\n',
    `  ports: [${ports.join(', ')}]\n`,
  )
const HTTP = '{name: http, port: 80}'
const TCP = '{name: tcp-db, port: 5432}'
const GET = 'rules:\n- to:\n  - operation:\n      methods: [GET]\n'
const policy = (spec: string, name = 'p'): string => policyText(name, SERVICE_REF + spec)

function found(...documents: readonly string[]): string[] {
  return findingsOf(analyse(documents.join('---\n')))
    .filter((finding) => finding.rule === rule)
    .map(({ message, level }) => `${level}: ${message}`)
}
const says = (rest: string, where = 'port 5432 of Service "api"'): string =>
  `warning: On TCP ${where} there is no ${rest}.`
const NOBODY = says('"methods": this rule never matches there, and admits nobody')
const EVERY = says('"methods": this rule denies every connection there')

it('marks the attribute', () => {
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
#       ^^^^^^^ tcp-port-l7-rule: On TCP port 5432 of Service "api" there is no "methods": this rule denies all that the rest of it matches there.
  - when:
    - key: request.headers[x-debug]
#          ^^^^^^^^^^^^^^^^^^^^^^^^ tcp-port-l7-rule: On TCP port 5432 of Service "api" there is no "request.headers[x-debug]": this rule denies all that the rest of it matches there.
      values: ["1"]
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('what a port speaks', () => {
  it.each<[string, string, readonly string[]]>([
    ['HTTP', HTTP, []],
    ['TCP by its name', TCP, [EVERY]],
    ['TLS by its name', '{name: https, port: 5432}', [EVERY]],
    ['HTTP by its appProtocol', '{name: tcp, appProtocol: http, port: 5432}', []],
    ['nobody knows what', '{name: web, port: 5432}', []],
    [
      'TCP by its number',
      '{port: 3306}',
      [says('"methods": this rule denies every connection there', 'port 3306 of Service "api"')],
    ],
    ['UDP', '{name: dns, port: 5432, protocol: UDP}', []],
    ['what another tool fills in', '{name: "${NAME}", port: 3306}', []],
  ])('%s', (_, port, expected) => {
    expect(found(withPorts(port), policy(`action: DENY\n${GET}`))).toEqual(expected)
  })

  it('says all ports of a Service at once', () => {
    expect(found(withPorts(TCP, '{name: tls, port: 443}'), policy(GET))).toEqual([
      says(
        '"methods": this rule never matches there, and admits nobody',
        'ports 5432 and 443 of Service "api"',
      ),
    ])
  })

  it('knows the ports of a ServiceEntry', () => {
    const entry =
      'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: bank, namespace: shop}\nspec:\n  hosts: [bank.example]\n  resolution: DNS\n  ports: [{number: 443, name: tls, protocol: TLS}]\n'
    expect(
      found(
        SHOP,
        entry,
        policyText(
          'p',
          `targetRefs:\n- {kind: ServiceEntry, group: networking.istio.io, name: bank}\n${GET}`,
        ),
      ),
    ).toEqual([
      says(
        '"methods": this rule never matches there, and admits nobody',
        'port 443 of ServiceEntry "bank"',
      ),
    ])
  })
})

describe('which rules', () => {
  const mixed = withPorts(HTTP, TCP)
  const l4 = (ports: string): string =>
    policy(`rules:\n- to:\n  - operation: {ports: [${ports}]}\n`, 'others')
  it.each<[string, readonly string[], readonly string[]]>([
    ['an ALLOW where nothing else admits', [mixed, policy(GET)], [NOBODY]],
    [
      'an ALLOW where another policy says who may use the port',
      [mixed, policy(GET), l4('"5432"')],
      [],
    ],
    [
      'an ALLOW where another policy speaks of another port',
      [mixed, policy(GET), l4('"80"')],
      [NOBODY],
    ],
    [
      'an ALLOW where another rule says it',
      [mixed, policy(`${GET}- from:\n  - source: {namespaces: [web]}\n`)],
      [],
    ],
    [
      'an ALLOW of several rules, said of the first',
      [
        mixed,
        policy(
          `${GET}- to:\n  - operation: {paths: [/a]}\n- to:\n  - operation: {paths: [/b], ports: ["5432"]}\n`,
        ),
      ],
      [NOBODY, says('"paths": this rule never matches there, and admits nobody')],
    ],
    [
      'an ALLOW that names the port',
      [mixed, policy(`${GET}      ports: ["5432"]\n`), l4('"5432"')],
      [NOBODY],
    ],
    ['an ALLOW that names another port', [mixed, policy(`${GET}      ports: ["80"]\n`)], []],
    ['an ALLOW that leaves the port out', [mixed, policy(`${GET}      notPorts: ["5432"]\n`)], []],
    [
      'an ALLOW that leaves the port out by a condition',
      [mixed, policy(`${GET}  when:\n  - {key: destination.port, notValues: ["5432"]}\n`)],
      [],
    ],
    ['a DENY', [mixed, policy(`action: DENY\n${GET}`)], [EVERY]],
    [
      'a DENY of a trial',
      [
        mixed,
        policy(`action: DENY\n${GET}`).replace(
          '  name: p\n',
          '  name: p\n  annotations: {istio.io/dry-run: "true"}\n',
        ),
      ],
      [],
    ],
    [
      'one of the whole waypoint',
      [mixed, policyText('p', `${GATEWAY_REF}action: DENY\n${GET}`)],
      [EVERY],
    ],
    [
      'one without HTTP attributes',
      [
        mixed,
        policy('action: DENY\nrules:\n- from:\n  - source: {remoteIpBlocks: [10.0.0.0/8]}\n'),
      ],
      [],
    ],
    ['one that is only logged', [mixed, policy(`action: AUDIT\n${GET}`)], []],
    [
      'one whose ports another tool fills in',
      [mixed, policy(`action: DENY\n${GET}      ports: ["\${PORT}"]\n`)],
      [],
    ],
    ['one at ztunnel', [mixed, policyText('p', `action: DENY\n${GET}`)], []],
    [
      'one of a headless Service, which no waypoint serves',
      [
        mixed.replace(
          'spec:\n  selector:\n    app: api\n',
          'spec:\n  clusterIP: None\n  selector:\n    app: api\n',
        ),
        policy(GET),
      ],
      [],
    ],
  ])('%s', (_, documents, expected) => {
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

  it('limits every operation', () => {
    const rules = (first = '', second = ''): string =>
      `rules:\n- to:\n  - operation:\n      methods: [GET] # reads\n${first}  - operation:\n      paths: [/x]\n      ports: ["80"${second}]\n`
    expectFixed(
      text(ports, rules('', ', "5432"')),
      { rule, title: 'Limit the rule to ports 80 and 8080' },
      text(ports, rules('      ports:\n      - "80"\n      - "8080"\n')),
    )
  })

  it('adds an operation', () => {
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
    ['no port speaks HTTP', [TCP], GET],
    ['the rule is for the TCP port alone', ports, `${GET}      ports: ["5432"]\n`],
    ['the rule leaves out others', ports, `${GET}      notPorts: ["8080"]\n`],
  ])('is not offered where %s', (_, served, rules) => {
    expect(titles(served, rules)).toEqual([])
    expect(found(text(served, rules))).toHaveLength(1)
  })
})
