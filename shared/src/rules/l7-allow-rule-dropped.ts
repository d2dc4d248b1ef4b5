import { policiesInForce, conversionOf } from '../ztunnel/enforcement.js'
import type { Workload } from '../inventory/workloads.js'
import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { isEffective } from '../ztunnel/authorization.js'
import { defineRule } from './rule.js'
import { coverageOf, nameWorkloads } from './support/coverage.js'

export const l7AllowRuleDropped = defineRule({
  name: 'l7-allow-rule-dropped',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: ['AuthorizationPolicy', 'Gateway', 'Gateway.networking.istio.io', 'MeshConfig', 'Namespace', 'Other', 'PeerAuthentication', 'Service', 'Workload', 'opaque'],
  docs: {
    summary: 'An ALLOW rule with an HTTP attribute is enforced by ztunnel, which drops the whole rule.',
    why: `ztunnel works on connections and sees no HTTP. istiod therefore omits every rule of an ALLOW policy that has an attribute beyond layer 4. The policy itself stays and makes its workloads deny-by-default: what only the dropped rule would have admitted is refused with \`allow policies exist, but none allowed\`. A waypoint does not change this, as long as the policy has no \`targetRefs\`.`,
    bad: `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
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
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/web"]
      to:
        - operation:
            methods: ["GET"]
`,
    good: `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["shop/web"]
`,
    fix: 'Bind the policy to a waypoint with `targetRefs`, split it into a layer-4 policy and a waypoint policy, or remove the HTTP attribute.',
    references: ['istio/istio pilot/pkg/serviceregistry/ambient/authorization.go:584-657', 'semantics §4.3, §4.5, §4.7'],
  },
  check(policy, { mesh, report }) {
    const conversion = mesh.get(conversionOf, policy)
    if (policy.action !== 'ALLOW' || conversion.notSent) return
    const dropped = conversion.rules.filter((rule) => rule.unsupported.length > 0)
    if (dropped.length === 0) return
    const coverage = mesh.get(coverageOf, policy)
    if (!coverage) return
    const refused = refusesEverything(mesh, policy, coverage.workloads)
    const where = nameWorkloads(coverage.workloads)
    for (const { unsupported } of dropped) {
      const [first] = unsupported
      if (!first) continue
      const consequence = refused ? `every connection to ${where} is denied` : 'it admits nobody'
      report({
        message: `ztunnel drops this ALLOW rule for its HTTP attribute "${first.name}": ${consequence}.`,
        path: first.path,
        on: 'key',
        certainties: [coverage.certainty],
        related: [...coverage.evidence, ...unsupported.slice(1).map(({ name, path }) => ({ resource: policy, path, message: `"${name}" is an HTTP attribute too.` }))],
        tag: 'unnecessary',
      })
    }
  },
})

/** Whether no rule of any ALLOW policy admits anything to one of the workloads. */
function refusesEverything(mesh: Mesh, policy: AuthorizationPolicy, workloads: readonly Workload[]): boolean {
  if (workloads.length === 0) return mesh.get(conversionOf, policy).rules.every((rule) => !rule.effective)
  return workloads.every((workload) => mesh.get(policiesInForce, workload).every(({ authorization }) => authorization.action !== 'Allow' || !authorization.rules.some(isEffective)))
}
