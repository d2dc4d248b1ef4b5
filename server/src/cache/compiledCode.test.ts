import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keepCompiledCode } from './compiledCode.js'

let parent: string
let folder: string
let enabled: string[]
const onPosix = it.skipIf(process.platform === 'win32')
const keep = (): void => {
  keepCompiledCode(folder, (path) => enabled.push(path))
}

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'code-'))
  folder = join(parent, 'ambient-policy')
  enabled = []
})
afterEach(() => {
  rmSync(parent, { recursive: true, force: true })
})

it('keeps the code in a folder of its own', () => {
  keep()
  keep()
  expect(enabled).toEqual([join(folder, 'code'), join(folder, 'code')])
})

onPosix('uses no folder in which other users can write, and no link', () => {
  keep()
  for (const path of [folder, join(folder, 'code')]) {
    chmodSync(path, 0o770)
    keep()
    chmodSync(path, 0o700)
  }
  rmSync(join(folder, 'code'), { recursive: true })
  mkdirSync(join(parent, 'other'))
  symlinkSync(join(parent, 'other'), join(folder, 'code'))
  keep()
  expect(enabled).toHaveLength(1)
})

it('removes the code of a version that was not used for 30 days', () => {
  keep()
  const [old, recent] = ['v22.8.0-x64', 'v24.0.0-x64'].map((name) => join(folder, 'code', name))
  for (const path of [old ?? '', recent ?? '']) mkdirSync(path)
  const before = new Date(Date.now() - 31 * 86_400_000)
  utimesSync(old ?? '', before, before)
  keep()
  expect([old, recent].map((path) => existsSync(path ?? ''))).toEqual([false, true])
})

it('a folder that cannot be created, and a Node.js that keeps nothing, change nothing', () => {
  folder = join(parent, 'file', '\0')
  keep()
  keepCompiledCode(parent, undefined)
  expect(enabled).toEqual([])
})
