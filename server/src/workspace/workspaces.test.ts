import {
  mergeSettings,
  SplitText,
  type Analysis,
  type Settings,
} from '@istio-ambient-policy/shared'
import { describe, expect, it } from 'vitest'
import { Files } from '../files.js'
import { HostError, type Host } from '../host.js'
import { editorFixture } from '../testing/editorFixture.js'
import { Sources } from './sources.js'
import { Workspaces } from './workspaces.js'

/** Workspaces over files in memory. What is published is written down by file name. */
function workspacesOf(
  files: Record<string, string>,
  settings: Partial<Settings> = {},
  pointingInto: (file: string) => string[] = () => [],
) {
  const published: string[] = []
  const unread: string[] = []
  const log: string[] = []
  const note = (message: string): void => void log.push(message)
  const sources = new Sources((file) => files[file])
  const workspaces = new Workspaces({
    files: new Files({ local: hostOf(files), client: undefined }),
    log: { info: note, warn: note, error: note },
    sources,
    loadSettings: () => Promise.resolve(mergeSettings(settings)),
    beginReading: () => ({ report: () => undefined, end: () => undefined }),
    publish: (file: string, analyses: readonly Analysis[], why?: string) => {
      if (why !== undefined) unread.push(`${file}: ${why}`)
      for (const analysis of analyses) analysis.findingsOf(file)
      published.push(file)
    },
    published: () => [],
    pointingInto,
    loaded: () => undefined,
    changed: () => undefined,
  })
  const open = (
    file: string,
  ): { version: number; text: string; uri: string; readonly split: SplitText } => {
    const document = {
      uri: file,
      version: 1,
      text: files[file] ?? '',
      get split() {
        return SplitText.of(document.text)
      },
    }
    sources.open(file, document)
    workspaces.edit(file)
    return document
  }
  return { workspaces, sources, published, unread, log, open }
}

function hostOf(files: Readonly<Record<string, string>>): Host {
  const names = Object.keys(files)
  return {
    kindOf: (path) => (path in files ? 'file' : 'directory'),
    realPath: (path) => path,
    readDirectory: (path) => {
      const below = names
        .filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1).split('/'))
      return [
        ...new Map(
          below.map(([name = '', ...rest]) => [
            name,
            { name, kind: rest.length > 0 ? ('directory' as const) : ('file' as const) },
          ]),
        ).values(),
      ]
    },
    readFile: (path) => {
      const text = files[path]
      if (text === undefined) throw new HostError('does not exist', true)
      return new TextEncoder().encode(text)
    },
  }
}

const POLICY = (index: number): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: policy-${index}
  namespace: bookinfo
spec:
  selector:
    matchLabels:
      app: app-${index}
  action: ALLOW
  rules:
    - to:
        - operation:
            methods: ["GET"]
`

function manyPolicies(): Record<string, string> {
  const files = Object.fromEntries(
    Object.entries(editorFixture()).map(([name, text]) => [`/mesh/${name}`, text]),
  )
  for (let file = 0; file < 20; file++)
    files[`/mesh/many/${file}.yaml`] = Array.from({ length: 10 }, (_, index) =>
      POLICY(file * 10 + index),
    ).join('---\n')
  return files
}

describe('an edit', () => {
  it('re-reads one document, judges what depends on it, and publishes what that concerns', async () => {
    const { workspaces, published, open } = workspacesOf(manyPolicies())
    await workspaces.add('/mesh')
    const document = open('/mesh/many/3.yaml')
    await workspaces.settled()
    const mesh = workspaces.analysesOf('/mesh/many/3.yaml')[0]?.mesh
    const before = mesh?.runs ?? 0
    published.length = 0

    document.text = document.text.replace('policy-35\n', 'policy-35\n  labels:\n    team: a\n')
    const result = workspaces.edit('/mesh/many/3.yaml')
    expect(result.parsed).toBe(1)
    expect(published).toEqual(['/mesh/many/3.yaml'])
    await workspaces.settled()
    expect(published).toEqual([
      '/mesh/many/3.yaml',
      ...[...result.files].filter((file) => file !== '/mesh/many/3.yaml'),
    ])
    // 200 policies and a dozen other objects make some thousand facts.
    expect(before).toBeGreaterThan(1000)
    expect((mesh?.runs ?? 0) - before).toBeLessThan(before / 50)
  })

  it.each([
    ['is edited', 'edit'],
    ['changes on disk', 'disk'],
    ['is closed', 'close'],
  ] as const)('tells again what points into a file that %s', async (_, how) => {
    const files = { '/mesh/a.yaml': POLICY(1), '/mesh/b.yaml': POLICY(2) }
    const { workspaces, sources, published, open } = workspacesOf(files, {}, (file) =>
      file === '/mesh/a.yaml' ? ['/mesh/b.yaml'] : [],
    )
    await workspaces.add('/mesh')
    const document = how === 'disk' ? undefined : open('/mesh/a.yaml')
    await workspaces.settled()
    published.length = 0
    const moved = `# one line more\n${POLICY(1)}`
    if (document) document.text = moved
    if (how !== 'edit') files['/mesh/a.yaml'] = moved
    if (how === 'edit') workspaces.edit('/mesh/a.yaml')
    else if (how === 'disk') workspaces.diskChanged(['/mesh/a.yaml'])
    else {
      sources.close('/mesh/a.yaml')
      workspaces.close('/mesh/a.yaml')
    }
    await workspaces.settled()
    expect(published.sort()).toEqual(['/mesh/a.yaml', '/mesh/b.yaml'])
  })

  it('of a comment judges nothing', async () => {
    const { workspaces, open } = workspacesOf(manyPolicies())
    await workspaces.add('/mesh')
    const document = open('/mesh/many/3.yaml')
    await workspaces.settled()
    const mesh = workspaces.analysesOf('/mesh/many/3.yaml')[0]?.mesh
    const before = mesh?.runs
    document.text = document.text.replace('spec:', 'spec: # a comment')
    const result = workspaces.edit('/mesh/many/3.yaml')
    await workspaces.settled()
    expect([result.parsed, [...result.files], mesh?.runs]).toEqual([
      1,
      ['/mesh/many/3.yaml'],
      before,
    ])
  })

  it('that makes an open file too large is told, and so is one that makes it smaller', async () => {
    const settings = { maxFileSize: 0.001 }
    const { workspaces, open, unread } = workspacesOf({ '/mesh/a.yaml': POLICY(1) }, settings)
    await workspaces.add('/mesh')
    const document = open('/mesh/a.yaml')
    await workspaces.settled()
    expect([workspaces.folders[0]?.files(), unread]).toEqual([['/mesh/a.yaml'], []])
    document.text += `# ${'x'.repeat(1_000)}\n`
    workspaces.edit('/mesh/a.yaml')
    expect([workspaces.folders[0]?.files(), unread]).toEqual([
      [],
      ['/mesh/a.yaml: This file is not read: it is larger than 0.001 MB (setting maxFileSize).'],
    ])
    document.text = POLICY(1)
    workspaces.edit('/mesh/a.yaml')
    await workspaces.settled()
    expect([workspaces.folders[0]?.files(), unread.length]).toEqual([['/mesh/a.yaml'], 1])
  })

  it('of a namespace reaches the policies in it, after the namespace itself', async () => {
    const { workspaces, published, open } = workspacesOf(manyPolicies())
    await workspaces.add('/mesh')
    const document = open('/mesh/namespace.yaml')
    await workspaces.settled()
    published.length = 0
    document.text = document.text.replace('ambient', 'none')
    workspaces.edit('/mesh/namespace.yaml')
    expect(published).toEqual(['/mesh/namespace.yaml'])
    await workspaces.settled()
    expect(published.filter((file) => file.startsWith('/mesh/many/'))).toHaveLength(20)
  })
})

describe('a folder', () => {
  it('that is being read publishes nothing, and answers from what it has', async () => {
    const { workspaces, published, open } = workspacesOf(manyPolicies())
    const added = workspaces.add('/mesh')
    open('/mesh/namespace.yaml')
    expect(published).toEqual([])
    expect(workspaces.analysesOf('/mesh/namespace.yaml')[0]?.files.size).toBe(1)
    await added
    await workspaces.settled()
    expect(published).toContain('/mesh/namespace.yaml')
    expect(published).toContain('/mesh/many/19.yaml')
  })

  it('inside another is judged on its own', async () => {
    const { workspaces } = workspacesOf(manyPolicies())
    await workspaces.add('/mesh')
    await workspaces.add('/mesh/many')
    await workspaces.settled()
    const [outer, inner] = workspaces.folders
    expect([outer?.files().length, inner?.files().length]).toEqual([6, 20])
    workspaces.remove('/mesh/many')
    await workspaces.settled()
    expect(outer?.files().length).toBe(26)
  })

  it('is split where the settings name mesh roots', async () => {
    const { workspaces } = workspacesOf(manyPolicies(), { meshRoots: ['many'] })
    await workspaces.add('/mesh')
    expect(
      workspaces.folders[0]
        ?.analyses()
        .map(({ files }) => files.size)
        .sort(),
    ).toEqual([20, 6])
  })

  it('leaves an open file to itself where it is excluded, and takes it back', async () => {
    const settings: Partial<Settings> = {}
    const { workspaces, open, published } = workspacesOf(manyPolicies(), settings)
    open('/mesh/many/3.yaml')
    await workspaces.add('/mesh')
    await workspaces.settled()
    const folderOf = (): string | undefined => workspaces.folderOf('/mesh/many/3.yaml')?.folder
    expect(folderOf()).toBe('/mesh')
    Object.assign(settings, { exclude: ['many'] })
    published.length = 0
    await workspaces.reloadSettings()
    await workspaces.settled()
    expect([folderOf(), workspaces.folders.length]).toEqual(['/mesh/many/3.yaml', 2])
    expect(published).toContain('/mesh/many/3.yaml')
    Object.assign(settings, { exclude: [] })
    await workspaces.reloadSettings()
    await workspaces.settled()
    expect([folderOf(), workspaces.folders.length]).toEqual(['/mesh', 1])
  })

  it('that is added again while it is read ends the first reading', async () => {
    const { workspaces, log } = workspacesOf(manyPolicies())
    await Promise.all([
      workspaces.add('/mesh'),
      workspaces.reloadSettings(),
      workspaces.reloadSettings(),
    ])
    await workspaces.settled()
    expect([workspaces.folders[0]?.files().length, workspaces.folders[0]?.ready, log]).toEqual([
      26,
      true,
      [],
    ])
  })
})

describe('several meshes in one folder', () => {
  it('splits sibling folders that define one object differently, and joins them again when they agree', async () => {
    const namespace = (mode: string): string =>
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ${mode}}}\n`
    const files: Record<string, string> = {
      '/mesh/prod/ns.yaml': namespace('ambient'),
      '/mesh/staging/ns.yaml': namespace('none'),
    }
    const { workspaces, log } = workspacesOf(files)
    await workspaces.add('/mesh')
    const same = (): boolean =>
      workspaces.analysesOf('/mesh/prod/ns.yaml')[0] ===
      workspaces.analysesOf('/mesh/staging/ns.yaml')[0]
    expect(same()).toBe(false)
    expect(log.join('\n')).toContain(
      'Namespace "shop" is defined differently in "prod" and "staging"',
    )
    delete files['/mesh/staging/ns.yaml']
    workspaces.diskChanged(['/mesh/staging/ns.yaml'])
    await workspaces.settled()
    expect(same()).toBe(true)
  })

  it('splits and joins them when a file is saved or closed, not while it is typed', async () => {
    const namespace = (mode: string): string =>
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ${mode}}}\n`
    const files: Record<string, string> = {
      '/mesh/prod/ns.yaml': namespace('ambient'),
      '/mesh/staging/ns.yaml': namespace('ambient'),
    }
    const { workspaces, open, sources } = workspacesOf(files)
    await workspaces.add('/mesh')
    const document = open('/mesh/staging/ns.yaml')
    const meshes = async (): Promise<number> => {
      await workspaces.settled()
      return workspaces.analysesOf('/mesh/prod/ns.yaml')[0] ===
        workspaces.analysesOf('/mesh/staging/ns.yaml')[0]
        ? 1
        : 2
    }
    document.text = namespace('none')
    workspaces.edit('/mesh/staging/ns.yaml')
    expect(await meshes()).toBe(1)
    workspaces.diskChanged(['/mesh/staging/ns.yaml'])
    expect(await meshes()).toBe(2)
    sources.close('/mesh/staging/ns.yaml')
    workspaces.close('/mesh/staging/ns.yaml')
    expect(await meshes()).toBe(1)
  })
})
