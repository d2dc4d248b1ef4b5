import {
  ADD_TEST_REQUEST,
  MISSING_TESTS_REQUEST,
  type AddTestParams,
  type MissingTestsResult,
} from '@istio-ambient-policy/shared'
import { beforeEach, expect, it, vi } from 'vitest'
import type { BaseLanguageClient } from 'vscode-languageclient'

const FILE = 'file:///a.access-test.yaml'
const commands = new Map<string, (argument: unknown) => Promise<void>>()
const shown: string[] = []
const added: AddTestParams[] = []
let chosen: number[] | undefined
let isCancelled = false

vi.mock('vscode', () => ({
  commands: {
    registerCommand: (name: string, run: (argument: unknown) => Promise<void>) =>
      commands.set(name, run),
  },
  l10n: {
    t: (text: string, ...values: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, at) => String(values[Number(at)])),
  },
  ProgressLocation: { Notification: 15 },
  Range: Object,
  Uri: { parse: (text: string) => ({ path: text, toString: () => text }) },
  window: {
    withProgress: (_: unknown, run: (progress: unknown, token: unknown) => Promise<unknown>) =>
      run(undefined, { isCancellationRequested: isCancelled }),
    showInformationMessage: (text: string) => shown.push(text),
    showErrorMessage: (text: string) => shown.push(text),
    showQuickPick: (items: readonly { label: string; detail?: string }[]) => {
      shown.push(...items.map(({ label, detail }) => `${label}${detail ? `: ${detail}` : ''}`))
      return Promise.resolve(chosen && items.filter((_, at) => chosen?.includes(at)))
    },
    showTextDocument: ({ path }: { path: string }) => shown.push(`opened ${path}`),
  },
  workspace: {
    openTextDocument: () => Promise.resolve({}),
    applyEdit: () => Promise.resolve(true),
    findFiles: () => Promise.resolve([{ path: FILE, toString: () => FILE }]),
  },
  WorkspaceEdit: class {
    replace(): void {
      shown.push('edited')
    }
  },
}))
vi.resetModules()
const { registerFindMissingTests } = await import('./findMissingTests.js')

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
const missing = (name: string): MissingTestsResult['missing'][number] => ({
  name,
  request: { id: name },
  expect: 'deny',
  parts: ['', ' spec.rules[0]', ' spec.selector'].map((path) => ({
    part: `AuthorizationPolicy shop/${name}${path}`,
    place: null,
  })),
})

let result: MissingTestsResult
const client = {
  sendRequest: (method: string, params: AddTestParams) => {
    if (method === MISSING_TESTS_REQUEST)
      return isCancelled ? Promise.reject(new Error('cancelled')) : Promise.resolve(result)
    expect(method).toBe(ADD_TEST_REQUEST)
    added.push(params)
    return Promise.resolve({ edits: [{ range, newText: '' }] })
  },
} as unknown as BaseLanguageClient

const run = async (argument?: unknown): Promise<void> => {
  await commands.get('istioAmbientPolicy.findMissingTests')?.(argument)
}

beforeEach(() => {
  shown.length = 0
  added.length = 0
  chosen = [0, 1]
  isCancelled = false
  result = {
    missing: [missing('a'), missing('b')],
    noticed: 3,
    withoutEffect: 1,
    notTried: 0,
    problems: [],
  }
  registerFindMissingTests(client)
})

it('the chosen tests are added to the test file', async () => {
  chosen = [1]
  await run({ textDocument: { uri: FILE } })
  expect(shown).toEqual([
    'a: notices shop/a spec.rules[0], spec.selector',
    'b: notices shop/b spec.rules[0], spec.selector',
    'edited',
    `opened ${FILE}`,
  ])
  expect(added).toEqual([{ textDocument: { uri: FILE }, request: { id: 'b' }, expect: 'deny' }])
})

it('without an argument, the only test file of the workspace is searched', async () => {
  await run()
  expect(added.map(({ textDocument }) => textDocument.uri)).toEqual([FILE, FILE])
})

it('nothing is added if the user chooses nothing or cancels the search', async () => {
  chosen = undefined
  await run({ textDocument: { uri: FILE } })
  isCancelled = true
  await run({ textDocument: { uri: FILE } })
  expect(added).toEqual([])
  expect(shown).not.toContain(`opened ${FILE}`)
})

it('a file without missing tests, and one with a problem, have a message', async () => {
  result = { ...result, missing: [] }
  await run({ textDocument: { uri: FILE } })
  result = { ...result, problems: [{ message: 'Unknown key "x".', range }] }
  await run({ textDocument: { uri: FILE } })
  expect(shown).toEqual([
    'No policy test is missing. Parts of the policies: 3 noticed, 1 without effect.',
    'The tests do not run: Unknown key "x".',
  ])
})
