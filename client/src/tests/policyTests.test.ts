import {
  RUN_TESTS_REQUEST,
  TESTS_REQUEST,
  type RunTestsParams,
  type RunTestsResult,
} from '@istio-ambient-policy/shared'
import { beforeEach, expect, it, vi } from 'vitest'
import type { BaseLanguageClient } from 'vscode-languageclient'

/** A collection of test items, as VS Code has it. */
class Items {
  readonly map = new Map<string, Item>()
  readonly owner: Item | undefined

  constructor(owner?: Item) {
    this.owner = owner
  }

  get size(): number {
    return this.map.size
  }

  get(id: string): Item | undefined {
    return this.map.get(id)
  }

  add(item: Item): void {
    item.parent = this.owner
    this.map.set(item.id, item)
  }

  delete(id: string): void {
    this.map.delete(id)
  }

  replace(items: readonly Item[]): void {
    this.map.clear()
    for (const item of items) this.add(item)
  }

  [Symbol.iterator](): Iterator<[string, Item]> {
    return this.map[Symbol.iterator]()
  }
}

class Item {
  readonly id: string
  readonly label: string
  readonly uri: unknown
  parent: Item | undefined
  readonly children: Items = new Items(this)
  range: unknown
  error: unknown

  constructor(id: string, label: string, uri: unknown) {
    this.id = id
    this.label = label
    this.uri = uri
  }
}

type RunHandler = (request: object, token: object) => Promise<void>
interface Profile {
  readonly run: RunHandler
  loadDetailedCoverage?: (run: unknown, file: unknown) => Promise<unknown>
  loadDetailedCoverageForTest?: (run: unknown, file: unknown, item?: Item) => Promise<unknown>
}

const profiles = new Map<string, Profile>()
const covered: unknown[] = []
const events: string[] = []
const items = new Items()
const controller = {
  items,
  createTestItem: (id: string, label: string, uri: unknown) => new Item(id, label, uri),
  createRunProfile: (label: string, _kind: number, run: RunHandler) => {
    const profile: Profile = { run }
    profiles.set(label, profile)
    return profile
  },
  createTestRun: () => ({
    started: (item: Item) => events.push(`started ${item.id}`),
    passed: (item: Item) => events.push(`passed ${item.id}`),
    skipped: (item: Item) => events.push(`skipped ${item.id}`),
    failed: (item: Item, messages: readonly { text: { value: string } }[]) =>
      events.push(`failed ${item.id}: ${messages.map(({ text }) => text.value).join(' ')}`),
    errored: (item: Item, { text }: { text: string }) => events.push(`errored ${item.id}: ${text}`),
    appendOutput: (text: string) => events.push(text.trim()),
    addCoverage: (file: unknown) => {
      covered.push(file)
    },
    end: () => events.push('end'),
  }),
}
const registered = new Map<string, (argument: unknown) => Promise<void>>()
const nothing = (): object => ({})
interface FakeUri {
  readonly path: string
  toString(): string
  with(change: { readonly fragment: string }): FakeUri
}
const uriOf = (text: string): FakeUri => ({
  path: text,
  toString: () => text,
  with: ({ fragment }: { fragment: string }) => uriOf(`${text}#${fragment}`),
})
vi.mock('vscode', () => ({
  tests: { createTestController: () => controller },
  commands: {
    registerCommand: (name: string, run: (argument: unknown) => Promise<void>) =>
      registered.set(name, run),
  },
  workspace: {
    createFileSystemWatcher: () => ({ onDidCreate: nothing, onDidDelete: nothing }),
    onDidOpenTextDocument: nothing,
    onDidChangeTextDocument: nothing,
    openTextDocument: nothing,
    asRelativePath: (uri: { readonly path: string }) => uri.path,
    findFiles: () => [uriOf('file:///a.access-test.yaml')],
  },
  window: {},
  l10n: {
    t: (text: string, ...values: string[]) =>
      text.replace(/\{(\d)\}/g, (_, at) => values[Number(at)] ?? ''),
  },
  Disposable: { from: nothing },
  Location: Object,
  MarkdownString: class {
    value = ''
    appendText(text: string): this {
      this.value += text
      return this
    }
    appendMarkdown(text: string): this {
      this.value += text
      return this
    }
    appendCodeblock(text: string): this {
      this.value += `\n${text}`
      return this
    }
  },
  TestMessage: class {
    readonly text: unknown
    constructor(text: unknown) {
      this.text = text
    }
  },
  TestRunProfileKind: { Run: 1, Coverage: 3 },
  FileCoverage: Object,
  TestCoverageCount: Object,
  StatementCoverage: class {
    readonly executed: unknown
    constructor(executed: unknown) {
      this.executed = executed
    }
  },
  TestRunRequest: class {
    readonly include: unknown
    constructor(include: unknown) {
      this.include = include
    }
  },
  CancellationTokenSource: class {
    readonly token = { isCancellationRequested: false }
    dispose(): void {
      events.push('disposed')
    }
  },
  Uri: { parse: uriOf },
}))
vi.mock('vscode-languageclient', () => ({ State: { Running: 2 } }))
vi.resetModules()
const { registerPolicyTests } = await import('./policyTests.js')

const FILE = 'file:///a.access-test.yaml'
const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 1 } }
const named = (name: string) => ({ name, kind: 'case', range }) as const

let result: RunTestsResult
const asked: RunTestsParams[] = []
const client = {
  onDidChangeState: nothing,
  protocol2CodeConverter: { asRange: (each: object) => each },
  sendRequest: (method: string, params: RunTestsParams) => {
    if (method === TESTS_REQUEST)
      return Promise.resolve({ tests: ['a', 'b', 'c'].map(named), problems: result.problems })
    expect(method).toBe(RUN_TESTS_REQUEST)
    asked.push(params)
    return Promise.resolve(result)
  },
} as unknown as BaseLanguageClient

const run = async (argument: unknown): Promise<void> => {
  await registered.get('istioAmbientPolicy.runTests')?.(argument)
}

beforeEach(() => {
  items.map.clear()
  events.length = 0
  asked.length = 0
  covered.length = 0
  result = {
    problems: [],
    tests: [
      {
        ...named('a'),
        status: 'passed',
        reason: null,
        notes: ['Not in these files.'],
        failures: [],
      },
      {
        ...named('b'),
        status: 'failed',
        reason: null,
        notes: [],
        failures: [
          {
            lines: ['It is denied.', '1. ztunnel'],
            places: [{ policy: 'shop/p', uri: 'file:///p.yaml', range }],
          },
        ],
      },
      { ...named('c'), status: 'skipped', reason: 'a template', notes: [], failures: [] },
    ],
  }
  registerPolicyTests(client)
})

it('the command runs all tests of the workspace and shows each result', async () => {
  await run(undefined)
  expect(asked).toEqual([{ textDocument: { uri: FILE }, names: ['a', 'b', 'c'] }])
  expect(events).toEqual([
    'started a',
    'started b',
    'started c',
    'a: Not in these files.',
    'passed a',
    'failed b: It is denied.\n1. ztunnel\n\n[shop/p](file:///p.yaml#L3)',
    'skipped c',
    'c is skipped: a template',
    'file:///a.access-test.yaml: 1 passed, 1 failed, 1 skipped',
    'end',
    'disposed',
  ])
})

it('a code lens runs one test', async () => {
  await run({ textDocument: { uri: FILE }, names: ['b'] })
  expect(asked).toEqual([{ textDocument: { uri: FILE }, names: ['b'] }])
  expect(events.filter((event) => event.startsWith('started'))).toEqual(['started b'])
})

it('a test file with a problem has no result, but the problem', async () => {
  result = { tests: [], problems: [{ message: 'Unknown key "x".', range }] }
  await run({ textDocument: { uri: FILE } })
  expect(items.get(FILE)?.error).toBe('Unknown key "x".')
  expect(events).toContain('errored a: Unknown key "x".')
})

it('a run with coverage adds the files with policies', async () => {
  const clause = { uri: 'file:///p.yaml', range, policy: 'shop/p', rule: 0, cases: ['a'] }
  result = { ...result, coverage: [clause] }
  await run(undefined)
  expect(covered).toEqual([])
  const profile = profiles.get('Run with coverage')
  await profile?.run({}, { isCancellationRequested: false })
  expect(asked.at(-1)).toMatchObject({ coverage: true })
  const [file, ...others] = covered
  expect(others).toEqual([])
  expect(await profile?.loadDetailedCoverage?.({}, file)).toEqual([{ executed: 1 }])
  expect(await profile?.loadDetailedCoverageForTest?.({}, file, items.get(FILE))).toEqual([
    { executed: false },
  ])
})
