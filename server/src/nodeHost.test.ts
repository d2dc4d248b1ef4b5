import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { HostError } from './host.js'
import { nodeHost } from './nodeHost.js'

const folder = mkdtempSync(join(tmpdir(), 'host-'))
writeFileSync(join(folder, 'file'), 'text')
symlinkSync('self', join(folder, 'self'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function failure(work: () => unknown): { message: string; missing: boolean } {
  try {
    work()
  } catch (error) {
    if (error instanceof HostError) return { message: error.message, missing: error.missing }
    throw error
  }
  throw new Error('There was no error.')
}

describe('nodeHost', () => {
  it('the host reads a file up to a size', () => {
    expect(Buffer.from(nodeHost.readFile(join(folder, 'file'), 4)).toString()).toBe('text')
    expect(nodeHost.readFile(join(folder, 'file'), 3)).toBe('too-large')
  })

  it('the host reads a device, which has no size', () => {
    expect(nodeHost.readStream('/dev/null', 10)).toHaveLength(0)
    expect(nodeHost.readStream('/dev/zero', 100_000)).toBe('too-large')
    expect(nodeHost.kindOf('/dev/null')).toBe('other')
  })

  it('the host reads a stream of several pieces', () => {
    writeFileSync(join(folder, 'long'), 'x'.repeat(200_000))
    expect(nodeHost.readStream(join(folder, 'long'), 200_000)).toHaveLength(200_000)
    expect(nodeHost.readStream(join(folder, 'long'), 199_999)).toBe('too-large')
  })

  it('the host reads only regular files as files', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    symlinkSync('file', join(folder, 'link'))
    const message = 'is not a regular file and was not read'
    for (const path of ['/dev/null', '/dev/zero', join(folder, 'pipe')])
      expect(failure(() => nodeHost.readFile(path, 10))).toEqual({ message, missing: false })
    expect(() => nodeHost.readFile(join(folder, 'link'), 10)).toThrow(HostError)
  })

  it('the kinds of directory entries do not follow symbolic links', () => {
    expect(nodeHost.readDirectory(folder)).toEqual(
      expect.arrayContaining([
        { name: 'file', kind: 'file' },
        { name: 'self', kind: 'link' },
      ]),
    )
    expect(nodeHost.kindOf(folder)).toBe('directory')
  })

  it('the host replaces the content of a file only if it has the expected content', () => {
    const file = join(folder, 'replaced')
    const replace = (before: string, after: string): boolean =>
      nodeHost.replaceFile(file, Buffer.from(before), Buffer.from(after))
    writeFileSync(file, 'a longer text')
    expect(replace('a longer text', 'short')).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe('short')
    expect(replace('a longer text', 'other')).toBe(false)
    expect(readFileSync(file, 'utf8')).toBe('short')
    expect(replace('short', 'a longer text again')).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe('a longer text again')
  })

  it('errors of the host have readable messages', () => {
    expect(
      failure(() => {
        nodeHost.writeFile(folder, Buffer.from(''))
      }),
    ).toEqual({ message: 'is a directory', missing: false })
    expect(
      failure(() => nodeHost.replaceFile(join(folder, 'none'), Buffer.from(''), Buffer.from(''))),
    ).toEqual({ message: 'does not exist', missing: true })
    expect(failure(() => nodeHost.readFile(join(folder, 'none'), 10))).toEqual({
      message: 'does not exist',
      missing: true,
    })
    expect(failure(() => nodeHost.readDirectory(join(folder, 'file')))).toEqual({
      message: 'does not exist',
      missing: true,
    })
    expect(failure(() => nodeHost.readFile(folder, 10))).toEqual({
      message: 'is a directory',
      missing: false,
    })
    expect(failure(() => nodeHost.kindOf(join(folder, 'self')))).toEqual({
      message: 'is a symbolic link to itself',
      missing: true,
    })
    expect(failure(() => nodeHost.kindOf(`/${'x'.repeat(300)}`))).toEqual({
      message: 'has a name that is too long',
      missing: false,
    })
  })
})
