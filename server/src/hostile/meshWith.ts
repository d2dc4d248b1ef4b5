/** A mesh with the payload in each place that messages, tables and excerpts show. */
export function meshWith(payload: string): Record<string, string> {
  const text = JSON.stringify(payload)
  const key = (prefix: string): string => JSON.stringify(prefix + payload)
  const fileName = payload.replaceAll('/', '_')
  return {
    [`${fileName}.yaml`]: `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: ${text}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${text}, namespace: shop}
spec: {template: {metadata: {labels: {app: ${text}}}, spec: {serviceAccountName: ${text}}}}
---
apiVersion: v1
kind: Service
metadata: {name: ${text}, namespace: shop, labels: {${key('istio.io/')}: ${text}}}
spec: {selector: {app: ${text}}, ports: [{port: 80, name: ${text}}]}
---
apiVersion: security.istio.io/v1beta1
kind: AuthorizationPolicy
metadata: {name: ${text}, namespace: shop, annotations: {"istio.io/dry-run": ${text}}}
spec:
  selector: {matchLabels: {app: ${text}}}
  action: ${text}
  rules:
    - from: [{source: {principals: [${text}], ipBlocks: [${text}]}}]
      to: [{operation: {methods: [${text}], paths: [${text}]}}]
      when: [{key: ${text}, values: [${text}]}]
---
apiVersion: security.istio.io/v1beta1
kind: PeerAuthentication
metadata: {name: ${text}, namespace: shop}
spec: {mtls: {mode: DISABLE}, portLevelMtls: {80: {mode: ${text}}}, ${text}: 1}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: allow-get, namespace: shop}
spec: {rules: [{to: [{operation: {methods: [GET]}}]}]} # ambient-policy-ignore ${payload.replaceAll(/[\r\n]/g, ' ')}
`,
    [`folder ${fileName}/broken.yaml`]: `# ${payload}\na: [${payload}\n`,
    'empty/empty.yaml': '',
    'hostile.log': `access connection complete src.addr=10.0.0.1:1 src.identity="spiffe://cluster.local/ns/shop/sa/${payload.replaceAll(/[\r\n"]/g, ' ')}" dst.addr=10.0.0.2:15008 dst.workload=${text} error="connection closed due to policy rejection: explicitly denied by: shop/${payload.replaceAll(/[\r\n"]/g, ' ')}"\n`,
    'hostile.json': JSON.stringify({
      policies: [{ name: payload, namespace: 'shop', scope: payload, action: payload, rules: [] }],
      workloads: [
        { name: payload, namespace: 'shop', workloadIps: [payload], serviceAccount: payload },
      ],
    }),
    'link/kustomization.yaml': `resources: [${text}, ../x.yaml]\nnamePrefix: ${text}\n`,
  }
}

/** The lines of a text that a terminal or an editor would not show as they are. */
export function unprintableIn(text: string): string[] {
  return text.split('\n').filter((line) => /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(line))
}
