import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  MESH_VIEW_REQUEST,
  type MeshViewParams,
  type MeshViewResult,
} from '@istio-ambient-policy/shared'
import { editorFixture } from '../testing/editorFixture.js'
import { ScriptedClient } from '../testing/scriptedClient.js'

let client: ScriptedClient
beforeAll(async () => {
  client = await ScriptedClient.start({ folders: { mesh: editorFixture(), empty: {} } })
})
afterAll(() => client.stop())

const request = (params: MeshViewParams): Promise<MeshViewResult> =>
  client.connection.sendRequest(MESH_VIEW_REQUEST, params)

it('the mesh view lists the meshes with objects, with links to their namespaces', async () => {
  const { meshes } = (await request({})) ?? {}
  expect(
    meshes?.map(({ name, namespaces }) => [name, namespaces.map(({ label }) => label)]),
  ).toEqual([['mesh', ['bookinfo']]])
  expect(meshes?.[0]?.namespaces[0]?.link?.uri).toBe(client.uri('mesh/namespace.yaml'))
})

it('a namespace has items and connections with links, which follow edits', async () => {
  const mesh = (await request({}))?.meshes?.[0]?.id ?? ''
  const { items, picture } = (await request({ mesh, namespace: 'bookinfo' })) ?? {}
  const service = items?.find(({ kind, label }) => kind === 'service' && label === 'productpage')
  expect(service).toMatchObject({
    target: { kind: 'service', name: 'bookinfo/productpage' },
    link: { uri: client.uri('mesh/productpage.yaml') },
  })
  expect(service?.children.find(({ kind }) => kind === 'policy')?.link?.uri).toBe(
    client.uri('mesh/policies/productpage-viewer.yaml'),
  )
  expect(picture?.edges.some(({ verdict }) => verdict === 'deny')).toBe(true)
  await client.open('mesh/policies/productpage-viewer.yaml', '# gone\n')
  const after = await request({ mesh, namespace: 'bookinfo' })
  expect(after?.picture?.edges.some(({ verdict }) => verdict === 'deny')).toBe(false)
})

it('the mesh view of an unknown mesh is null', async () => {
  expect(await request({ mesh: 'no such mesh', namespace: 'bookinfo' })).toBeNull()
})

it('items have the findings of their objects, and those that need attention are first', async () => {
  const [mesh] = (await request({}))?.meshes ?? []
  const errors = client
    .codes('mesh/policies/peer-authentication.yaml')
    .concat(client.codes('mesh/policies/productpage-viewer.yaml'))
  expect(errors.length).toBeGreaterThan(0)
  expect(mesh?.namespaces[0]?.problems).toEqual(
    expect.objectContaining({ errors: expect.any(Number) as number }),
  )
  const { items = [] } = (await request({ mesh: mesh?.id ?? '', namespace: 'bookinfo' })) ?? {}
  const ranks = items.map(({ kind, problems }) =>
    kind === 'group' ? 0 : problems!.errors > 0 ? 1 : problems!.warnings > 0 ? 2 : 3,
  )
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
})

it('a policy that no proxy enforces is in the group Enforced nowhere', async () => {
  await client.open(
    'mesh/policies/nowhere.yaml',
    `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: nowhere, namespace: bookinfo}
spec:
  targetRefs: [{kind: Service, group: "", name: missing}]
  rules: [{}]
`,
  )
  const mesh = (await request({}))?.meshes?.[0]?.id ?? ''
  const { items } = (await request({ mesh, namespace: 'bookinfo' })) ?? {}
  expect(items?.[0]).toMatchObject({
    kind: 'group',
    label: 'Enforced nowhere',
    description: '1 policy',
    children: [{ kind: 'policy', label: 'bookinfo/nowhere', problems: { errors: 1 } }],
  })
})
