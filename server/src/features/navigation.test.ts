import { afterAll, beforeAll, expect, it } from 'vitest'
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  DocumentHighlight,
  DocumentLink,
  Location,
  LocationLink,
  SymbolInformation,
  WorkspaceEdit,
} from 'vscode-languageserver'
import { ScriptedClient } from '../testing/scriptedClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const MESH = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: cron, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}, {name: http-admin, port: 81, targetPort: 8081}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec: {template: {metadata: {labels: {app: api}}, spec: {serviceAccountName: api}}}
`
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec:
  targetRefs:
  - {group: "", kind: Service, name: api}
  rules:
  - from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]
    to: [{operation: {ports: ["80"], methods: [GET], paths: [/items/*]}}]
  - from: [{source: {serviceAccounts: [web]}}]
    to: [{operation: {ports: ["81"]}}]
`

let client: ScriptedClient
beforeAll(async () => {
  client = await ScriptedClient.start({
    folders: { mesh: { 'mesh.yaml': MESH, 'policy.yaml': POLICY } },
    capabilities: {
      workspace: { configuration: true, workspaceEdit: { documentChanges: true } },
      textDocument: { definition: { linkSupport: true }, rename: { prepareSupport: true } },
    },
  })
  await client.open('mesh/mesh.yaml', MESH)
  await client.open('mesh/policy.yaml', POLICY)
})
afterAll(() => client.stop())

/** Sends a request about the place of a text, `shift` characters after its start. */
function request<R>(
  method: string,
  needle: string,
  {
    file = 'mesh/policy.yaml',
    shift = 0,
    ...more
  }: { file?: string; shift?: number; [key: string]: unknown } = {},
): Promise<R> {
  const { line, character } = client.position(file, needle)
  return client.connection.sendRequest(method, {
    textDocument: { uri: client.uri(file) },
    position: { line, character: character + shift },
    ...more,
  })
}

/** `file:line` of locations. */
function lines(locations: readonly Location[]): string[] {
  return locations
    .map(({ uri, range }) => `${uri.slice(uri.lastIndexOf('/') + 1)}:${range.start.line + 1}`)
    .sort()
}

it('the definition of a name is its object', async () => {
  const [link] = await request<LocationLink[]>('textDocument/definition', 'sa/web', { shift: 4 })
  expect(link).toMatchObject({
    targetUri: client.uri('mesh/mesh.yaml'),
    targetSelectionRange: { start: { line: 11, character: 17 } },
  })
  expect(
    client
      .text('mesh/policy.yaml')
      .split('\n')[7]
      ?.slice(
        link?.originSelectionRange?.start.character,
        link?.originSelectionRange?.end.character,
      ),
  ).toBe('web')
  expect(await request('textDocument/definition', 'GET')).toBeNull()
})

it('references are in all files, and highlights only in the same file', async () => {
  expect(
    lines(
      await request('textDocument/references', 'sa/web', {
        shift: 4,
        context: { includeDeclaration: true },
      }),
    ),
  ).toEqual(['mesh.yaml:12', 'policy.yaml:10', 'policy.yaml:8'])
  expect(
    lines(
      await request('textDocument/references', 'sa/web', {
        shift: 4,
        context: { includeDeclaration: false },
      }),
    ),
  ).toEqual(['policy.yaml:10', 'policy.yaml:8'])
  const highlights = await request<DocumentHighlight[]>(
    'textDocument/documentHighlight',
    'sa/web',
    {
      shift: 4,
    },
  )
  expect(highlights.map(({ range, kind }) => [range.start.line, kind])).toEqual([
    [7, 2],
    [9, 2],
  ])
})

it('policies and labels have links to their objects', async () => {
  const links: DocumentLink[] = await client.connection.sendRequest('textDocument/documentLink', {
    textDocument: { uri: client.uri('mesh/policy.yaml') },
  })
  expect(links.map(({ target }) => target)).toEqual([`${client.uri('mesh/mesh.yaml')}#L20,18`])
  const inMesh: DocumentLink[] = await client.connection.sendRequest('textDocument/documentLink', {
    textDocument: { uri: client.uri('mesh/mesh.yaml') },
  })
  expect(inMesh.map(({ target }) => target)).toEqual([`${client.uri('mesh/mesh.yaml')}#L7,18`])
})

it('workspace symbols are found by letters of their names', async () => {
  const symbols: SymbolInformation[] = await client.connection.sendRequest('workspace/symbol', {
    query: 'rdr',
  })
  expect(symbols.map(({ name, containerName }) => [name, containerName])).toEqual([
    ['readers', 'AuthorizationPolicy · shop'],
  ])
  expect(
    await client.connection.sendRequest('workspace/symbol', { query: 'service shop/api' }),
  ).toHaveLength(1)
})

it('a rename changes all fields with the name, or has an error with the reason', async () => {
  expect(await request('textDocument/prepareRename', 'sa/web', { shift: 4 })).toMatchObject({
    placeholder: 'web',
  })
  await expect(
    request('textDocument/prepareRename', 'istio-waypoint', { file: 'mesh/mesh.yaml' }),
  ).rejects.toThrow('cannot be renamed')
  await expect(
    request('textDocument/rename', 'sa/web', { shift: 4, newName: 'cron' }),
  ).rejects.toThrow('A ServiceAccount "cron" exists already.')
  await expect(
    request('textDocument/rename', 'sa/web', { shift: 4, newName: 'We b' }),
  ).rejects.toThrow('lower-case')
  await client.apply(
    await request<WorkspaceEdit>('textDocument/rename', 'sa/web', { shift: 4, newName: 'front' }),
  )
  expect(client.text('mesh/mesh.yaml')).toBe(replaceIn(MESH, ['name: web', 'name: front']))
  expect(client.text('mesh/policy.yaml')).toBe(
    replaceIn(POLICY, ['sa/web', 'sa/front'], ['[web]', '[front]']),
  )
  await client.apply(
    await request<WorkspaceEdit>('textDocument/rename', 'sa/front', { shift: 4, newName: 'web' }),
  )
})

it('the call hierarchy has the callers of a Service and the destinations of a client', async () => {
  const [service] = await request<CallHierarchyItem[]>(
    'textDocument/prepareCallHierarchy',
    'name: api',
    { file: 'mesh/mesh.yaml', shift: 6 },
  )
  expect(service).toMatchObject({ name: 'api', detail: 'Service · shop' })
  const incoming: CallHierarchyIncomingCall[] = await client.connection.sendRequest(
    'callHierarchy/incomingCalls',
    { item: service },
  )
  expect(incoming.map(({ from }) => [from.name, from.detail])).toEqual([
    ['web', 'as shop/web, port 81, port 80 for some requests'],
  ])
  const [web] = await request<CallHierarchyItem[]>(
    'textDocument/prepareCallHierarchy',
    'name: web',
    {
      file: 'mesh/mesh.yaml',
      shift: 6,
    },
  )
  const outgoing: CallHierarchyOutgoingCall[] = await client.connection.sendRequest(
    'callHierarchy/outgoingCalls',
    { item: web },
  )
  expect(outgoing.map(({ to }) => [to.name, to.detail])).toEqual([
    ['api', 'Service · shop, port 81, port 80 for some requests'],
  ])
  expect(await request('textDocument/prepareCallHierarchy', 'kind: AuthorizationPolicy')).toBeNull()
})
