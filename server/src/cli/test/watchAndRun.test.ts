import { afterEach, expect, it } from 'vitest'
import type { FileWatcher } from '../io.js'
import { createCliFolder } from '../testing/cliFolder.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const TESTS = `mesh: [../deploy, ../more.yaml]
cases:
  - name: open
    request: {from: shop/web, to: "host example.com:443"}
    expect: allow
`
const folders: { remove: () => void }[] = []
afterEach(() => {
  for (const { remove } of folders.splice(0)) remove()
})

function createFolder() {
  const cli = createCliFolder({
    'deploy/mesh.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
    'more.yaml': '',
    'tests/a.access-test.yaml': TESTS,
    'empty/readme.md': '',
  })
  folders.push(cli)
  return cli
}

/** A watcher whose changes are made by the test, one step after the other. */
class Steps implements FileWatcher {
  readonly watched: string[] = []
  isClosed = false
  readonly #steps: (() => readonly string[])[]

  constructor(...steps: (() => readonly string[])[]) {
    this.#steps = steps
  }

  watch(paths: readonly string[]): void {
    this.watched.push(...paths)
  }

  next(): Promise<readonly string[]> {
    return Promise.resolve(this.#steps.shift()?.() ?? [])
  }

  close(): void {
    this.isClosed = true
  }
}

it('the tests run again after each change, with the changed files', async () => {
  const { folder, run, write } = createFolder()
  const file = 'tests/a.access-test.yaml'
  const watcher = new Steps(
    () => {
      write(file, replaceIn(TESTS, ['allow', 'deny']))
      return [`${folder}/${file}`]
    },
    () => {
      write(file, TESTS)
      return ['a', 'b', 'c', 'd'].map((name) => `${folder}/deploy/${name}.yaml`)
    },
  )
  const { out, status } = await run(['test', '--watch', 'tests'], { watcher })
  expect(status).toBe(0)
  expect(out.match(/^(?:\d+ tests?: .*|changed: .*|Waiting.*)$/gm)).toEqual([
    '1 test: 1 passed',
    'Waiting for changes. Ctrl+C ends.',
    'changed: tests/a.access-test.yaml',
    '1 test: 0 passed, 1 failed',
    'Waiting for changes. Ctrl+C ends.',
    'changed: deploy/a.yaml, deploy/b.yaml, deploy/c.yaml and 1 more',
    '1 test: 1 passed',
    'Waiting for changes. Ctrl+C ends.',
  ])
  expect(new Set(watcher.watched)).toEqual(
    new Set([`${folder}/tests`, `${folder}/deploy`, `${folder}/more.yaml`]),
  )
  expect(watcher.isClosed).toBe(true)
})

it('a test file that is missing for a moment does not end the command', async () => {
  const { folder, run, write, remove } = createFolder()
  const watcher = new Steps(
    () => {
      remove()
      write('tests/readme.md', '')
      return [`${folder}/tests/a.access-test.yaml`]
    },
    () => {
      write('deploy/mesh.yaml', '')
      write('more.yaml', '')
      write('tests/a.access-test.yaml', TESTS)
      return [`${folder}/tests/a.access-test.yaml`]
    },
  )
  const { out, errors } = await run(['test', '--watch', 'tests'], { watcher })
  expect(errors).toContain('tests has no test files (*.access-test.yaml)')
  expect(out.match(/^\d+ tests?: .*$/gm)).toEqual(['1 test: 1 passed', '1 test: 1 passed'])
})

it.each([
  [['test', '--watch', 'empty'], 'empty has no test files (*.access-test.yaml)'],
  [['test', '--watch', '--record', 'deploy'], '--watch cannot be used with --record'],
  [['test', '--watch', '--format', 'json', 'tests'], '--watch needs the format text, not json'],
])('%j is an error', async (args, error) => {
  const { status, errors } = await createFolder().run(args, { watcher: new Steps() })
  expect([status, errors]).toEqual([2, [error]])
})

it('a process that ends after one run cannot watch', async () => {
  const { status, errors } = await createFolder().run(['test', '--watch', 'tests'])
  expect([status, errors]).toEqual([2, ['this process cannot watch files']])
})
