import { expect, it } from 'vitest'
import { analyse, compareMarked, findingsOf } from '../testing/index.js'
import { l7AllowRuleDropped } from './l7-allow-rule-dropped.js'

const rules = [l7AllowRuleDropped.name]

it('marks the HTTP attribute and names the workloads that refuse everything', () => {
  const { found, expected } = compareMarked(`
kind: Namespace
apiVersion: v1
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: v1
kind: Pod
metadata:
  name: api
  namespace: shop
  labels:
    app: api
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  rules:
  - to:
    - operation:
        methods: ["GET"]
#       ^^^^^^^ l7-allow-rule-dropped: ztunnel drops this ALLOW rule for its HTTP attribute "methods": every connection to workload "api" is denied.
`, { rules })
  expect(found).toEqual(expected)
})

it('says what it assumes of a policy that stands alone', () => {
  const analysis = analyse(`
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
spec:
  selector:
    matchLabels:
      app: api
  rules:
  - to:
    - operation:
        methods: ["GET"]
`)
  const [finding] = findingsOf(analysis)
  expect(finding).toMatchObject({ rule: 'l7-allow-rule-dropped', level: 'warning', assumptions: ['the namespace it is applied to is ambient'] })
})

it('is silent where ztunnel does not enforce', () => {
  const { found } = compareMarked(l7AllowRuleDropped.docs.bad.replace('dataplane-mode: ambient', 'dataplane-mode: none'), { rules })
  expect(found).toEqual([])
})
