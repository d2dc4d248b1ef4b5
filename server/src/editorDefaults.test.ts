import { readdirSync, readFileSync } from 'node:fs'
import type { Settings } from '@istio-ambient-policy/shared'
import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from './cli/testing/cliFolder.js'
import { ScriptedClient } from './testing/scriptedClient.js'

const ROOT = new URL('../../', import.meta.url)
const MANIFEST = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
  contributes: { configuration: unknown }
}

interface Property {
  readonly default?: unknown
}

/** What VS Code sends for a user who has changed no setting. */
function defaults(): Partial<Settings> {
  const sections = [MANIFEST.contributes.configuration].flat() as {
    properties: Record<string, Property>
  }[]
  const settings: Record<string, unknown> = {}
  for (const { properties } of sections)
    for (const [key, property] of Object.entries(properties)) {
      const [, ...path] = key.split('.')
      const last = path.pop()
      if (!('default' in property) || last === undefined) continue
      let parent = settings
      for (const name of path) parent = (parent[name] ??= {}) as Record<string, unknown>
      parent[last] = property.default
    }
  return settings
}

const PLAIN = `apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: data}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, ports: [{containerPort: 5432}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: data}
spec: {selector: {app: db}, ports: [{port: 5432, targetPort: 5432}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: data}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 5432}]}]
  egress: [{to: [{podSelector: {}}], ports: [{port: 5432}]}]
`
const SIDECARS = `apiVersion: v1
kind: Namespace
metadata: {name: other, labels: {istio.io/rev: stable}}
---
${PLAIN}`
const ALONE = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: get}
spec: {rules: [{to: [{operation: {methods: [GET]}}]}]}
`

const quiet = readdirSync(new URL('test-fixtures/quiet/', ROOT)).map((name) => {
  const folder = new URL(`test-fixtures/quiet/${name}/`, ROOT)
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath.replace(/\/$/, '')}/${entry.name}`)
    .map((path) => [path.slice(folder.pathname.length), readFileSync(path, 'utf8')] as const)
  return [name, Object.fromEntries(files)] as const
})
const shop = new URL('test-fixtures/meshes/shop/', ROOT)
const WORKSPACES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['plain Kubernetes', { 'app.yaml': PLAIN }],
  ['plain Kubernetes in several files', { 'a/app.yaml': PLAIN, 'b/app.yaml': PLAIN }],
  ['sidecars elsewhere', { 'app.yaml': SIDECARS }],
  ['a policy alone', { 'policy.yaml': ALONE }],
  [
    'the sample mesh',
    Object.fromEntries(
      readdirSync(shop).map((name) => [name, readFileSync(new URL(name, shop), 'utf8')]),
    ),
  ],
  ...quiet,
]

const clients: ScriptedClient[] = []
afterAll(async () => {
  for (const client of clients) await client.stop()
})

it.each(WORKSPACES)(
  'the editor with its defaults finds what check finds: %s',
  async (name, files) => {
    const cli = createCliFolder(files)
    const { out } = await cli.run(['check', '--format', 'json', '--fail-on', 'never', '.'])
    cli.remove()
    const { findings } = JSON.parse(out) as { findings: { file: string; rule: string }[] }
    const client = await ScriptedClient.start({ folders: { mesh: files }, settings: defaults() })
    clients.push(client)
    const yaml = Object.keys(files).filter((file) => /\.ya?ml$/.test(file))
    for (const file of yaml) await client.open(`mesh/${file}`, files[file] ?? '')
    const found = yaml.flatMap((file) =>
      client.codes(`mesh/${file}`).map((code) => `${file} ${code}`),
    )
    expect(found.sort()).toEqual(findings.map(({ file, rule }) => `${file} ${rule}`).sort())
    if (name.startsWith('plain')) expect(found).toEqual([])
  },
)

it('nothing is shown where no file mentions Istio', async () => {
  const client = await ScriptedClient.start({
    folders: { mesh: { 'app.yaml': PLAIN } },
    settings: defaults(),
  })
  clients.push(client)
  await client.open('mesh/app.yaml', PLAIN)
  const textDocument = { uri: client.uri('mesh/app.yaml') }
  const range = { start: { line: 0, character: 0 }, end: { line: 1_000, character: 0 } }
  for (const [method, params] of [
    ['textDocument/codeLens', { textDocument }],
    ['textDocument/inlayHint', { textDocument, range }],
  ] as const)
    expect(await client.connection.sendRequest(method, params)).toEqual([])
})
