import { expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { explainLines } from './explainLines.js'
import { parseLogs } from './parseLogs.js'

const line = (account: string): string =>
  `error access connection complete src.addr=10.0.0.1:4 src.identity="spiffe://cluster.local/ns/shop/sa/${account}" dst.hbone_addr=10.0.0.2:80 dst.workload="api" dst.namespace="shop" direction="inbound" error="connection closed due to policy rejection: explicitly denied by: shop/no-guests"`

const { mesh } = analyse(
  {
    'mesh.yaml': `apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {istio.io/dataplane-mode: ambient}}
spec: {containers: [{name: api}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: no-guests, namespace: shop}
spec: {action: DENY, rules: [{from: [{source: {notServiceAccounts: [shop/web]}}]}]}
`,
  },
  { world: 'closed' },
)

const explained = (accounts: readonly string[]) =>
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
