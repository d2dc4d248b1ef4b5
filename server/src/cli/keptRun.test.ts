import { createHash } from 'node:crypto'
import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Cache } from '../cache/cache.js'
import { nodeHost } from '../nodeHost.js'
import type { ProcessIo } from './io.js'
import { KeptRun } from './keptRun.js'
import { runCli } from './program.js'
import { createCliFolder, type CliFolder } from './testing/cliFolder.js'
import { MESH } from './testing/commandMesh.js'
import { ALLOW_GET, DISABLED } from './testing/meshFiles.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

let cli: CliFolder
let kept: Map<string, string>
let cache: Cache
beforeEach(() => {
  kept = new Map()
  cache = {
    get: (key) => kept.get(key),
    put: (key, text) => void kept.set(key, text),
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    prune: () => undefined,
  }
  cli = createCliFolder({ 'mesh/mesh.yaml': MESH, 'mesh/policy.yaml': ALLOW_GET })
})
afterEach(() => {
  cli.remove()
})

interface Ran {
  readonly status: number
  readonly written: readonly (readonly [string, string])[]
  /** Whether the command has run. */
  readonly isEvaluated: boolean
}

/** Runs a command line as a process does. */
async function run(args: readonly string[], change: Partial<ProcessIo> = {}): Promise<Ran> {
  const written: (readonly [string, string])[] = []
  let isEvaluated = false
  const io: ProcessIo = {
    version: '1.2.3',
    host: nodeHost,
    cwd: cli.folder,
    readStdin: () => Promise.resolve(Buffer.from(MESH)),
    stdin: () => {
      throw new Error('is not read')
    },
    out: (text) => void written.push(['out', text]),
    warn: (text) => void written.push(['warn', text]),
    helm: () => Promise.resolve({ status: 'missing' }),
    colours: false,
    terminal: false,
    workflow: false,
    ...change,
  }
  const run = new KeptRun(cache, io, args)
  const repeated = run.repeat()
  const status =
    repeated ??
    (await run.record((recording) => {
      isEvaluated = true
      return runCli(args, recording)
    }))
  return { status, written, isEvaluated }
}

describe('a run that is kept', () => {
  it.each(['text', 'json', 'sarif', 'github', 'junit'])(
    'is repeated with the same output in the format %s',
    async (format) => {
      const args = ['check', 'mesh', '--format', format, '--strict']
      const first = await run(args)
      expect(first).toMatchObject({ status: 1, isEvaluated: true })
      expect(await run(args)).toEqual({ ...first, isEvaluated: false })
    },
  )

  it('has its own output for each terminal, folder and command line', async () => {
    await run(['check', 'mesh'])
    const changes: readonly [readonly string[], Partial<ProcessIo>][] = [
      [['check', 'mesh'], { colours: true }],
      [['check', 'mesh'], { terminal: true }],
      [['check', 'mesh'], { workflow: true }],
      [['check', '.'], { cwd: `${cli.folder}/mesh` }],
      [['check', 'mesh', '--fail-on', 'never'], {}],
    ]
    for (const [args, change] of changes)
      expect(await run(args, change)).toMatchObject({ isEvaluated: true })
  })

  it.each<[string, string, string | undefined]>([
    ['a changed file', 'mesh/policy.yaml', replaceIn(ALLOW_GET, ['GET', 'PUT'])],
    ['a new file', 'mesh/other.yaml', ALLOW_GET],
    ['a new folder', 'mesh/a/other.yaml', ALLOW_GET],
    ['a deleted file', 'mesh/policy.yaml', undefined],
    ['a new settings file', '.ambient-policy.yaml', 'rules: {}\n'],
    ['a changed baseline', 'known.json', '{"version": 1, "findings": []}'],
    ['a new file where a link leads to', 'linked/other.yaml', ALLOW_GET],
  ])('is not repeated after %s', async (_, file, text) => {
    cli.write('known.json', '{"version": 1, "findings": [] }')
    cli.write('linked/a.yaml', MESH)
    symlinkSync('../linked', join(cli.folder, 'mesh/folder'))
    const args = ['check', 'mesh', 'linked', '--baseline', 'known.json']
    const first = await run(args)
    expect(first.isEvaluated).toBe(true)
    expect(await run(args)).toEqual({ ...first, isEvaluated: false })
    if (text === undefined) rmSync(join(cli.folder, file))
    else cli.write(file, text)
    expect((await run(args)).isEvaluated).toBe(true)
  })

  it('is not repeated after a file became a link', async () => {
    await run(['check', 'mesh'])
    renameSync(join(cli.folder, 'mesh/policy.yaml'), join(cli.folder, 'policy.yaml'))
    symlinkSync('../policy.yaml', join(cli.folder, 'mesh/policy.yaml'))
    expect((await run(['check', 'mesh'])).isEvaluated).toBe(true)
  })
})

describe('a run is not kept', () => {
  it.each([
    ['of another command', ['status', 'mesh']],
    ['with --no-cache', ['check', 'mesh', '--no-cache']],
    ['with standard input', ['check', '-']],
    ['that writes a report', ['check', 'mesh', '--output', 'json=report.json']],
    ['that writes a baseline', ['check', 'mesh', '--write-baseline', 'known.json']],
    ['that fixes files', ['check', 'fixed', '--fix']],
    ['that prints fixes', ['check', 'fixed', '--fix-dry-run']],
  ])('%s', async (_, args) => {
    cli.write('fixed/peers.yaml', DISABLED)
    await run(args)
    expect([...kept.keys()].filter((key) => key.startsWith('["run"'))).toEqual([])
  })

  it('whose settings turn the cache off', async () => {
    cli.write('mesh/.ambient-policy.yaml', 'cache: false\n')
    await run(['check', 'mesh'])
    expect([...kept.keys()]).toEqual([])
  })

  it('that renders charts', async () => {
    cli.write('mesh/Chart.yaml', 'apiVersion: v2\nname: c\nversion: 1.0.0\n')
    cli.write('mesh/templates/a.yaml', 'a: {{ .Values.a }}\n')
    await run(['check', 'mesh', '--helm'])
    expect([...kept.keys()]).toEqual([])
  })
})

describe('a kept run that is damaged', () => {
  it.each<[string, (text: string) => string]>([
    ['is not JSON', () => 'nothing'],
    ['is another value', () => '[]\n'],
    ['asks another question', (text) => replaceIn(text, ['"kindOf"', '"writeFile"'])],
    ['writes to another stream', (text) => replaceIn(text, ['["out"', '["stdin"'])],
    ['has no exit status', (text) => replaceIn(text, ['"status":1', '"status":"1"'])],
  ])('%s: the command runs', async (_, damage) => {
    const first = await run(['check', 'mesh'])
    for (const [key, text] of kept) kept.set(key, damage(text))
    expect(await run(['check', 'mesh'])).toEqual(first)
  })
})
