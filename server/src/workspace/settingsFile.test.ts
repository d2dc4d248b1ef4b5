import { describe, expect, it } from 'vitest'
import { HostError, type Host } from '../host.js'
import { findSettingsFile, loadSettingsFile } from './settingsFile.js'

/** A file system with some files in memory. */
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
  it('the settings file is the nearest one up to the root of the repository', () => {
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

  it('outside a repository, the settings file is below the working directory', () => {
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

  it('a settings file has settings, and a missing file is undefined', () => {
    expect(load('rootNamespace: mesh\n')).toEqual({
      settings: { rootNamespace: 'mesh' },
      problem: undefined,
    })
    expect(loadSettingsFile(hostWith({}), '/s')).toBeUndefined()
  })

  it('a settings file has its first problem with its line, and the number of the others', () => {
    expect(load('\nrootNamspace: mesh\nmaxFiles: -1\n')?.problem).toEqual({
      line: 2,
      message: 'Unknown setting "rootNamspace". Did you mean "rootNamespace"? (and 1 more)',
    })
    expect(load('a: [\n')?.problem?.line).toBeGreaterThan(0)
  })

  it('a settings file that cannot be read has the reason as its problem', () => {
    expect(load('maxFiles: 1 # \0\n')?.problem).toEqual({
      line: undefined,
      message: 'contains NUL characters: it is not plain UTF-8 text',
    })
    const host: Host = {
      ...hostWith({}),
      kindOf: () => 'file',
      realPath: (path) => path,
      readFile: () => {
        throw new HostError('cannot be read: permission denied', false)
      },
    }
    expect(loadSettingsFile(host, '/s')?.problem?.message).toBe('cannot be read: permission denied')
  })
})
