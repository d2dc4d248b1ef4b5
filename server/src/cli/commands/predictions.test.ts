import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH } from '../testing/commandMesh.js'
import { ALLOW_GET } from '../testing/meshFiles.js'

const TEMPLATE =
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: {{ .Values.name }}\n'
const { run, remove } = createCliFolder({
  ...Object.fromEntries(
    Array.from({ length: 7 }, (_, index) => [`charts/templates/p${index + 1}.yaml`, TEMPLATE]),
  ),
  'twice/a.yaml': ALLOW_GET,
  'twice/b.yaml': ALLOW_GET,
  'good/mesh.yaml': MESH,
  'bad/mesh.yaml': MESH,
  'bad/policy.yaml': ALLOW_GET,
  'chart/templates/policy.yaml': TEMPLATE,
})
afterAll(remove)

async function json(...args: string[]): Promise<unknown> {
  return JSON.parse((await run([...args, '--format', 'json', 'bad'])).out) as unknown
}

it('ztunnel-config policies predicts the policies that ztunnel receives', async () => {
  expect(await json('ztunnel-config', 'policies')).toEqual([
    {
      name: 'allow-get',
      namespace: 'shop',
      scope: 'WorkloadSelector',
      action: 'Allow',
      dryRun: false,
      rules: [],
    },
  ])
})

it('ztunnel-config workloads predicts the workloads with their policies', async () => {
  expect(await json('ztunnel-config', 'workloads')).toEqual([
    {
      name: 'api',
      namespace: 'shop',
      serviceAccount: 'api',
      protocol: 'HBONE',
      waypoint: null,
      authorizationPolicies: ['shop/allow-get'],
    },
  ])
})

it('ztunnel-config services predicts the Services with their waypoint', async () => {
  expect(await json('ztunnel-config', 'services')).toEqual([
    {
      name: 'api',
      namespace: 'shop',
      hostname: 'api.shop.svc.cluster.local',
      waypoint: 'shop/waypoint',
    },
  ])
})

it('status predicts the conditions of istiod', async () => {
  expect(await json('status')).toContainEqual({
    kind: 'AuthorizationPolicy',
    namespace: 'shop',
    name: 'readers',
    type: 'WaypointAccepted',
    status: 'True',
    reason: 'Accepted',
    message: 'bound to shop/waypoint',
  })
})

it('ztunnel-config prints a table by default', async () => {
  expect((await run(['ztunnel-config', 'services', 'good'])).out).toBe(
    'NAMESPACE   SERVICE   HOSTNAME                     WAYPOINT\nshop        api       api.shop.svc.cluster.local   shop/waypoint\n',
  )
})

it('ztunnel-config counts the templates after the fifth', async () => {
  const { errors } = await run(['ztunnel-config', 'policies', 'charts'])
  expect(errors.slice(4)).toEqual([
    'charts/templates/p5.yaml contains templates, which are ignored: AuthorizationPolicy in line 1 (render them first, or use --helm for a chart)',
    'The same is true for 2 more files.',
  ])
})

it('status has one row for definitions of one object with the same status', async () => {
  const { out } = await run(['status', '--format', 'json', 'twice'])
  expect(JSON.parse(out)).toHaveLength(1)
})

it('ztunnel-config names the templates that it ignores', async () => {
  expect((await run(['ztunnel-config', 'policies', 'chart'])).errors).toEqual([
    'chart/templates/policy.yaml contains templates, which are ignored: AuthorizationPolicy in line 1 (render them first, or use --helm for a chart)',
  ])
})

it('a prediction from no objects says so', async () => {
  expect((await run(['status', '-'], { stdin: 'a: 1\n' })).errors).toEqual([
    '<stdin> has no Kubernetes objects',
  ])
  expect((await run(['check', '-'], { stdin: '' })).errors).toEqual(['<stdin> is empty'])
})
