import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH } from '../testing/commandMesh.js'

const { run, remove } = createCliFolder({
  'good/mesh.yaml': MESH,
  'two/one/mesh.yaml': MESH,
  'two/two/mesh.yaml': MESH,
  'two/.ambient-policy.yaml': 'meshRoots: [one, two]\n',
  'overlays/base/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: queue}\n',
  'overlays/base/kustomization.yaml': 'resources: [namespace.yaml]\n',
  'overlays/dev/kustomization.yaml': 'resources: [../base]\n',
  'overlays/prod/kustomization.yaml': `resources: [../base]
patches:
  - patch: |
      apiVersion: v1
      kind: Namespace
      metadata: {name: queue, labels: {istio.io/dataplane-mode: ambient}}
`,
})
afterAll(remove)

it('explain prints text, Markdown or JSON', async () => {
  const explained = async (format: string): Promise<string> =>
    (await run(['explain', 'authorizationpolicy/shop/readers', 'good', '--format', format])).out
  expect(await explained('text')).toMatch(/^AuthorizationPolicy shop\/readers\n/)
  expect(await explained('markdown')).toMatch(/^\*\*AuthorizationPolicy shop\/readers\*\*\n/)
  expect(JSON.parse(await explained('json'))).toMatchObject({
    kind: 'AuthorizationPolicy',
    namespace: 'shop',
    name: 'readers',
  })
})

it('explain uses the first of several definitions and names the others', async () => {
  expect((await run(['explain', 'Namespace/shop', 'two'])).errors).toEqual([
    'Namespace/shop is defined in two/one/mesh.yaml:3 (used here) and in two/two/mesh.yaml:3',
  ])
})

it('explain names the mesh of each definition where an object is in several overlays', async () => {
  const { out, errors } = await run(['explain', 'Namespace/queue', 'overlays'])
  expect(errors).toContain(
    'Namespace/queue is defined in overlays/base/namespace.yaml:3 in mesh "dev" (used here) ' +
      'and in overlays/base/namespace.yaml:3 in mesh "prod"',
  )
  expect(out).not.toContain('no Namespace object')
  expect(out.replace(/\s+/g, ' ')).toContain(
    'Namespace "queue" has no label of Istio here, and another tool may set it',
  )
})

it.each(['service/shop/api', 'Services/shop/api', 'svc/shop/api', 'SVC/api'])(
  'explain finds the object %s, as kubectl does',
  async (object) => {
    expect((await run(['explain', object, 'good'])).out).toMatch(/^Service shop\/api\n/)
  },
)

it('explain fits into a narrower terminal', async () => {
  const widest = async (columns?: number): Promise<number> => {
    const { out } = await run(['explain', 'Service/shop/api', 'good'], { columns })
    return Math.max(...out.split('\n').map((line) => line.length))
  }
  expect(await widest()).toBeGreaterThan(80)
  expect(await widest(200)).toBe(await widest())
  expect(await widest(80)).toBeLessThanOrEqual(80)
})
