import { describe, expect, it } from 'vitest'
import {
  API,
  explainPolicy,
  FOR_PODS,
  FOR_SERVICE,
  markedLines,
  NAMESPACE,
  WAYPOINT_IDENTITY,
  WITH_WAYPOINT,
  WITHOUT_WAYPOINT,
} from '../testing/explainPolicy.js'
import { analyse, authorizationPolicy, documents, namespace, service } from '../testing/index.js'
import { explainAuthorizationPolicy } from './explainAuthorizationPolicy.js'

describe('incomplete files', () => {
  it('two rows are possible for a policy without other files, and the assumption is listed', () => {
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

  it('the enforcement is unknown if the setting forbids to assume ambient mode', () => {
    const explanation = explainPolicy(API, FOR_PODS, {
      settings: { assumeAmbient: 'none' },
    })
    expect(explanation.summary).toBe(
      'enforcement unknown · no Namespace object for "shop" in the workspace',
    )
    expect(explanation.unknowns).toContain(
      'enrolment unknown: no Namespace object for "shop" in the workspace',
    )
    expect(explanation.effect[0]).toBe('It is not known whether ztunnel enforces it; if it does:')
    expect(explanation.rows.some(({ marked }) => marked)).toBe(false)
  })

  it('nothing is unknown if the files are the whole mesh', () => {
    const explanation = explainPolicy(API, FOR_PODS, { world: 'closed' })
    expect(explanation.unknowns).toEqual([])
    expect(explanation.summary).toBe('not enforced')
  })

  it('a targeted Service that is not in the workspace is unknown', () => {
    const explanation = explainPolicy(NAMESPACE, FOR_SERVICE)
    expect(explanation.rows[4]).toMatchObject({ marked: false, possible: true })
    expect(explanation.unknowns).toEqual(['target unknown: no Service shop/api in the workspace'])
    expect(explanation.status).toBeNull()
  })

  it('a waypoint that is not in the workspace is unknown', () => {
    const explanation = explainPolicy(
      documents(namespace('shop', { waypoint: 'elsewhere' }), API),
      FOR_PODS,
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

it('a workload has two targets if one of its Services has a waypoint and another has none', () => {
  const direct = service('shop/direct', {
    app: 'api',
    waypoint: 'none',
    ports: [{ port: 81, targetPort: 8080 }],
  })
  const explanation = explainPolicy(documents(WITH_WAYPOINT, direct), FOR_PODS)
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
    'enforced by destination ztunnel · sees waypoint shop/waypoint or client · 1 workload',
  )
})

it('an explanation is plain data', () => {
  const explanation = explainPolicy(WITH_WAYPOINT, FOR_PODS)
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation)
})

describe('policies that ztunnel does not receive', () => {
  const SIDECARS = namespace('shop', { ambient: false, labels: { 'istio-injection': 'enabled' } })

  it('sidecars enforce an action that ztunnel does not support', () => {
    const explanation = explainPolicy(documents(SIDECARS, API), { action: 'AUDIT' })
    expect(explanation.summary).toBe('enforced by sidecar · sees client · 1 workload')
    expect(explanation.effect).toEqual([
      'Not enforced by ztunnel: ztunnel supports only ALLOW and DENY.',
      'Sidecars enforce it as written at Deployment shop/api.',
    ])
    expect(explainPolicy(SIDECARS, { action: 'AUDIT' }).summary).toBe(
      'enforced by sidecar · sees client · no workload in the workspace',
    )
  })

  it('the effect says that a dry run denies nothing', () => {
    const explanation = explainPolicy(WITH_WAYPOINT, {
      ...FOR_SERVICE,
      annotations: { 'istio.io/dry-run': 'true' },
    })
    expect(explanation.summary).toBe(
      'enforced by waypoint shop/waypoint · sees client · Service shop/api · dry run',
    )
    expect(explanation.effect[0]).toBe(
      'It is a dry run: the result is only logged, and nothing is denied.',
    )
  })
})

it('a selector with the labels of a gateway is for gateways, also if the workspace has none', () => {
  const explanation = explainPolicy(NAMESPACE, {
    spec: { selector: { matchLabels: { istio: 'ingressgateway' } } },
  })
  expect(explanation.rows.some(({ marked, possible }) => marked || possible)).toBe(false)
  expect(explanation.summary).toBe(
    'enforced by gateway · sees client · no such gateway in the workspace',
  )
})

it('the workloads of a selector that another tool fills in are unknown', () => {
  const explanation = explainPolicy(WITHOUT_WAYPOINT, { app: '${APP}' })
  expect(explanation.unknowns).toEqual(['workloads unknown: another tool fills in the selector'])
  expect(explanation.effect[0]).toBe(
    'Allows connections from service account shop/web to the workloads it covers.',
  )
})

it('the effect names every other ALLOW policy that may allow more', () => {
  const other = authorizationPolicy('shop/zz', { rules: [{}] })
  expect(explainPolicy(documents(WITHOUT_WAYPOINT, other), FOR_PODS).effect.at(-1)).toBe(
    'Everything else is denied, unless another ALLOW policy allows it (shop/zz).',
  )
})

it.each([
  ['has no rule', {}],
  ['has only rules that ztunnel drops', { rules: [{ to: [{ operation: { methods: ['PUT'] } }] }] }],
])('the effect names no ALLOW policy that %s', (_, spec) => {
  const other = authorizationPolicy('shop/zz', spec)
  expect(explainPolicy(documents(WITHOUT_WAYPOINT, other), FOR_PODS).effect.at(-1)).toBe(
    'Everything else is denied.',
  )
})
