import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from './cli/testing/cliFolder.js'
import { defaultSettings } from './testing/defaultSettings.js'
import { filesIn } from './testing/field/fieldCase.js'
import { ScriptedClient } from './testing/scriptedClient.js'

const FIXTURES = fileURLToPath(new URL('../../test-fixtures', import.meta.url))

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

const quiet = readdirSync(join(FIXTURES, 'quiet')).map(
  (name) => [name, filesIn(join(FIXTURES, 'quiet', name))] as const,
)
const WORKSPACES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['plain Kubernetes', { 'app.yaml': PLAIN }],
  ['plain Kubernetes in several files', { 'a/app.yaml': PLAIN, 'b/app.yaml': PLAIN }],
  ['sidecars elsewhere', { 'app.yaml': SIDECARS }],
  ['a policy alone', { 'policy.yaml': ALONE }],
  ['the sample mesh', filesIn(join(FIXTURES, 'meshes/shop'))],
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
    const client = await ScriptedClient.start({
      folders: { mesh: files },
      settings: defaultSettings(),
    })
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
    settings: defaultSettings(),
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
