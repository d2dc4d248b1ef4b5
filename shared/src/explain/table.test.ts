import { describe, expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { explainAuthorizationPolicy } from './explainAuthorizationPolicy.js'
import type { AuthorizationPolicyExplanation } from './explanation.js'
import { explanationToMarkdown } from './toMarkdown.js'

const NAMESPACE = `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
`
const USING = `${NAMESPACE}    istio.io/use-waypoint: waypoint
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: shop
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - {name: mesh, port: 15008, protocol: HBONE}
`
const API = `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec:
      containers: [{name: api, ports: [{containerPort: 8080}]}]
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{port: 80, targetPort: 8080}]
`

function explain(
  yaml: string,
  spec: string,
  options: Parameters<typeof analyse>[1] & { namespace?: string } = {},
): AuthorizationPolicyExplanation {
  const policy = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: ${options.namespace ?? 'shop'}}
spec:
  rules: [{from: [{source: {serviceAccounts: [shop/web]}}]}]
  ${spec}
`
  const { mesh } = analyse(yaml + policy, options)
  return explainAuthorizationPolicy(mesh, mesh.all('AuthorizationPolicy')[0]!)
}

function markedLines(explanation: AuthorizationPolicyExplanation): string[] {
  return explanationToMarkdown(explanation)
    .split('\n')
    .filter((line) => /^\| \*\*(►|\?)\*\*/.test(line))
}

const WAYPOINT_IDENTITY = 'cluster.local/ns/shop/sa/waypoint'
const SELECTOR = 'selector: {matchLabels: {app: api}}'

describe('each row of the enforcement table', () => {
  it.each([
    {
      row: 0,
      mesh: NAMESPACE + API,
      spec: SELECTOR,
      enforcer: 'destination ztunnel',
      seen: 'client',
      line: '| **►** | **selector** | **Pod** | **no** | **destination ztunnel** | **client** |',
    },
    {
      row: 1,
      mesh: USING + API,
      spec: SELECTOR,
      enforcer: 'destination ztunnel',
      seen: WAYPOINT_IDENTITY,
      line: '| **►** | **selector** | **Pod** | **yes** | **destination ztunnel** | **waypoint** |',
    },
    {
      row: 2,
      mesh: NAMESPACE + API,
      spec: 'action: ALLOW',
      enforcer: 'destination ztunnel',
      seen: 'client',
      line: '| **►** | **none** | **Namespace** | **no** | **destination ztunnel** | **client** |',
    },
    {
      row: 3,
      mesh: USING + API,
      spec: 'action: ALLOW',
      enforcer: 'destination ztunnel',
      seen: WAYPOINT_IDENTITY,
      line: '| **►** | **none** | **Namespace** | **yes** | **destination ztunnel** | **waypoint** |',
    },
    {
      row: 4,
      mesh: USING + API,
      spec: 'targetRefs: [{group: "", kind: Service, name: api}]',
      enforcer: 'waypoint',
      seen: 'client',
      line: '| **►** | **targetRefs** | **Service** | **yes** | **waypoint** | **client** |',
    },
    {
      row: 5,
      mesh: USING + API,
      spec: 'targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: waypoint}]',
      enforcer: 'waypoint',
      seen: 'client',
      line: '| **►** | **targetRefs** | **Gateway** | **yes** | **waypoint** | **client** |',
    },
  ])('marks row $row alone', ({ row, mesh, spec, enforcer, seen, line }) => {
    const explanation = explain(mesh, spec)
    expect(explanation.rows).toHaveLength(6)
    expect(explanation.rows.flatMap(({ marked }, index) => (marked ? [index] : []))).toEqual([row])
    expect(explanation.rows.some(({ possible }) => possible)).toBe(false)
    expect(
      explanation.targets.map(({ enforcedBy, sourceIdentity }) => [enforcedBy, sourceIdentity]),
    ).toEqual([[enforcer, seen]])
    expect(markedLines(explanation)).toEqual([line])
    expect(explanation.unknowns).toEqual([])
  })
})

describe('outside the table', () => {
  const none = (explanation: AuthorizationPolicyExplanation): void => {
    expect(explanation.rows.some(({ marked, possible }) => marked || possible)).toBe(false)
  }

  it('marks no row where a targeted Service has no waypoint, and says why', () => {
    const explanation = explain(
      NAMESPACE + API,
      'targetRefs: [{group: "", kind: Service, name: api}]',
    )
    none(explanation)
    expect(explanation.summary).toBe('enforced nowhere')
    expect(explanation.effect).toEqual([
      'Not enforced for Service shop/api: no waypoint: no label istio.io/use-waypoint applies, on it or on namespace "shop".',
    ])
  })

  it('marks no row for an action that ztunnel does not get', () => {
    const explanation = explain(NAMESPACE + API, 'action: AUDIT')
    none(explanation)
    expect(explanation.effect).toEqual([
      'Not enforced by ztunnel: ztunnel supports ALLOW and DENY only.',
    ])
    expect(explanation.status).toMatchObject({ type: 'ZtunnelAccepted', status: 'False' })
  })

  it('marks no row for a selector without labels', () => {
    none(explain(NAMESPACE + API, 'selector: {}'))
  })

  it('marks no row where nothing is captured', () => {
    const explanation = explain(
      NAMESPACE.replace('dataplane-mode: ambient', 'dataplane-mode: none') + API,
      SELECTOR,
    )
    none(explanation)
    expect(explanation.targets).toMatchObject([{ enforcedBy: 'nobody', sourceIdentity: null }])
  })

  it('says that an ingress gateway enforces, which is none of the rows', () => {
    const gateway = `---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: front, namespace: shop}\nspec: {gatewayClassName: istio}\n`
    const explanation = explain(
      NAMESPACE + gateway,
      'targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: front}]',
    )
    none(explanation)
    expect(explanation.summary).toBe(
      'enforced by gateway shop/front · identity: client · gateway shop/front',
    )
  })

  it('refuses a GatewayClass outside the root namespace, and names every waypoint inside it', () => {
    const spec =
      'targetRefs: [{group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint}]'
    none(explain(USING + API, spec))
    const explanation = explain(USING + API, spec, { namespace: 'istio-system' })
    expect(explanation.rows[5]).toMatchObject({ marked: true, scope: 'Gateway' })
    expect(explanation.summary).toBe(
      'enforced by waypoint shop/waypoint · identity: client · gateway shop/waypoint',
    )
  })
})

describe('what the files do not tell', () => {
  it('marks both ways as possible for a policy that stands alone, and names the assumption', () => {
    const { mesh } = analyse(`
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: alone}
spec:
  selector: {matchLabels: {app: api}}
  rules: [{from: [{source: {namespaces: [web]}}]}]
`)
    const explanation = explainAuthorizationPolicy(mesh, mesh.all('AuthorizationPolicy')[0]!)
    expect(explanation.rows.map(({ marked, possible }) => [marked, possible]).slice(0, 3)).toEqual([
      [false, true],
      [false, true],
      [false, false],
    ])
    expect(explanation.namespace).toBeNull()
    expect(explanation.assumptions).toEqual(['the namespace it is applied to is ambient'])
    expect(explanation.unknowns).toEqual([
      'workloads unknown: none with the labels of its selector in the workspace',
      'waypoint unknown: no namespace is given',
    ])
    expect(explanation.effect).toEqual([
      'Allows connections from namespace web to the workloads it covers.',
      'Everything else is denied.',
    ])
    expect(markedLines(explanation)[0]).toBe(
      '| **?** | selector | Pod | no | destination ztunnel | client |',
    )
  })

  it('does not guess enrolment where the setting forbids it', () => {
    const explanation = explain(API.replace(/^\n---\n/, ''), SELECTOR, {
      settings: { assumeAmbient: 'none' },
    })
    expect(explanation.summary).toBe(
      'enforcement unknown · no Namespace object for "shop" in the workspace',
    )
    expect(explanation.unknowns).toContain(
      'enrolment unknown: no Namespace object for "shop" in the workspace',
    )
    expect(explanation.effect[0]).toBe('Whether ztunnel enforces it is not known; if it does:')
    expect(explanation.rows.some(({ marked }) => marked)).toBe(false)
  })

  it('takes absence as absence where the files are the whole mesh', () => {
    const explanation = explain(API.replace(/^\n---\n/, ''), SELECTOR, { world: 'closed' })
    expect(explanation.unknowns).toEqual([])
    expect(explanation.summary).toBe('enforced nowhere')
  })

  it('says that a targeted Service is not in the workspace', () => {
    const explanation = explain(NAMESPACE, 'targetRefs: [{group: "", kind: Service, name: api}]')
    expect(explanation.rows[4]).toMatchObject({ marked: false, possible: true })
    expect(explanation.unknowns).toEqual(['target unknown: no Service shop/api in the workspace'])
    expect(explanation.status).toBeNull()
  })

  it('says that a waypoint that is named is not in the workspace', () => {
    const explanation = explain(
      `${NAMESPACE}    istio.io/use-waypoint: elsewhere\n${API}`,
      SELECTOR,
    )
    expect(explanation.targets).toMatchObject([
      {
        enforcedBy: 'destination ztunnel',
        sourceIdentity: 'unknown',
        waypoint: { status: 'unknown', name: 'shop/elsewhere' },
      },
    ])
    expect(explanation.rows.slice(0, 2)).toMatchObject([
      { marked: false, possible: true },
      { marked: false, possible: true },
    ])
  })
})

it('keeps two ways apart where one Service of a workload has a waypoint and another has none', () => {
  const direct = `---\napiVersion: v1\nkind: Service\nmetadata: {name: direct, namespace: shop, labels: {istio.io/use-waypoint: none}}\nspec: {selector: {app: api}, ports: [{port: 81, targetPort: 8080}]}\n`
  const explanation = explain(USING + API + direct, SELECTOR)
  expect(explanation.targets.map(({ sourceIdentity }) => sourceIdentity)).toEqual([
    WAYPOINT_IDENTITY,
    'client',
  ])
  expect(explanation.rows.map(({ marked }) => marked)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ])
  expect(explanation.summary).toBe(
    'enforced by destination ztunnel · identity: waypoint shop/waypoint or client · 1 workload',
  )
})

it('is plain data', () => {
  const explanation = explain(USING + API, SELECTOR)
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation)
})

describe('policies that ztunnel does not get', () => {
  const SIDECARS = NAMESPACE.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled')

  it('says that sidecars enforce them', () => {
    const explanation = explain(SIDECARS + API, 'action: AUDIT')
    expect(explanation.summary).toBe('enforced by sidecar · identity: client · 1 workload')
    expect(explanation.effect).toEqual([
      'Not enforced by ztunnel: ztunnel supports ALLOW and DENY only.',
      'Sidecars enforce it as written at Deployment shop/api.',
    ])
    expect(explain(SIDECARS, 'action: AUDIT').summary).toBe(
      'enforced by sidecar · identity: client · no workload in the workspace',
    )
  })

  it('says that a dry run refuses nothing', () => {
    const { mesh } = analyse(`${USING}${API}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop, annotations: {istio.io/dry-run: "true"}}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  rules: [{}]
`)
    const explanation = explainAuthorizationPolicy(mesh, mesh.all('AuthorizationPolicy')[0]!)
    expect(explanation.summary).toBe(
      'enforced by waypoint shop/waypoint · identity: client · service shop/api · dry run',
    )
    expect(explanation.effect[0]).toBe(
      'It is a dry run: what it would do is logged, and nothing is refused.',
    )
  })
})

it('takes a selector with the labels of a gateway for a gateway, also where none is in the workspace', () => {
  const explanation = explain(NAMESPACE, 'selector: {matchLabels: {istio: ingressgateway}}')
  expect(explanation.rows.some(({ marked, possible }) => marked || possible)).toBe(false)
  expect(explanation.summary).toBe(
    'enforced by gateway · identity: client · no such gateway in the workspace',
  )
})

it('knows nothing of a selector that another tool fills in', () => {
  const explanation = explain(NAMESPACE + API, 'selector: {matchLabels: {app: "${APP}"}}')
  expect(explanation.unknowns).toEqual(['workloads unknown: another tool fills in the selector'])
  expect(explanation.effect[0]).toBe(
    'Allows connections from service account shop/web to the workloads it covers.',
  )
})

it('names every other ALLOW that may admit what this one does not', () => {
  const other =
    '---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: zz, namespace: shop}\nspec: {rules: [{}]}\n'
  expect(explain(NAMESPACE + API, `${SELECTOR}\n${other}`).effect.at(-1)).toBe(
    'Everything else is denied, unless another ALLOW policy admits it (shop/zz).',
  )
})
