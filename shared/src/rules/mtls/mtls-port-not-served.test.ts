import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
  type Files,
} from '../../testing/index.js'
import { mtlsPortNotServed } from './mtls-port-not-served.js'
import { mtlsPortNotServedPage } from './mtls-port-not-served.page.js'

const { name } = mtlsPortNotServed
const { good } = mtlsPortNotServedPage
const bad = withoutArrows(mtlsPortNotServedPage.bad)
const rules = [name]
const messages = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*mtls-port-not-served: /, ''))
const withPort = (port: number): string =>
  replaceIn(good, ['8080:\n      mode', `${String(port)}:\n      mode`])

it('marks a port that no container has', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      '    80:\n',
      `    80:
#   ^^ mtls-port-not-served: This mode has no effect at workload "api": Service "api" maps port 80 to container port 8080.
`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('lists the container ports as related information', () => {
  expect(messages(withPort(9090))).toEqual([
    'This mode has no effect at workload "api": no container has port 9090.',
  ])
  expect(findingsOf(analyse(withPort(9090)))[0]?.related.map(({ message }) => message)).toContain(
    'Container ports of "api": 8080.',
  )
})

it('reports only the port that no container has', () => {
  const [first, ...others] = messages(`${good}    9090:\n      mode: STRICT\n`)
  expect([first, others]).toEqual([
    'This mode has no effect at workload "api": no container has port 9090.',
    [],
  ])
})

it.each([
  [
    'a Service maps to the port',
    replaceIn(withPort(9090), ['targetPort: 8080', 'targetPort: 9090']),
  ],
  [
    'a probe uses the port',
    replaceIn(withPort(9090), [
      'image: example/api',
      'image: example/api\n          livenessProbe: {httpGet: {port: 9090, path: /}}',
    ]),
  ],
  [
    'Prometheus scrapes the port',
    replaceIn(withPort(9090), [
      '      labels:\n        app: api\n',
      '      labels:\n        app: api\n      annotations: {prometheus.io/port: "9090"}\n',
    ]),
  ],
  [
    'a container declares no port',
    replaceIn(withPort(9090), ['          ports:\n            - containerPort: 8080\n', '']),
  ],
  [
    'another tool fills in a port',
    replaceIn(withPort(9090), ['containerPort: 8080', 'containerPort: ${PORT}']),
  ],
  ['the files do not show the Namespace', replaceIn(withPort(9090), [/^[^]*?---\n/, ''])],
  [
    'the namespace is not in ambient mode',
    replaceIn(withPort(9090), ['dataplane-mode: ambient', 'dataplane-mode: none']),
  ],
  [
    'the namespace has an object that may create workloads',
    `${withPort(9090)}---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r, namespace: shop}\n`,
  ],
  [
    'another selected pod may be captured and has the port',
    `${withPort(9090)}---\napiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: shop, labels: {app: api, istio.io/dataplane-mode: "\${MODE}"}}\nspec: {containers: [{name: b, ports: [{containerPort: 9090}]}]}\n`,
  ],
  [
    'it selects no workload',
    replaceIn(withPort(9090), [/app: api\n {2}mtls/, 'app: other\n  mtls']),
  ],
])('reports nothing if %s', (_, text) => {
  expect(messages(text)).toEqual([])
})

it('reports nothing if a template may render to a workload', () => {
  expect(
    messages({
      'a.yaml': withPort(9090),
      'chart/Chart.yaml': 'name: c\n',
      'chart/templates/d.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n',
    }),
  ).toEqual([])
})

describe('the fix', () => {
  const OPENING = 'Change to container port 8080: plaintext is then accepted on port 8080'
  const fixes = (text: string): unknown =>
    findingsOf(analyse(text))
      .find(({ rule }) => rule === name)
      ?.fixes.map(({ title, safe }) => [title, safe])

  it('offers a fix to the container port', () => {
    expectFixed(bad, { rule: name, title: OPENING }, replaceIn(good, ['8080:\n', '"8080":\n']))
    expect(fixes(bad)).toEqual([[OPENING, false]])
    expect(
      fixes(replaceIn(bad, ['80:\n      mode: PERMISSIVE', '80:\n      mode: STRICT'])),
    ).toEqual([['Change to container port 8080', true]])
  })

  it('offers no fix if the container port has a mode, or no Service has the port', () => {
    expect(fixes(`${bad}    8080:\n      mode: STRICT\n`)).toEqual([])
    expect(fixes(withPort(9090))).toEqual([])
  })
})
