import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testBundle } from '../../../scripts/testBundle.mjs'
import { createCliFolder, type CliFolder } from '../cli/testing/cliFolder.js'
import { ScriptedClient } from '../testing/scriptedClient.js'
import { ENTRIES, GOOD, SECRET } from './entries.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

let cli: CliFolder
beforeEach(() => {
  cli = createCliFolder({ 'mesh/good.yaml': GOOD, 'secret.yaml': SECRET, 'mesh/sub/other.txt': '' })
})
afterEach(() => {
  cli.remove()
})

function make(entry: string, name: string): void {
  const path = join(cli.folder, 'mesh', name)
  rmSync(path, { force: true })
  ENTRIES[entry]?.make(path, '..')
}

/** The user can name a pipe: the program then waits for its writer, as other programs do. */
const IN_ARGUMENTS = Object.entries(ENTRIES).filter(([entry]) => entry !== 'a pipe')

/** Names of files that are read below a folder. */
const NAMES = [
  ...['x.yaml', 'x.yml', 'x.json', 'X.YAML', 'kustomization.yaml', 'kustomization.yml'],
  ...['Kustomization', 'Chart.yaml', 'Chart.lock', 'values.yaml'],
]
/** Files that name `x` in other ways. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'a resource': 'resources: [good.yaml, x]\n',
  'a component': 'resources: [good.yaml]\ncomponents: [x]\n',
  'a patch': 'resources: [good.yaml]\npatches: [{path: x}]\n',
  'a strategic merge patch': 'resources: [good.yaml]\npatchesStrategicMerge: [x]\n',
  'a JSON patch': 'resources: [good.yaml]\npatches: [{target: {kind: ServiceAccount}, path: x}]\n',
  'a source of a replacement': 'resources: [good.yaml]\nreplacements: [{path: x}]\n',
  'a generator': 'resources: [good.yaml]\nconfigMapGenerator: [{name: c, files: [x]}]\n',
}

/** A folder for each entry, with a good file and with the entry as `name`. */
function makeAll(name: string, more: Readonly<Record<string, string>> = {}): void {
  for (const [index, entry] of Object.values(ENTRIES).entries()) {
    cli.write(`mesh/e${index}/good.yaml`, replaceIn(GOOD, ['good', `good${index}`]))
    for (const [file, text] of Object.entries(more)) cli.write(`mesh/e${index}/${file}`, text)
    entry.make(join(cli.folder, `mesh/e${index}/${name}`), '../..')
  }
}

/** What is not read, by the names of the entries. */
function answersIn(report: string, name: string): Record<string, string | undefined> {
  const { notRead } = JSON.parse(report) as { notRead: { file: string; message: string }[] }
  return Object.fromEntries(
    Object.keys(ENTRIES).map((entry, index) => [
      entry,
      notRead.find(({ file }) => file === `mesh/e${index}/${name}`)?.message,
    ]),
  )
}

const ANSWERS = Object.fromEntries(
  Object.entries(ENTRIES).map(([entry, { answer }]) => [entry, answer]),
)
const OBJECTS = Object.keys(ENTRIES).length + 1

describe('reading: each entry', () => {
  it.each(NAMES)('with the name %s is named, and the others are read', async (name) => {
    makeAll(name)
    const { out } = await cli.run(['check', '--format', 'json', 'mesh'])
    expect(answersIn(out, name)).toEqual(ANSWERS)
    expect((JSON.parse(out) as { summary: { objects: number } }).summary.objects).toBe(OBJECTS)
    expect(out).not.toMatch(/secret"|root:/)
  })

  it.each(Object.entries(NAMED_BY))('as %s of a kustomization is not read', async (_, text) => {
    makeAll('x', { 'kustomization.yaml': text })
    const { out, errors } = await cli.run(['check', '--format', 'json', 'mesh'])
    expect((JSON.parse(out) as { summary: { objects: number } }).summary.objects).toBe(OBJECTS)
    expect(`${out}${errors.join('\n')}`).not.toMatch(/name: secret|"secret"|root:/)
  })

  it('as a policy test is named with --strict, and is not read', async () => {
    makeAll('x.access-test.yaml', { 'good.access-test.yaml': 'mesh: [good.yaml]\ncases: []\n' })
    const { out, errors, status } = await cli.run(['test', '--strict', 'mesh'])
    const named = Object.values(ENTRIES).flatMap(({ answer }, index) =>
      answer === undefined ? [] : [`--strict: mesh/e${index}/x.access-test.yaml ${answer}`],
    )
    expect(errors.filter((line) => /^--strict: .*\/x\.access-test/.test(line)).sort()).toEqual(
      named.sort(),
    )
    expect(status).toBe(2)
    expect(out).not.toMatch(/secret|root:/)
  })

  it('as the mesh of a policy test is not read', async () => {
    makeAll('x', { 'a.access-test.yaml': 'mesh: [x]\ncases: []\n' })
    const { out, errors } = await cli.run(['test', '--format', 'json', 'mesh'])
    expect(`${out}\n${errors.join('\n')}`).not.toMatch(/name: secret|root:/)
    expect(errors.length).toBeGreaterThan(0)
  })
})

describe.each(Object.entries(ENTRIES))('reading: %s', (entry) => {
  it('as the settings file is not read', async () => {
    make(entry, '.ambient-policy.yaml')
    const { errors, status } = await cli.run(['check', 'mesh'])
    const isRead = ['a link that leads nowhere', 'a link to itself'].includes(entry)
    expect({ status, count: errors.length }).toEqual(
      isRead ? { status: 0, count: 0 } : { status: 2, count: 1 },
    )
    expect(errors.join('')).not.toMatch(/root:|secret/)
  })
})

describe.each(IN_ARGUMENTS)('reading: %s', (entry, { answer }) => {
  it('as an argument in the working directory is not read', async () => {
    make(entry, 'x.yaml')
    const { out, errors } = await cli.run(['check', '--format', 'json', 'x.yaml'], { cwd: 'mesh' })
    expect(`${out}${errors.join('')}`).not.toMatch(/root:|secret/)
    if (answer !== undefined) {
      expect(errors).toHaveLength(1)
      expect(errors[0]).toMatch(/^x\.yaml is (?:not a regular file|a symbolic link out of)/)
    }
  })

  it('as any other argument is not read', async () => {
    make(entry, 'x.json')
    for (const args of [
      ['check', '--baseline', 'x.json'],
      ['check', '--settings', 'x.json'],
      ['evaluate', '--requests', 'x.json'],
      ['diff', '.', '.', '--requests', 'x.json'],
      ['why', 'x.json'],
      ['compare', 'x.json'],
    ]) {
      const { out, errors, status } = await cli.run(args, { cwd: 'mesh' })
      expect({ args, status }).toEqual({ args, status: 2 })
      expect(`${out}${errors.join('')}`).not.toMatch(/root:|name: secret/)
    }
    for (const args of [
      ['diff', 'x.json', '.'],
      ['test', 'x.json'],
      ['status', 'x.json'],
      ['access', '--from', 'outside', 'x.json'],
    ]) {
      const { out, errors } = await cli.run(args, { cwd: 'mesh' })
      expect(`${out}${errors.join('')}`).not.toMatch(/root:|name: secret/)
      if (answer !== undefined)
        expect({ args, count: errors.length }).not.toEqual({ args, count: 0 })
    }
  })
})

describe('reading: arguments of a person', () => {
  it('a pipe and a process substitution are read', () => {
    const bundle = join(testBundle('cli'), 'cli.cjs')
    const run = (script: string): string =>
      execFileSync('bash', ['-c', script, process.execPath, bundle], {
        cwd: cli.folder,
        encoding: 'utf8',
      })
    expect(run('"$0" "$1" check <(cat mesh/good.yaml)')).toMatch(/1 object in 1 file/)
    expect(run('"$0" "$1" check /dev/stdin < mesh/good.yaml')).toMatch(/1 object in 1 file/)
    expect(run('mkfifo p; cat mesh/good.yaml > p & "$0" "$1" check p')).toMatch(
      /1 object in 1 file/,
    )
  })

  it('a device without an end is too large', async () => {
    const { errors, status } = await cli.run(['check', '/dev/zero'])
    expect(errors).toEqual([
      expect.stringMatching(/ is larger than \d+ MB \(setting maxFileSize\)$/),
    ])
    expect(status).toBe(2)
  })

  it('a path outside of the working directory can be a link', async () => {
    symlinkSync('good.yaml', join(cli.folder, 'mesh/link.yaml'))
    mkdirSync(join(cli.folder, 'work'))
    const { out } = await cli.run(['check', '../mesh/link.yaml'], { cwd: 'work' })
    expect(out).toMatch(/1 object in 1 file/)
  })

  it('a name that is not UTF-8 is named as such', async () => {
    const name = Buffer.concat([
      Buffer.from(join(cli.folder, 'mesh/caf')),
      Buffer.from([0xe9]),
      Buffer.from('.yaml'),
    ])
    closeSync(openSync(name, 'w'))
    const { errors, status } = await cli.run(['check', 'mesh'])
    expect(errors).toEqual(['mesh/caf\ufffd.yaml has a name that is not UTF-8 and was not read'])
    expect(status).toBe(2)
  })
})

describe('reading: the server', () => {
  it('names each entry that it does not read, and publishes the others', async () => {
    const client = await ScriptedClient.start({ folders: { mesh: { 'good.yaml': GOOD } } })
    try {
      client.write('secret.yaml', SECRET)
      const names = Object.entries(ENTRIES).filter(([, { answer }]) => answer !== undefined)
      for (const [index, [, entry]] of names.entries()) {
        entry.make(client.path(`mesh/x${index}.yaml`), '..')
      }
      for (const [index, [, entry]] of names.entries()) {
        client.log.length = 0
        await client.changedOnDisk([`mesh/x${index}.yaml`, 'created'])
        expect(client.log.join('\n')).toContain(`/mesh/x${index}.yaml ${entry.answer ?? ''}`)
      }
      writeFileSync(
        client.path('mesh/good.yaml'),
        'apiVersion: security.istio.io/v1beta1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: n}\n',
      )
      await client.changedOnDisk(['mesh/good.yaml', 'changed'])
      expect(client.codes('mesh/good.yaml')).toContain('deprecated-api-version')
    } finally {
      await client.stop()
    }
  })

  it('ends with its editor, also while it has pipes and devices to read', async () => {
    make('a pipe', 'x.yaml')
    make('a link to /dev/zero', 'y.yaml')
    const server = spawn(process.execPath, [join(testBundle('server'), 'server.cjs'), '--stdio'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    const exited = once(server, 'exit')
    const send = (message: object): void => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message })
      server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    }
    send({
      id: 1,
      method: 'initialize',
      params: {
        processId: null,
        capabilities: {},
        workspaceFolders: [{ name: 'mesh', uri: `file://${join(cli.folder, 'mesh')}` }],
      },
    })
    send({ method: 'initialized', params: {} })
    server.stdin.end()
    await exited
    expect(server.signalCode).toBeNull()
  })

  it('ends when the process of its editor has ended', async () => {
    const editor = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const server = spawn(process.execPath, [join(testBundle('server'), 'server.cjs'), '--stdio'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    const exited = once(server, 'exit')
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { processId: editor.pid, capabilities: {}, workspaceFolders: null },
    })
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    editor.kill('SIGKILL')
    await exited
    expect(server.signalCode).toBeNull()
  })
})
