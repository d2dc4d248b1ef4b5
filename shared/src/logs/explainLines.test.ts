import { expect, it } from 'vitest'
import type { Mesh } from '../mesh/mesh.js'
import { analyse } from '../testing/index.js'
import { explainLines } from './explainLines.js'
import { parseLogs } from './parseLogs.js'

const line = (account: string): string =>
  `error access connection complete src.addr=10.0.0.1:4 src.identity="spiffe://cluster.local/ns/shop/sa/${account}" dst.hbone_addr=10.0.0.2:80 dst.workload="api" dst.namespace="shop" direction="inbound" error="connection closed due to policy rejection: explicitly denied by: shop/no-guests"`

const POD = (mode: string): string => `apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {istio.io/dataplane-mode: ${mode}}}
spec: {containers: [{name: api}]}
`
const MACHINE = (annotation: string): string => `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: api, namespace: shop, annotations: {ambient.istio.io/redirection: ${annotation}}}
spec: {address: 10.0.0.2}
`
const meshOf = (workload: string): Mesh =>
  analyse(
    {
      'mesh.yaml': `${workload}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: no-guests, namespace: shop}
spec: {action: DENY, rules: [{from: [{source: {notServiceAccounts: [shop/web]}}]}]}
`,
    },
    { world: 'closed' },
  ).mesh

const explained = (accounts: readonly string[], mesh = meshOf(POD('ambient'))) =>
  explainLines(mesh, parseLogs(accounts.map(line).join('\n')).lines)

it('lines with the same content have one explanation with all their numbers', () => {
  expect(explained(['guest', 'visitor', 'guest']).map(({ lines }) => lines)).toEqual([[1, 3], [2]])
})

it('the nearest miss is searched for few different lines only', () => {
  const many = Array.from({ length: 21 }, (_, index) => `guest-${index}`)
  const misses = (accounts: readonly string[]): boolean[] =>
    explained(accounts).map(({ explanation }) => explanation.nearestMiss !== undefined)
  expect(new Set(misses(many.slice(0, 20)))).toEqual(new Set([true]))
  expect(new Set(misses(many))).toEqual(new Set([false]))
})

it.each<[string, string, readonly string[]]>([
  ['a pod in ambient mode', POD('ambient'), []],
  ['a pod that may be in ambient mode', POD('"${MODE}"'), []],
  ['a machine that accepts HBONE', MACHINE('enabled'), []],
  [
    'a pod outside of ambient mode',
    POD('none'),
    ['shop/api is not in ambient mode in these files'],
  ],
  ['another machine', MACHINE('pending'), ['shop/api is not in ambient mode in these files']],
])('a line of the ztunnel of %s is compared with its mode', (_, workload, expected) => {
  expect(
    explained(['guest'], meshOf(workload)).map(({ explanation }) =>
      explanation.differences.filter((text) => text.includes('ambient mode')),
    ),
  ).toEqual([expected])
})
