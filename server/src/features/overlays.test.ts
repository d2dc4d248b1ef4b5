import { afterAll, beforeAll, expect, it } from 'vitest'
import { ScriptedClient } from '../testing/scriptedClient.js'

const POLICY =
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: p\nspec:\n  rules:\n  - from:\n    - source: {namespaces: [web]}\n'
const PATCH =
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: p\nspec:\n  rules:\n  - to:\n    - operation:\n        methods: [GET]\n'
const APP =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: api, labels: {app: api}}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: x, labels: {istio.io/dataplane-mode: ambient}}\n'

let client: ScriptedClient
beforeAll(async () => {
  client = await ScriptedClient.start({
    folders: {
      mesh: {
        'base/kustomization.yaml': 'resources: [policy.yaml, app.yaml]\n',
        'base/policy.yaml': POLICY,
        'base/app.yaml': APP,
        'staging/kustomization.yaml': 'namespace: staging\nresources: [../base]\n',
        'production/kustomization.yaml':
          'namespace: production\nresources: [../base]\npatches: [{path: patch.yaml}]\n',
        'production/patch.yaml': PATCH,
      },
    },
  })
})
afterAll(() => client.stop())

it('a finding that a patch causes is in the patch and follows edits', async () => {
  await client.open('mesh/base/policy.yaml', POLICY)
  await client.open('mesh/production/patch.yaml', PATCH)
  expect(client.diagnostics('mesh/production/patch.yaml')).toMatchObject([
    { code: 'l7-allow-rule-dropped', range: { start: { line: 8, character: 8 } } },
  ])
  expect(client.diagnostics('mesh/base/policy.yaml')).toEqual([])
  await client.edit('mesh/production/patch.yaml', 'spec:', '\nspec:')
  expect(client.diagnostics('mesh/production/patch.yaml')).toMatchObject([
    { range: { start: { line: 9, character: 8 } } },
  ])
  await client.edit('mesh/production/patch.yaml', 'methods: [GET]', 'ports: ["80"]')
  expect(client.diagnostics('mesh/production/patch.yaml')).toEqual([])
})
