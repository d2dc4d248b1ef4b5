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

const ask = (params: MeshViewParams): Promise<MeshViewResult> =>
  client.connection.sendRequest(MESH_VIEW_REQUEST, params)

it('lists the meshes that hold anything, with their namespaces and where those stand', async () => {
  const { meshes } = (await ask({})) ?? {}
  expect(
    meshes?.map(({ name, namespaces }) => [name, namespaces.map(({ label }) => label)]),
  ).toEqual([['mesh', ['bookinfo']]])
  expect(meshes?.[0]?.namespaces[0]?.link?.uri).toBe(client.uri('mesh/namespace.yaml'))
})

it('tells what is in a namespace and who reaches what, with links into what is typed', async () => {
  const mesh = (await ask({}))?.meshes?.[0]?.id ?? ''
  const { items, picture } = (await ask({ mesh, namespace: 'bookinfo' })) ?? {}
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
  const after = await ask({ mesh, namespace: 'bookinfo' })
  expect(after?.picture?.edges.some(({ verdict }) => verdict === 'deny')).toBe(false)
})

it('answers null for what is not there', async () => {
  expect(await ask({ mesh: 'no such mesh', namespace: 'bookinfo' })).toBeNull()
})
