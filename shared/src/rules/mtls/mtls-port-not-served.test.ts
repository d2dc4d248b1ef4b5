import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  expectFixed,
  findingsOf,
  type Files,
} from '../../testing/index.js'
import { mtlsPortNotServed } from './mtls-port-not-served.js'
import { mtlsPortNotServedPage } from './mtls-port-not-served.page.js'

const { name } = mtlsPortNotServed
const { bad, good } = mtlsPortNotServedPage
const rules = [name]
const said = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*mtls-port-not-served: /, ''))
const withPort = (port: number): string =>
  good.replace('8080:\n      mode', `${String(port)}:\n      mode`)

it('marks the port', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      '    80:\n',
      '    80:\n#   ^^ mtls-port-not-served: 80 is the port of Service "api", not of a container: this mode applies to nothing at workload "api".\n',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

it('says so of ports that nobody has', () => {
  expect(said(withPort(9090))).toEqual([
    'No container of workload "api" has port 9090: this mode applies to nothing.',
  ])
  expect(findingsOf(analyse(withPort(9090)))[0]?.related.map(({ message }) => message)).toContain(
    'The containers of "api" have 8080.',
  )
})

it('judges each port by itself', () => {
  const [first, ...others] = said(`${good}    9090:\n      mode: STRICT\n`)
  expect([first, others]).toEqual([
    'No container of workload "api" has port 9090: this mode applies to nothing.',
    [],
  ])
})

it.each([
  ['a Service leads to the port', withPort(9090).replace('targetPort: 8080', 'targetPort: 9090')],
  [
    'a probe asks the port',
    withPort(9090).replace(
      'image: example/api',
      'image: example/api\n          livenessProbe: {httpGet: {port: 9090, path: /}}',
    ),
  ],
  [
    'Prometheus scrapes the port',
    withPort(9090).replace(
      '      labels:\n        app: api\n',
      '      labels:\n        app: api\n      annotations: {prometheus.io/port: "9090"}\n',
    ),
  ],
  [
    'a container declares no port',
    withPort(9090).replace('          ports:\n            - containerPort: 8080\n', ''),
  ],
  ['a port is filled in', withPort(9090).replace('containerPort: 8080', 'containerPort: ${PORT}')],
  ['the files do not show the Namespace', withPort(9090).replace(/^[^]*?---\n/, '')],
  [
    'the namespace is not ambient',
    withPort(9090).replace('dataplane-mode: ambient', 'dataplane-mode: none'),
  ],
  [
    'a workload of another kind may be there',
    `${withPort(9090)}---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r, namespace: shop}\n`,
  ],
  [
    'the policy selects nothing',
    withPort(9090).replace(/app: api\n {2}mtls/, 'app: other\n  mtls'),
  ],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

it('is silent where a template may render to a workload', () => {
  expect(
    said({
      'a.yaml': withPort(9090),
      'chart/Chart.yaml': 'name: c\n',
      'chart/templates/d.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n',
    }),
  ).toEqual([])
})

describe('the fix', () => {
  const fixes = (text: string): unknown =>
    findingsOf(analyse(text))
      .find(({ rule }) => rule === name)
      ?.fixes.map(({ title, safe }) => [title, safe])

  it('names the container port', () => {
    expectFixed(
      bad,
      { rule: name, title: 'Change to container port 8080' },
      good.replace('8080:\n', '"8080":\n'),
    )
    expect(fixes(bad)).toEqual([['Change to container port 8080', false]])
    expect(fixes(bad.replace('80:\n      mode: PERMISSIVE', '80:\n      mode: STRICT'))).toEqual([
      ['Change to container port 8080', true],
    ])
  })

  it('is none where that has a mode already, or no Service has the port', () => {
    expect(fixes(`${bad}    8080:\n      mode: STRICT\n`)).toEqual([])
    expect(fixes(withPort(9090))).toEqual([])
  })
})
