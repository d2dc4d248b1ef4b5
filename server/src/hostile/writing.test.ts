import { spawnSync } from 'node:child_process'
import { chmodSync, linkSync, readdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runs } from '@istio-ambient-policy/shared/testing'
import { testBundle } from '../../../scripts/testBundle.mjs'
import { createCliFolder, type CliFolder } from '../cli/testing/cliFolder.js'
import { DISABLED, DISABLED_FIXED, NAMESPACE_AND_API } from '../cli/testing/meshFiles.js'

const KILLER = fileURLToPath(new URL('killer.mjs', import.meta.url))
/** A write has less than this number of operations on files. */
const MAX_OPERATIONS = 30

let cli: CliFolder
beforeEach(() => {
  cli = createCliFolder({ 'mesh/mesh.yaml': NAMESPACE_AND_API, 'mesh/peers.yaml': DISABLED })
})
afterEach(() => {
  cli.remove()
})

/** Runs the bundle, and kills it at an operation. Returns whether it was killed. */
function runKilledAt(operation: number, args: readonly string[]): boolean {
  const { signal } = spawnSync(
    process.execPath,
    ['--import', KILLER, join(testBundle('cli'), 'cli.cjs'), ...args],
    { cwd: cli.folder, env: { KILL_AT: String(operation) } },
  )
  return signal === 'SIGKILL'
}

/** Every second operation with `npm test`, and each with `npm run test:deep`. */
const STEP = Math.max(1, Math.round(2 / runs(1)))

/** Runs that are killed at operations, each from a fresh start, and one that is not killed. */
async function killAtEach(
  args: readonly string[],
  { prepare, check }: { readonly prepare: () => void; readonly check: () => Promise<void> | void },
): Promise<void> {
  for (let operation = 1; operation < MAX_OPERATIONS; operation += STEP) {
    prepare()
    const isKilled = runKilledAt(operation, args)
    await check()
    if (!isKilled) return
  }
  throw new Error('The program was killed at each operation.')
}

describe('writing: a program that is killed', () => {
  it('leaves the old or the new file with --fix, and temporary files that the next run does not read', async () => {
    const contents = new Set<string>()
    await killAtEach(['check', '--fix', 'mesh'], {
      prepare: () => {
        cli.write('mesh/peers.yaml', DISABLED)
        chmodSync(join(cli.folder, 'mesh/peers.yaml'), 0o640)
      },
      check: async () => {
        contents.add(cli.read('mesh/peers.yaml'))
        const { errors, out } = await cli.run(['check', 'mesh'])
        expect(errors).toEqual([])
        expect(out).toMatch(/3 objects in 2 files\.\n$/)
      },
    })
    expect(contents).toEqual(new Set([DISABLED, DISABLED_FIXED]))
    expect(statSync(join(cli.folder, 'mesh/peers.yaml')).mode & 0o777).toBe(0o640)
    const left = readdirSync(join(cli.folder, 'mesh')).filter((name) => !name.endsWith('.yaml'))
    expect(left.length).toBeGreaterThan(1)
    expect(left.every((name) => /^\.ambient-policy-[0-9a-f-]{36}\.tmp$/.test(name))).toBe(true)
  })

  it('leaves the old or the new baseline', async () => {
    const old = '{ "version": 1, "findings": [] }\n'
    const contents = new Set<string>()
    await killAtEach(['check', '--write-baseline', 'known.json', 'mesh'], {
      prepare: () => {
        cli.write('known.json', old)
      },
      check: () => {
        contents.add(cli.read('known.json'))
      },
    })
    expect(contents.size).toBe(2)
    expect(contents).toContain(old)
    for (const content of contents) expect(JSON.parse(content)).toMatchObject({ version: 1 })
  })
})

describe('writing: links and permissions', () => {
  it('a run that ends leaves no temporary file', async () => {
    await cli.run(['check', '--fix', '--write-baseline', 'mesh/known.json', 'mesh'])
    expect(readdirSync(join(cli.folder, 'mesh')).sort()).toEqual([
      'known.json',
      'mesh.yaml',
      'peers.yaml',
    ])
  })

  it('another name of the same file keeps the old content', async () => {
    linkSync(join(cli.folder, 'mesh/peers.yaml'), join(cli.folder, 'peers.txt'))
    await cli.run(['check', '--fix', 'mesh'])
    expect(cli.read('mesh/peers.yaml')).toBe(DISABLED_FIXED)
    expect(cli.read('peers.txt')).toBe(DISABLED)
  })

  it('a baseline is not written through a link out of the working directory', async () => {
    cli.write('work/mesh.yaml', NAMESPACE_AND_API)
    cli.write('outside.json', 'mine')
    symlinkSync('../outside.json', join(cli.folder, 'work/known.json'))
    const { errors, status } = await cli.run(['check', '--write-baseline', 'known.json'], {
      cwd: 'work',
    })
    expect(errors.at(-1)).toBe(
      'known.json is a symbolic link out of the working directory: name the path that it leads to',
    )
    expect(status).toBe(2)
    expect(cli.read('outside.json')).toBe('mine')
  })

  it.each([
    ['--write-baseline', 'folder/known.json'],
    ['--output', 'json=folder/known.json'],
  ])('%s does not write through a folder that is a link', async (option, file) => {
    cli.write('work/mesh.yaml', NAMESPACE_AND_API)
    symlinkSync('../mesh', join(cli.folder, 'work/folder'))
    const { errors, status } = await cli.run(['check', option, file], { cwd: 'work' })
    expect(errors.at(-1)).toBe(
      'folder is a symbolic link out of the working directory: name the path that it leads to',
    )
    expect(status).toBe(2)
    expect(readdirSync(join(cli.folder, 'mesh'))).not.toContain('known.json')
  })

  it('a report is not written through a link', async () => {
    cli.write('known.json', 'mine')
    symlinkSync('known.json', join(cli.folder, 'link.json'))
    const { status } = await cli.run(['check', '--output', 'json=link.json', 'mesh'])
    expect(status).toBe(2)
    expect(cli.read('known.json')).toBe('mine')
  })

  it('a link inside of the working directory stays a link', async () => {
    cli.write('baselines/known.json', '')
    symlinkSync('baselines/known.json', join(cli.folder, 'known.json'))
    await cli.run(['check', '--write-baseline', 'known.json', 'mesh'])
    expect(readlinkSync(join(cli.folder, 'known.json'))).toBe('baselines/known.json')
    expect(JSON.parse(cli.read('baselines/known.json'))).toMatchObject({ version: 1 })
  })

  it('a link that leads nowhere is not written', async () => {
    symlinkSync('/nowhere/known.json', join(cli.folder, 'known.json'))
    const { errors, status } = await cli.run(['check', '--write-baseline', 'known.json', 'mesh'])
    expect(errors).toEqual(['known.json is a symbolic link and was not written'])
    expect(status).toBe(2)
  })

  it('a pipe that the user names as the baseline is written', async () => {
    const { errors, status } = await cli.run(['check', '--write-baseline', '/dev/null', 'mesh'])
    expect(errors.at(-1)).toMatch(/written to \/dev\/null$/)
    expect(status).toBe(0)
  })

  it('a full disk of the output is an input or output error', () => {
    const { status } = spawnSync(
      'sh',
      [
        '-c',
        '"$0" "$1" check mesh > /dev/full 2> /dev/null',
        process.execPath,
        join(testBundle('cli'), 'cli.cjs'),
      ],
      { cwd: cli.folder },
    )
    expect(status).toBe(2)
  })
})
