import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DiskCache } from './diskCache.js'

let parent: string
let folder: string
const onPosix = it.skipIf(process.platform === 'win32')
const entries = (): string[] => readdirSync(folder).map((name) => join(folder, name))
const onlyEntry = (): string => {
  const [entry] = entries()
  if (entry === undefined) throw new Error('There is no entry.')
  return entry
}

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'cache-'))
  folder = join(parent, 'ambient-policy')
})
afterEach(() => {
  rmSync(parent, { recursive: true, force: true })
})

describe('DiskCache', () => {
  it('keeps a text, and replaces it', () => {
    const cache = new DiskCache(folder, '1')
    expect(cache.get('a')).toBeUndefined()
    cache.put('a', 'first ü')
    cache.put('b', '')
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['first ü', '', undefined])
    cache.put('a', 'second')
    expect(new DiskCache(folder, '1').get('a')).toBe('second')
    expect(entries()).toHaveLength(2)
  })

  it('has other texts in another version of the program', () => {
    new DiskCache(folder, '1').put('a', 'old')
    expect(new DiskCache(folder, '2').get('a')).toBeUndefined()
  })

  it.each<[string, (entry: string) => void]>([
    [
      'shortened',
      (entry) => {
        truncateSync(entry, 70)
      },
    ],
    [
      'empty',
      (entry) => {
        truncateSync(entry, 0)
      },
    ],
    [
      'changed',
      (entry) => {
        writeFileSync(entry, readFileSync(entry, 'utf8').replace('text', 'test'))
      },
    ],
    [
      'longer',
      (entry) => {
        writeFileSync(entry, `${readFileSync(entry, 'utf8')}!`)
      },
    ],
    [
      'of another program',
      (entry) => {
        writeFileSync(entry, '{"findings": []}')
      },
    ],
  ])('ignores an entry that is %s, and writes it again', (_, damage) => {
    const cache = new DiskCache(folder, '1')
    cache.put('a', 'the text')
    damage(onlyEntry())
    expect(cache.get('a')).toBeUndefined()
    cache.put('a', 'the text')
    expect(cache.get('a')).toBe('the text')
  })

  onPosix('no other user can read the files', () => {
    new DiskCache(folder, '1').put('a', 'the text')
    expect([folder, onlyEntry()].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600])
  })

  onPosix('does not use a folder in which other users can write', () => {
    const cache = new DiskCache(folder, '1')
    cache.put('a', 'the text')
    chmodSync(folder, 0o777)
    expect(cache.get('a')).toBeUndefined()
    cache.put('b', 'the text')
    expect(entries()).toHaveLength(1)
  })

  onPosix('follows no symbolic link', () => {
    const cache = new DiskCache(folder, '1')
    cache.put('a', 'the text')
    const other = join(parent, 'other')
    renameSync(onlyEntry(), other)
    cache.put('a', 'the text')
    const entry = onlyEntry()
    rmSync(entry)
    symlinkSync(other, entry)
    expect(cache.get('a')).toBeUndefined()
    cache.put('a', 'new')
    expect(cache.get('a')).toBe('new')
    expect(readFileSync(other, 'utf8')).toContain('the text')
  })

  it('two processes read whole texts only', () => {
    const [first, second] = [new DiskCache(folder, '1'), new DiskCache(folder, '1')]
    const texts = ['x'.repeat(100_000), 'y'.repeat(50_000)]
    for (let round = 0; round < 20; round++) {
      first.put('a', texts[0] ?? '')
      expect(texts).toContain(second.get('a'))
      second.put('a', texts[1] ?? '')
      expect(texts).toContain(first.get('a'))
    }
    expect(entries()).toHaveLength(1)
  })

  it('a folder that cannot be created, or is a file, keeps nothing', () => {
    writeFileSync(join(parent, 'file'), '')
    for (const path of [join(parent, 'file'), join(parent, 'file', 'below')]) {
      const cache = new DiskCache(path, '1')
      cache.put('a', 'the text')
      cache.prune()
      expect(cache.get('a')).toBeUndefined()
    }
  })

  it('prune deletes old entries and the oldest ones above the limit, and no other files', () => {
    const cache = new DiskCache(folder, '1', { bytes: 2_500, days: 10 })
    const days = { a: 1, b: 2, c: 3, d: 11 }
    for (const [key, age] of Object.entries(days)) {
      const before = new Set(existsSync(folder) ? entries() : [])
      cache.put(key, key.repeat(key === 'd' ? 1 : 1_000))
      const added = entries().find((entry) => !before.has(entry))
      const time = new Date(Date.now() - age * 86_400_000)
      if (added !== undefined) utimesSync(added, time, time)
    }
    writeFileSync(join(folder, 'notes.txt'), 'x'.repeat(5_000))
    writeFileSync(join(folder, 'left.tmp'), 'x')
    utimesSync(join(folder, 'left.tmp'), 0, 0)
    cache.prune()
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined)).toEqual(['a', 'b'])
    expect(readdirSync(folder)).toContain('notes.txt')
    expect(readdirSync(folder)).not.toContain('left.tmp')
  })
})
