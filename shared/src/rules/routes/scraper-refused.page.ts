import type { RuleDocs } from '../rule.js'
import { COMPANION, SHOP, STRICT } from '../support/examples.js'

const MONITORED = SHOP.replace(
  'containerPort: 8080\n',
  'containerPort: 8080\n              name: http\n',
)

const example = (companion: string, more = ''): string => `${MONITORED}---
${STRICT}---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  podMetricsEndpoints:
    - port: http
---
${companion}${more}`

const ALLOW_SCRAPER = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-scraper
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            serviceAccounts: ["monitoring/prometheus"]
      to:
        - operation:
            ports: ["8080"]
`

export const scraperRefusedPage: RuleDocs = {
  summary: 'A policy allows only the waypoint, and denies the scraper of the pods.',
  why: 'Prometheus calls each pod by its address, so its requests bypass the waypoint of the Service. A policy at ztunnel that allows only the waypoint denies them, and the metrics are missing. A PodMonitor, a ServiceMonitor or the annotation `prometheus.io/scrape` shows that the pods are scraped.',
  bad: example(
    COMPANION.replace('name: allow-only-from-waypoint', 'name: allow-only-from-waypoint # ←'),
  ),
  good: example(COMPANION, ALLOW_SCRAPER),
  fix: "Add an ALLOW policy for the scraper's service account or namespace, on the port of the metrics only. Requests to this port then bypass the waypoint.",
  references: [
    'istio/ztunnel src/proxy/outbound.rs:718-749',
    'https://github.com/istio/istio/issues/56505',
  ],
}
