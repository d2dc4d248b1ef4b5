import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nodeHost } from './nodeHost.js'
import { NodeWatcher } from './nodeWatcher.js'

let folder: string
let watcher: NodeWatcher
beforeEach(() => {
  folder = nodeHost.realPath(mkdtempSync(join(tmpdir(), 'watch-')))
  mkdirSync(join(folder, 'deploy/inner'), { recursive: true })
  mkdirSync(join(folder, 'deploy/node_modules'))
  mkdirSync(join(folder, 'other'))
  watcher = new NodeWatcher()
})
afterEach(() => {
  watcher.close()
  rmSync(folder, { recursive: true })
})

const write = (name: string): void => {
  writeFileSync(join(folder, name), `a: ${Math.random()}\n`)
}
/** The names of the changed files. */
const changed = async (): Promise<string[]> =>
  (await watcher.next()).map((path) => path.slice(folder.length + 1))

it('changes of manifests and test files below a folder are seen, and of no other files', async () => {
  watcher.watch([join(folder, 'deploy')])
  write('deploy/node_modules/a.yaml')
  write('deploy/report.txt')
  write('other/a.yaml')
  write('deploy/inner/a.yaml')
  write('deploy/a.access-test.yaml')
  expect(await changed()).toEqual(['deploy/a.access-test.yaml', 'deploy/inner/a.yaml'])
})

it('a file is seen after an editor has replaced it, and its neighbours are not', async () => {
  write('other/a.yaml')
  watcher.watch([join(folder, 'other/a.yaml')])
  write('other/new.yaml')
  renameSync(join(folder, 'other/new.yaml'), join(folder, 'other/a.yaml'))
  expect(await changed()).toEqual(['other/a.yaml'])
  write('other/b.yaml')
  write('other/a.yaml')
  expect(await changed()).toEqual(['other/a.yaml'])
})

it('a new folder is watched, and a deleted one is a change', async () => {
  watcher.watch([join(folder, 'deploy')])
  mkdirSync(join(folder, 'deploy/later'))
  expect(await changed()).toEqual(['deploy/later'])
  write('deploy/later/a.yaml')
  expect(await changed()).toEqual(['deploy/later/a.yaml'])
  rmSync(join(folder, 'deploy/later'), { recursive: true })
  expect(await changed()).toContain('deploy/later')
})

it('a change before the question is not lost', async () => {
  watcher.watch([join(folder, 'deploy')])
  write('deploy/a.yaml')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await changed()).toEqual(['deploy/a.yaml'])
})
