import type { RuleDocs } from '../rule.js'
import { SHOP } from '../support/examples.js'

const withCanary = (name: string): string =>
  SHOP.replace(
    'kind: Service\nmetadata:\n  name: api\n  namespace: shop\n',
    (head) => `${head}  labels:
    istio.io/use-waypoint: waypoint
    istio.io/use-waypoint-canary: ${name}
  annotations:
    istio.io/use-waypoint-canary-weight: "10"
`,
  )
const NEXT = `---
${SHOP.split('---\n')[1] ?? ''}`.replace('name: waypoint', 'name: next')

export const canaryNotAttachedPage: RuleDocs = {
  summary: 'A canary waypoint is chosen, but no traffic can use it.',
  why: 'The label `istio.io/use-waypoint-canary` of a Service, a ServiceEntry or a Namespace chooses a second waypoint for a part of the connections. istiod ignores the canary if it does not exist, does not allow the namespace (`allowedRoutes`) or does not serve Services, if it is the waypoint itself, or if the weight is not an integer from 0 to 100. All traffic then uses the first waypoint. The condition `WaypointBound` stays `True`; only its message says `Canary waypoint not attached`.',
  bad: `${withCanary('nxt # ← does not exist')}${NEXT}`,
  alsoFires: ['waypoint-unused'],
  good: `${withCanary('next')}${NEXT}`,
  fix: 'Correct the name or the weight, let the canary serve the traffic, or remove the canary.',
  versions: 'since 1.31',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:233-352',
    'istio/istio pilot/pkg/model/service.go:1387-1391',
  ],
}
