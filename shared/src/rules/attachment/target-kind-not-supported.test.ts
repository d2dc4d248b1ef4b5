import { expect, it } from 'vitest'
import { analyse, compareMarked, expectFixed, findingsOf } from '../../testing/index.js'
import { policyText, SHOP } from '../support/examples.js'
import { targetKindNotSupported } from './target-kind-not-supported.js'

const rule = targetKindNotSupported.name
const targeting = (ref: string): string => policyText('p', `targetRefs:\n- ${ref}\nrules:\n- {}`)

function found(text: string): string[] {
  return findingsOf(analyse(text))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message)
}

it('marks an unsupported kind once, in both kinds of policies', () => {
  const { found: marked, expected } = compareMarked(
    `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  targetRefs:
  - kind: Deployment
#         ^^^^^^^^^^ target-kind-not-supported: The API server rejects this AuthorizationPolicy: it cannot target a Deployment of group "apps".
    group: apps
    name: api
  rules:
  - {}
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: p
  namespace: shop
spec:
  targetRef:
    kind: Gateway
#         ^^^^^^^ target-kind-not-supported: The API server rejects this RequestAuthentication: it cannot target a Gateway of the core group.
    name: waypoint
`,
    { rules: ['target-kind-not-supported'] },
  )
  expect(marked).toEqual(expected)
})

it.each([
  [
    'the supported kinds',
    `{kind: Service, name: a}
- {kind: Service, group: core, name: a}
- {kind: ServiceEntry, group: networking.istio.io, name: a}
- {kind: Gateway, group: gateway.networking.k8s.io, name: a}`,
  ],
  ['a kind that another tool fills in', '{kind: "${KIND}", group: "${GROUP}", name: a}'],
])('reports nothing for %s', (_, ref) => {
  expect(found(targeting(ref))).toEqual([])
})

it.each([
  [
    '{kind: Gateway, name: waypoint}',
    '{group: gateway.networking.k8s.io, kind: Gateway, name: waypoint}',
    'Target the Gateway of gateway.networking.k8s.io',
  ],
  [
    '{kind: Gateway, group: networking.istio.io, name: waypoint}',
    '{kind: Gateway, group: gateway.networking.k8s.io, name: waypoint}',
    'Target the Gateway of gateway.networking.k8s.io',
  ],
  [
    '{kind: service, group: v1, name: api}',
    '{kind: Service, group: "", name: api}',
    'Target the Service of the core group',
  ],
])('offers a fix from %s to %s', (before, after, title) => {
  const text = (ref: string): string => `${SHOP}---\n${targeting(ref)}`
  expectFixed(text(before), { rule, title }, text(after))
})

it.each([
  '{kind: Deployment, group: apps, name: api}',
  '{kind: Gateway, group: networking.istio.io, name: public}',
])('offers no fix for %s', (ref) => {
  expect(
    findingsOf(analyse(`${SHOP}---\n${targeting(ref)}`)).flatMap(({ fixes }) => fixes),
  ).toEqual([])
})
