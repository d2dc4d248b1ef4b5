import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  EVALUATE_CHOICES_REQUEST,
  EVALUATE_REQUEST,
  type EvaluateResult,
  type RequestChoices,
} from '@istio-ambient-policy/shared'
import { ScriptedClient } from '../testing/scriptedClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: api, labels: {app: api, istio.io/dataplane-mode: ambient}}\nspec: {serviceAccountName: api, containers: [{name: api, ports: [{containerPort: 8080}]}]}\n'
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: no-web}
spec:
  selector: {matchLabels: {app: api}}
  action: DENY
  rules:
  - from: [{source: {serviceAccounts: [web]}}]
`
const request = {
  id: '1',
  from: { namespace: 'default', serviceAccount: 'web' },
  to: { workload: 'default/api', port: 8080 },
}

let client: ScriptedClient
beforeAll(async () => {
  client = await ScriptedClient.start({
    folders: { mesh: { 'pod.yaml': POD, 'policy.yaml': POLICY } },
  })
  await client.open('mesh/policy.yaml', POLICY)
})
afterAll(() => client.stop())

const evaluate = (given: unknown, name = 'mesh/pod.yaml'): Promise<EvaluateResult> =>
  client.connection.sendRequest(EVALUATE_REQUEST, {
    textDocument: { uri: client.uri(name) },
    request: given,
  })

it('an answer has the place of the deciding rule and the smallest change, and follows edits', async () => {
  const result = await evaluate(request)
  expect(result?.answer).toMatchObject({
    id: '1',
    verdict: 'deny',
    hops: [
      {
        point: 'ztunnel',
        name: 'default/api',
        policy: 'default/no-web',
        rule: 0,
        uri: client.uri('mesh/policy.yaml'),
        range: { start: { line: 7, character: 4 } },
      },
    ],
    nearestMiss: null,
  })
  await client.edit('mesh/policy.yaml', '[web]', '[cart]')
  expect((await evaluate(request))?.answer).toMatchObject({
    verdict: 'allow',
    nearestMiss: { changes: [{ field: 'from', value: 'default/cart' }], verdict: 'deny' },
  })
})

it('an answer has the places of the policies that apply without a matching rule', async () => {
  await client.edit('mesh/policy.yaml', 'DENY', 'ALLOW')
  const [hop] =
    (await evaluate({ ...request, from: { namespace: 'default', serviceAccount: 'stranger' } }))
      ?.answer?.hops ?? []
  expect(hop).toMatchObject({
    verdict: 'deny',
    policy: null,
    uri: null,
    inForce: [
      {
        policy: 'default/no-web',
        uri: client.uri('mesh/policy.yaml'),
        range: { start: { line: 2, character: 17 } },
      },
    ],
  })
  await client.edit('mesh/policy.yaml', 'ALLOW', 'DENY')
})

it('a wrong request has a problem as its answer, and a document without a mesh has null', async () => {
  expect(await evaluate({ from: {}, to: {} })).toEqual({
    problem: 'from needs namespace and serviceAccount, or ip',
  })
  expect(await evaluate(request, 'elsewhere.yaml')).toBeNull()
})

it('the choices are the sources and destinations of the mesh', async () => {
  const choices: RequestChoices = await client.connection.sendRequest(EVALUATE_CHOICES_REQUEST, {
    textDocument: { uri: client.uri('mesh/pod.yaml') },
  })
  expect(choices.sources).toEqual([
    { namespace: 'default', serviceAccount: 'api', runs: ['Pod default/api'] },
  ])
  expect(choices.destinations).toEqual([
    { kind: 'workload', name: 'default/api', ports: [{ port: 8080 }] },
  ])
})

it('an answer has the findings about the policies that do not allow the request', async () => {
  await client.open(
    'mesh/policy.yaml',
    replaceIn(
      POLICY,
      ['DENY', 'ALLOW'],
      ['  - from', '  - to: [{operation: {methods: [GET]}}]\n    from'],
    ),
  )
  const { findings } = (await evaluate(request))?.answer ?? {}
  expect(findings).toContainEqual(
    expect.objectContaining({
      rule: 'l7-allow-rule-dropped',
      hasFix: false,
      uri: client.uri('mesh/policy.yaml'),
    }),
  )
})
