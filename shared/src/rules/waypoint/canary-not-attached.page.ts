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
  why: `The label \`istio.io/use-waypoint-canary\` of a Service, a ServiceEntry or a Namespace chooses a second waypoint, the canary, for a part of the connections. istiod ignores the canary in these cases:

- The waypoint does not exist, or it is the same as the first waypoint.
- Its \`allowedRoutes\` do not allow the namespace, or it does not serve Services.
- The weight is not an integer from 0 to 100.

All traffic then uses the first waypoint. The condition \`WaypointBound\` stays \`True\`. Only its message says \`Canary waypoint not attached\`.`,
  bad: `${withCanary('nxt # ← does not exist')}${NEXT}`,
  alsoFires: ['waypoint-unused'],
  good: `${withCanary('next')}${NEXT}`,
  fix: 'Correct the name or the weight, change the canary Gateway so that it allows the namespace and serves Services, or remove the label.',
  versions: 'since 1.31',
  references: [
    'istio/istio pilot/pkg/serviceregistry/ambient/waypoints.go:233-352',
    'istio/istio pilot/pkg/model/service.go:1387-1391',
  ],
}
