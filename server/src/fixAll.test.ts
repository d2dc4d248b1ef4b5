import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from './cli/testing/cliFolder.js'
import { ALLOW_GET, DISABLED, DISABLED_FIXED, NAMESPACE_AND_API } from './cli/testing/meshFiles.js'
import { ScriptedClient } from './testing/scriptedClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

/** A finding whose safe fix deletes a line, and is not preferred. */
const TRUST_DOMAINS = `${ALLOW_GET.slice(0, ALLOW_GET.indexOf('    - to:'))}    - from:
        - source:
            namespaces: ["shop"]
            trustDomains: ["other.example"]
`
const TEMPLATE =
  '{{- if .Values.strict }}\napiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n{{- end }}\n'

/** Files, and the names of those that the safe fixes change. */
type Workspace = readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  changed: readonly string[],
]

const WORKSPACES: readonly Workspace[] = [
  ['a safe fix that is not preferred', { 'policy.yaml': TRUST_DOMAINS }, []],
  ['two fixes of one document', { 'peers.yaml': DISABLED }, ['peers.yaml']],
  [
    'fixes of several documents',
    {
      'peers.yaml': `${DISABLED}---\n${replaceIn(DISABLED, ['name: default', 'name: other'])}EOF\n`,
    },
    ['peers.yaml'],
  ],
  ['a file with a template', { 'peers.yaml': `${DISABLED}---\n${TEMPLATE}` }, []],
  [
    'a base of two overlays',
    {
      'base/kustomization.yaml': 'resources: [peers.yaml]\n',
      'base/peers.yaml': DISABLED,
      'one/kustomization.yaml': 'resources: [../base, mesh.yaml]\n',
      'one/mesh.yaml': NAMESPACE_AND_API,
      'two/kustomization.yaml': 'resources: [../base, mesh.yaml]\n',
      'two/mesh.yaml': replaceIn(NAMESPACE_AND_API, [
        'dataplane-mode: ambient',
        'dataplane-mode: none',
      ]),
    },
    ['base/peers.yaml'],
  ],
  [
    'a value in a patch',
    {
      'base/kustomization.yaml': 'resources: [peers.yaml]\n',
      'base/peers.yaml': DISABLED_FIXED,
      'prod/kustomization.yaml': 'resources: [../base, mesh.yaml]\npatches: [{path: patch.yaml}]\n',
      'prod/patch.yaml': replaceIn(DISABLED, ['v1beta1', 'v1']),
      'prod/mesh.yaml': NAMESPACE_AND_API,
    },
    ['prod/patch.yaml'],
  ],
]

const clients: ScriptedClient[] = []
afterAll(async () => {
  for (const client of clients) await client.stop()
})

it.each(WORKSPACES)('the editor and --fix make the same text for %s', async (_, files, changed) => {
  const all = { 'mesh.yaml': NAMESPACE_AND_API, ...files }
  const cli = createCliFolder(all)
  await cli.run(['check', '--fix', '--fail-on', 'never', '.'])
  const client = await ScriptedClient.start({ folders: { mesh: all } })
  clients.push(client)
  for (const [name, text] of Object.entries(all)) {
    await client.open(`mesh/${name}`, text)
    const everything = { start: { line: 0, character: 0 }, end: { line: 1_000, character: 0 } }
    const [action] = await client.codeActions(`mesh/${name}`, everything, ['source.fixAll'])
    if (action?.edit) await client.apply(action.edit)
  }
  for (const name of Object.keys(all)) expect(client.text(`mesh/${name}`)).toBe(cli.read(name))
  expect(
    Object.entries(all).flatMap(([name, text]) => (cli.read(name) === text ? [] : [name])),
  ).toEqual(changed)
  cli.remove()
})

it('the findings are the same after the editor asked for all safe fixes and did not apply them', async () => {
  const client = await ScriptedClient.start({
    folders: { mesh: { 'mesh.yaml': NAMESPACE_AND_API, 'peers.yaml': DISABLED } },
  })
  clients.push(client)
  await client.open('mesh/peers.yaml', DISABLED)
  const codes = client.codes('mesh/peers.yaml')
  const everything = { start: { line: 0, character: 0 }, end: { line: 1_000, character: 0 } }
  const asked = (): ReturnType<typeof client.codeActions> =>
    client.codeActions('mesh/peers.yaml', everything, ['source.fixAll'])
  const [first] = await asked()
  expect(first?.title).toBe('Fix all safe problems of Ambient Policy for Istio')
  expect((await asked())[0]).toEqual(first)
  await client.edit('mesh/peers.yaml', '# as it was', '# another comment')
  expect(client.codes('mesh/peers.yaml')).toEqual(codes)
})
