import { expect, it } from 'vitest'
import { editorFixture } from './testing/editorFixture.js'
import { ScriptedClient } from './testing/scriptedClient.js'

const VIEWER = 'mesh/policies/productpage-viewer.yaml'
const PEERS = 'mesh/policies/peer-authentication.yaml'

it.each(['stdio', 'ipc'] as const)(
  'over %s, a user sees a finding and its hover and fixes the mesh',
  async (transport) => {
    const files = editorFixture()
    const client = await ScriptedClient.start({ folders: { mesh: files }, transport })
    await client.open(VIEWER, files['policies/productpage-viewer.yaml'] ?? '')
    await client.open(PEERS, files['policies/peer-authentication.yaml'] ?? '')

    expect(client.codes(VIEWER)).toEqual(['l7-allow-rule-dropped'])
    expect(client.diagnostics(VIEWER)[0]?.range).toEqual(client.rangeOf(VIEWER, 'methods'))
    expect(await client.hover(VIEWER, 'AuthorizationPolicy')).toMatch(/destination ztunnel/)

    const bound = await client.fix(
      VIEWER,
      'methods',
      'Enforce at the waypoint with targetRefs: clients that bypass it are then allowed',
    )
    expect(bound).toContain(`spec:
  targetRefs:
    - kind: Service
      group: ""
      name: productpage
  action: ALLOW`)
    expect(bound).not.toContain('selector')
    expect(bound.startsWith('# Only curl may read the product page.\n')).toBe(true)
    expect(client.codes(VIEWER)).not.toContain('l7-allow-rule-dropped')
    expect(await client.hover(VIEWER, 'AuthorizationPolicy')).toMatch(/waypoint/)

    expect(client.codes(PEERS)).toEqual(['disable-mode-is-permissive'])
    expect(await client.fix(PEERS, 'DISABLE', 'Remove DISABLE mode')).not.toContain('DISABLE\n')
    expect(client.codes(PEERS)).toEqual([])
    expect(await client.stop()).toBe(0)
  },
)

it('a fix that changes several files needs a confirmation', async () => {
  const files = editorFixture()
  const client = await ScriptedClient.start({ folders: { mesh: files } })
  await client.open(PEERS, files['policies/peer-authentication.yaml'] ?? '')
  await client.open('mesh/productpage.yaml', files['productpage.yaml'] ?? '')
  const actions = await client.codeActions(PEERS, client.rangeOf(PEERS, 'DISABLE'))
  const elsewhere = actions.find(({ edit }) =>
    edit?.documentChanges?.some(
      (change) => 'textDocument' in change && change.textDocument.uri !== client.uri(PEERS),
    ),
  )
  expect(elsewhere?.title).toBe(
    'Remove the workload from ambient mode: its policies are then not enforced',
  )
  await client.apply(elsewhere?.edit ?? {})
  expect(client.text('mesh/productpage.yaml')).toContain('istio.io/dataplane-mode: none')
  expect(client.codes(PEERS)).not.toContain('disable-mode-is-permissive')
  expect(await client.stop()).toBe(0)
})
