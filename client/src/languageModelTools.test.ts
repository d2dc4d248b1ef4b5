import { CALL_TOOL_REQUEST } from '@istio-ambient-policy/shared'
import { beforeEach, expect, it, vi } from 'vitest'
import { readManifest } from '../../scripts/readManifest.mjs'

interface Tool {
  prepareInvocation(): { readonly invocationMessage: string }
  invoke(options: { readonly input: unknown }, token: unknown): Promise<unknown>
}

const registered = new Map<string, Tool>()
const contexts = new Map<string, unknown>()
const registerTool = (name: string, tool: Tool): object => {
  registered.set(name, tool)
  return {}
}
const editor: { lm: { registerTool?: typeof registerTool } | undefined } = { lm: { registerTool } }

vi.mock('vscode', () => ({
  get lm() {
    return editor.lm
  },
  commands: {
    executeCommand: (_: string, key: string, value: unknown) => contexts.set(key, value),
  },
  Disposable: { from: (...all: unknown[]) => all },
  l10n: { t: (text: string, value: string) => text.replace('{0}', value) },
  LanguageModelTextPart: class {
    readonly value: string
    constructor(value: string) {
      this.value = value
    }
  },
  LanguageModelToolResult: class {
    readonly content: unknown
    constructor(content: unknown) {
      this.content = content
    }
  },
  window: { activeTextEditor: { document: { uri: 'file:///shop/a.yaml' } } },
}))
const { registerLanguageModelTools } = await import('./languageModelTools.js')

const sent: unknown[] = []
let answer = { text: 'the answer', isError: false }
const register = (): unknown =>
  registerLanguageModelTools(
    { extension: { packageJSON: readManifest() } } as Parameters<
      typeof registerLanguageModelTools
    >[0],
    {
      sendRequest: (...message: readonly unknown[]) => {
        sent.push(message)
        return Promise.resolve(answer)
      },
    } as Parameters<typeof registerLanguageModelTools>[1],
  )

beforeEach(() => {
  registered.clear()
  contexts.clear()
  sent.length = 0
  editor.lm = { registerTool }
  answer = { text: 'the answer', isError: false }
})

it('every tool of the manifest is registered, and asks the server', async () => {
  const { languageModelTools } = (
    readManifest() as { contributes: { languageModelTools: { name: string }[] } }
  ).contributes
  register()
  expect([...registered.keys()]).toEqual(languageModelTools.map(({ name }) => name))
  expect(contexts).toEqual(new Map([['istioAmbientPolicy.hasTools', true]]))

  const tool = registered.get('ambient_policy_explain')
  expect(tool?.prepareInvocation().invocationMessage).toBe('Istio: Explain an object…')
  const input = { object: 'Service/shop/cart' }
  expect(await tool?.invoke({ input }, 'token')).toEqual({ content: [{ value: 'the answer' }] })
  expect(sent).toEqual([
    [
      CALL_TOOL_REQUEST,
      { name: 'explain', arguments: input, textDocument: { uri: 'file:///shop/a.yaml' } },
      'token',
    ],
  ])
})

it('a tool without an answer says why', async () => {
  register()
  answer = { text: 'wrong arguments', isError: true }
  await expect(registered.get('ambient_policy_check')?.invoke({ input: {} }, '')).rejects.toThrow(
    'wrong arguments',
  )
})

it.each([{ lm: undefined }, { lm: {} }])('an editor with %j has no tools', ({ lm }) => {
  editor.lm = lm
  register()
  expect([registered.size, contexts.size]).toEqual([0, 0])
})
