import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { HostError, type Host } from '../host.js'
import { nodeHost, toSlashes } from '../nodeHost.js'
import { compileExclude } from './exclude.js'
import { scan, type ScanOptions } from './scan.js'
import { problemInWords } from './scanStep.js'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Creates a folder with some files. A name with `/` at the end is a folder. */
function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = nodeHost.realPath(toSlashes(mkdtempSync(join(tmpdir(), 'scan-'))))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true })
    if (!name.endsWith('/')) writeFileSync(path, content)
  }
  return folder
}

interface Scanned {
  readonly files: string[]
  readonly texts: Map<string, string>
  readonly problems: string[]
}

function scanAll(
  folder: string,
  given: Partial<ScanOptions> & { readonly host?: Host; readonly paths?: readonly string[] } = {},
): Scanned {
  const options = { maxFiles: 1000, maxBytes: 1_000_000, isExcluded: () => false, ...given }
  const shorten = (text: string): string =>
    text.replaceAll(`${folder}/`, '').replaceAll(folder, '.')
  const result: Scanned = { files: [], texts: new Map(), problems: [] }
  for (const step of scan(given.host ?? nodeHost, given.paths ?? [folder], options)) {
    if (step.type === 'file') {
      result.files.push(shorten(step.file))
      result.texts.set(shorten(step.file), step.text)
    } else if (step.type === 'problem') {
      result.problems.push(`${step.problem.severity}: ${problemInWords(step.problem, shorten)}`)
    }
  }
  return result
}

/** A host with an error at one path. */
function failingAt(name: string, error: HostError, what: 'readFile' | 'readDirectory'): Host {
  const failing = <R>(path: string, work: () => R): R => {
    if (path.endsWith(`/${name}`)) throw error
    return work()
  }
  return {
    ...nodeHost,
    readFile: (path, maxBytes) =>
      what === 'readFile'
        ? failing(path, () => nodeHost.readFile(path, maxBytes))
        : nodeHost.readFile(path, maxBytes),
    readDirectory: (path) =>
      what === 'readDirectory'
        ? failing(path, () => nodeHost.readDirectory(path))
        : nodeHost.readDirectory(path),
  }
}

describe('scan', () => {
  it('a scan reads YAML and JSON files in their order, and kustomizations first', () => {
    const folder = folderWith({
      'b.yml': 'b',
      'a.yaml': 'a',
      'c.JSON': '{}',
      'd.txt': 'd',
      'sub/e.yaml': 'e',
      'sub/kustomization.yaml': 'k',
      'sub.yaml/f.yaml': 'f',
    })
    expect(scanAll(folder)).toMatchObject({
      files: [
        'sub/kustomization.yaml',
        'a.yaml',
        'b.yml',
        'c.JSON',
        'sub/e.yaml',
        'sub.yaml/f.yaml',
      ],
      problems: [],
    })
  })

  it('a scan skips node_modules, hidden folders and excluded files, except paths of the user', () => {
    const folder = folderWith({
      'node_modules/a.yaml': '',
      '.git/b.yaml': '',
      '.github/c.yaml': '',
      'test/d.yaml': '',
      'x/test/e.yaml': '',
      'x/f.gen.yaml': '',
      'g.yaml': '',
    })
    const isExcluded = compileExclude(['**/test', './x/*.gen.yaml'], folder)
    expect(scanAll(folder, { isExcluded }).files).toEqual(['g.yaml'])
    expect(
      scanAll(folder, { paths: [`${folder}/node_modules`, `${folder}/.github`] }).files,
    ).toEqual(['node_modules/a.yaml', '.github/c.yaml'])
  })

  it('a scan reads a path of the user with any extension', () => {
    const folder = folderWith({ 'rendered.out': 'kind: Pod' })
    expect(scanAll(folder, { paths: [`${folder}/rendered.out`] }).files).toEqual(['rendered.out'])
  })

  it('a scan reads each file once, although several symbolic links lead to it', () => {
    const folder = folderWith({
      'mesh/a.yaml': 'a',
      'mesh/sub/b.yaml': 'b',
      'outside/c.yaml': 'c',
      'outside/d.txt': 'd',
      'mesh/..data/e.yaml': 'e',
    })
    const link = (target: string, name: string): void => {
      symlinkSync(target, join(folder, 'mesh', name))
    }
    link('.', 'aa-loop')
    link('..', 'aa-up')
    link('sub', 'aa-sub')
    link('sub/b.yaml', 'aa-b.yaml')
    link('../outside', 'there')
    link('../outside/d.txt', 'd.txt')
    link('..data/e.yaml', 'e.yaml')
    link('../outside/d.txt', 'no-manifest.txt')
    link('nowhere', 'dangling.yaml')
    link('self.yaml', 'self.yaml')
    const { files, problems } = scanAll(folder, { paths: [`${folder}/mesh`] })
    expect(files).toEqual(['mesh/a.yaml', 'mesh/sub/b.yaml', 'mesh/e.yaml'])
    expect(problems).toEqual([
      'notice: mesh/aa-up is a symbolic link out of the folder and was not read; the same applies to mesh/there',
    ])
  })

  it('a file that is deleted during the scan is a notice', () => {
    const folder = folderWith({ 'a.yaml': 'a', 'b.yaml': 'b' })
    const host = failingAt('a.yaml', new HostError('does not exist', true), 'readFile')
    expect(scanAll(folder, { host })).toMatchObject({
      files: ['b.yaml'],
      problems: ['notice: a.yaml was deleted before it could be read'],
    })
  })

  it('files and folders that cannot be read are failures, and the scan continues', () => {
    const folder = folderWith({ 'a.yaml': 'a', 'sub/b.yaml': 'b', 'z.yaml': 'z' })
    const denied = new HostError('cannot be read: permission denied', false)
    expect(scanAll(folder, { host: failingAt('a.yaml', denied, 'readFile') })).toMatchObject({
      files: ['z.yaml', 'sub/b.yaml'],
      problems: ['failure: a.yaml cannot be read: permission denied'],
    })
    expect(scanAll(folder, { host: failingAt('sub', denied, 'readDirectory') })).toMatchObject({
      files: ['a.yaml', 'z.yaml'],
      problems: ['failure: sub cannot be read: permission denied'],
    })
  })

  it('a scan throws errors that are not from the file system', () => {
    const folder = folderWith({ 'a.yaml': 'a' })
    const host: Host = {
      ...nodeHost,
      readFile: () => {
        throw new RangeError('a bug')
      },
    }
    expect(() => scanAll(folder, { host })).toThrow('a bug')
  })

  it('each limit is one notice', () => {
    const folder = folderWith({
      'a.yaml': '1',
      'b.yaml': '12345',
      'c.yaml': '12345',
      'd.yaml': '12345',
      'e.yaml': '12345',
      'f.yaml': '1234',
    })
    expect(scanAll(folder, { maxBytes: 4 })).toMatchObject({
      files: ['a.yaml', 'f.yaml'],
      problems: [
        'notice: b.yaml is larger than 0.000004 MB and was not read (setting maxFileSize); the same applies to c.yaml, d.yaml and 1 more',
      ],
    })
    expect(scanAll(folder, { maxFiles: 2 })).toMatchObject({
      files: ['a.yaml', 'b.yaml'],
      problems: ['notice: . has more than 2 files: the others were not read (setting maxFiles)'],
    })
    expect(scanAll(folder, { maxFiles: 6 }).problems).toEqual([])
  })

  it.each([
    [
      'UTF-16 text',
      Buffer.from('\ufeffkind: Pod\n', 'utf16le'),
      undefined,
      'notice: a.yaml is UTF-16 and was not read: save it as UTF-8',
    ],
    [
      'binary content',
      Buffer.from([0x89, 0x50, 0, 0xff, 0xfe]),
      undefined,
      'notice: a.yaml is binary and was not read',
    ],
    [
      'invalid UTF-8',
      Buffer.from([0x61, 0xff, 0x62]),
      'a\ufffdb',
      'notice: a.yaml is not valid UTF-8: invalid characters were replaced',
    ],
    [
      'NUL characters',
      Buffer.from('a\0b'),
      'a\0b',
      'notice: a.yaml contains NUL characters: it is not plain UTF-8 text',
    ],
    ['a byte order mark', Buffer.from('\ufeffa'), '\ufeffa', undefined],
    ['no content', Buffer.from(''), '', undefined],
  ])('a scan recognises a file with %s', (_, bytes, text, problem) => {
    const scanned = scanAll(folderWith({ 'a.yaml': bytes }))
    expect(scanned.texts.get('a.yaml')).toBe(text)
    expect(scanned.problems).toEqual(problem === undefined ? [] : [problem])
  })

  it('each step of a scan reads at most one directory or file', () => {
    const folder = folderWith({ 'a/1.yaml': '', 'b/2.yaml': '', '3.yaml': '' })
    let operations = 0
    const counting =
      <A extends unknown[], R>(work: (...args: A) => R) =>
      (...args: A): R => {
        operations++
        return work(...args)
      }
    const host: Host = {
      ...nodeHost,
      readDirectory: counting(nodeHost.readDirectory.bind(nodeHost)),
      readFile: counting(nodeHost.readFile.bind(nodeHost)),
    }
    const steps = scan(host, [folder], { maxFiles: 10, maxBytes: 10, isExcluded: () => false })
    for (let before = operations; !steps.next().done; before = operations)
      expect(operations - before).toBeLessThanOrEqual(1)
    expect(operations).toBe(6)
  })
})
