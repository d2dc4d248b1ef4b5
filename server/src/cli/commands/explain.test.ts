import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH } from '../testing/commandMesh.js'

const { run, remove } = createCliFolder({
  'good/mesh.yaml': MESH,
  'two/one/mesh.yaml': MESH,
  'two/two/mesh.yaml': MESH,
  'two/.ambient-policy.yaml': 'meshRoots: [one, two]\n',
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
