import { describe, expect, it } from 'vitest'
import { createCliFolder } from '../cli/testing/cliFolder.js'
import { MESH } from '../cli/testing/commandMesh.js'
import { ScriptedClient } from '../testing/scriptedClient.js'

/** Files of requests, one JSON value a line, and the message about them. */
const LINES: Readonly<Record<string, readonly [text: string | Uint8Array, message: RegExp]>> = {
  'no JSON': ['{', /^r\.jsonl:1: is not JSON/],
  'a list': ['[]', /^r\.jsonl:1: /],
  'a text': ['"x"', /^r\.jsonl:1: /],
  null: ['null', /^r\.jsonl:1: /],
  'an empty mapping': ['{}', /^r\.jsonl:1: /],
  'a key of each object': ['{"__proto__": {"from": {}}}', /^r\.jsonl:1: /],
  'a port that is too large': [
    '{"from": {"namespace": "a", "serviceAccount": "b"}, "to": {"service": "shop/api", "port": 1e9}}',
    /^r\.jsonl:1: /,
  ],
  'an address that is none': [
    '{"from": {"ip": "1.2.3"}, "to": {"service": "shop/api", "port": 80}}',
    /^r\.jsonl:1: /,
  ],
  'deep nesting': [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, /^r\.jsonl:1: /],
  'bytes that are not text': [Uint8Array.from([0, 255, 254]), /^r\.jsonl is not UTF-8 text/],
}

describe.each(Object.entries(LINES))('requests: %s', (_, [text, message]) => {
  it('is named with its line', async () => {
    const cli = createCliFolder({ 'a.yaml': MESH, 'r.jsonl': text })
    try {
      const { errors, status, out } = await cli.run(['evaluate', '--requests', 'r.jsonl'])
      expect({ status, out }).toEqual({ status: 2, out: '' })
      expect(errors).toEqual([expect.stringMatching(message)])
    } finally {
      cli.remove()
    }
  })
})

const METHODS = [
  ...['hover', 'completion', 'codeAction', 'codeLens', 'inlayHint', 'rename', 'prepareRename'],
  ...['references', 'definition', 'documentHighlight', 'documentLink', 'documentSymbol'],
  ...['foldingRange', 'selectionRange', 'prepareCallHierarchy'],
]
const OTHER_METHODS = [
  ...['workspace/symbol', 'workspace/textDocumentContent', 'workspace/executeCommand'],
  ...['callHierarchy/incomingCalls', 'callHierarchy/outgoingCalls', 'codeAction/resolve'],
  ...['evaluate', 'evaluateChoices', 'meshView', 'objectDocuments', 'rules', 'tests', 'runTests'],
  ...['addTest', 'access', 'compareAccess', 'noSuchRequest'],
]
const LONG = 'a'.repeat(100_000)
const PARAMS: readonly unknown[] = [
  {},
  { textDocument: {} },
  { textDocument: { uri: 'file:///etc/passwd' }, position: { line: -1, character: 1e9 } },
  { textDocument: { uri: 'file:///dev/zero' }, position: { line: 0, character: 0 } },
  { textDocument: { uri: '%%%' }, position: null, range: null, context: null },
  { textDocument: { uri: 'file:///etc/x.access-test.yaml' }, names: [LONG], expect: 1, request: 1 },
  { uri: 'file:///etc/passwd', query: '('.repeat(1_000), request: { from: [], to: 1 } },
  { uri: '', query: LONG, request: null, item: { uri: 'file:///etc/passwd', data: {} } },
  { command: '__proto__', arguments: [{ textDocument: { uri: 1 } }], positions: 1, newName: LONG },
  { base: '../..', revision: '--upload-pack=x', folder: 'file:///', from: LONG, to: LONG },
]

/** Messages of a client with wrong parameters. */
const MESSAGES: readonly (readonly [method: string, params: unknown])[] = [
  ...METHODS.map((method) => `textDocument/${method}`),
  ...OTHER_METHODS.map((method) =>
    method.includes('/') ? method : `istioAmbientPolicy/${method}`,
  ),
].flatMap((method) => PARAMS.map((params) => [method, params] as const))

it('requests: the server answers each wrong message, and reads no file for it', async () => {
  const client = await ScriptedClient.start({ folders: { mesh: { 'a.yaml': MESH } } })
  try {
    for (const [method, params] of MESSAGES) {
      const answer: unknown = await client.connection
        .sendRequest(method, params)
        .catch((error: unknown) => String(error))
      expect(JSON.stringify([answer])).not.toContain('root:')
    }
    await client.open(
      'mesh/b.yaml',
      'apiVersion: security.istio.io/v1beta1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: shop}\n',
    )
    expect(client.codes('mesh/b.yaml')).toContain('deprecated-api-version')
  } finally {
    await client.stop()
  }
})
