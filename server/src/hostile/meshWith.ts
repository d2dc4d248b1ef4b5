/** A mesh with the payload in each place that messages, tables and excerpts show. */
export function meshWith(payload: string): Record<string, string> {
  const text = JSON.stringify(payload)
  const key = (prefix: string): string => JSON.stringify(prefix + payload)
  const line = payload.replaceAll(/[\r\n]/g, ' ')
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
spec: {rules: [{to: [{operation: {methods: [GET]}}]}]} # ambient-policy-ignore ${line}
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
    'link/kustomization.yaml': `resources: [${text}, ../x.yaml]\ncomponents: [${text}]\nnamePrefix: ${text}\npatches: [{path: ${text}}, {target: {kind: ${text}, name: ${text}}, patch: ${text}}]\n`,
    'part/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nlabels: [{pairs: {${text}: ${text}}}]\n`,
    'chart/Chart.yaml': `apiVersion: v2\nname: ${text}\nversion: ${text}\ndependencies: [{name: ${text}, version: ${text}, repository: ${text}}]\n`,
    'chart/templates/x.yaml': `kind: {{ .Values.x }} # ${line}\n`,
    'rendered.yaml': `---\n# Source: chart/templates/${line}\napiVersion: security.istio.io/v1beta1\nkind: PeerAuthentication\nmetadata: {name: rendered, namespace: shop}\nspec: {mtls: {mode: DISABLE}}\n`,
    'x.access-test.yaml': `cases:
  - {name: ${text}, request: {from: shop/web, to: "service shop/api:80"}, expect: allow, by: ${JSON.stringify(`shop/${payload}`)}}
  - {name: web, request: {from: shop/web, to: {service: ${JSON.stringify(`shop/${payload}`)}, port: 80}, http: {method: ${text}, path: ${text}}}, expect: allow}
rules:
  - {name: ${JSON.stringify(`never ${payload}`)}, never: {to: namespace:shop}}
`,
    'y.access-test.yaml': `mesh: [${text}]\ncases: [{name: ${text}, ${text}: 1}]\n`,
    'known.json': JSON.stringify({
      version: 1,
      findings: [{ rule: payload, object: payload, path: [payload], message: payload }],
    }),
    'requests.jsonl': `${JSON.stringify({ id: payload, from: { namespace: 'shop', serviceAccount: payload }, to: { service: `shop/${payload}`, port: 80 }, http: { method: payload, path: payload, host: payload } })}\n`,
    'x.log': payload,
  }
}

/** The lines of a text that a terminal or an editor would not show as they are. */
export function unprintableIn(text: string): string[] {
  return text.split('\n').filter((line) => /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(line))
}
