import { describe, expect, it } from 'vitest'
import { HostError, type Host } from '../host.js'
import { findSettingsFile, loadSettingsFile } from './settingsFile.js'

/** A file system of some files in memory. */
function hostWith(files: Readonly<Record<string, string>>): Host {
  const missing = (): never => {
    throw new HostError('does not exist', true)
  }
  return {
    readDirectory: missing,
    realPath: (path) => path,
    kindOf: (path) => (path in files ? 'file' : missing()),
    readFile: (path) => Buffer.from(files[path] ?? missing()),
  }
}

describe('findSettingsFile', () => {
  it('takes the nearest up to the top of the repository', () => {
    const files = {
      '/r/.git': '',
      '/r/.ambient-policy.yaml': '',
      '/r/a/.ambient-policy.yaml': '',
      '/.ambient-policy.yaml': '',
    }
    expect(findSettingsFile(hostWith(files), '/r/a/b', '/elsewhere')).toBe(
      '/r/a/.ambient-policy.yaml',
    )
    expect(findSettingsFile(hostWith(files), '/r/c/d', '/elsewhere')).toBe(
      '/r/.ambient-policy.yaml',
    )
    expect(
      findSettingsFile(hostWith({ '/r/.git': '', '/.ambient-policy.yaml': '' }), '/r/c', '/'),
    ).toBeUndefined()
  })

  it('outside a repository goes up to the working directory, and no further', () => {
    const files = { '/w/.ambient-policy.yaml': '' }
    expect(findSettingsFile(hostWith(files), '/w/a/b', '/w')).toBe('/w/.ambient-policy.yaml')
    expect(findSettingsFile(hostWith(files), '/w/a/b', '/w/a')).toBeUndefined()
    expect(findSettingsFile(hostWith(files), '/w/a/b', '/x')).toBeUndefined()
    expect(findSettingsFile(hostWith({ '/w/a/b/.ambient-policy.yaml': '' }), '/w/a/b', '/x')).toBe(
      '/w/a/b/.ambient-policy.yaml',
    )
  })
})

describe('loadSettingsFile', () => {
  const load = (text: string) => loadSettingsFile(hostWith({ '/s': text }), '/s')

  it('reads settings', () => {
    expect(load('rootNamespace: mesh\n')).toEqual({
      settings: { rootNamespace: 'mesh' },
      problem: undefined,
    })
    expect(loadSettingsFile(hostWith({}), '/s')).toBeUndefined()
  })

  it('names the first problem, its line, and how many more there are', () => {
    expect(load('\nrootNamspace: mesh\nmaxFiles: -1\n')?.problem).toEqual({
      line: 2,
      message: 'Unknown setting "rootNamspace". Did you mean "rootNamespace"? (and 1 more)',
    })
    expect(load('a: [\n')?.problem?.line).toBeGreaterThan(0)
  })

  it('tells why a file cannot be used', () => {
    expect(load('maxFiles: 1 # \0\n')?.problem).toEqual({
      line: undefined,
      message: 'contains NUL characters: it is not plain UTF-8 text',
    })
    const host: Host = {
      ...hostWith({}),
      readFile: () => {
        throw new HostError('cannot be read: permission denied', false)
      },
    }
    expect(loadSettingsFile(host, '/s')?.problem?.message).toBe('cannot be read: permission denied')
  })
})
