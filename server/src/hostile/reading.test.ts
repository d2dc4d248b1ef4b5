import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testBundle } from '../../../scripts/testBundle.mjs'
import { createCliFolder, type CliFolder } from '../cli/testing/cliFolder.js'
import { ScriptedClient } from '../testing/scriptedClient.js'

const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: {name: secret}\n'
const GOOD = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: good, namespace: n}\n'
const LINK_OUT = 'is a symbolic link out of the folder and was not read'
const NOT_REGULAR = 'is not a regular file and was not read'

/** Makes the path of an entry in the folder `mesh`. */
type Make = (path: string) => void

const link =
  (target: string): Make =>
  (path) => {
    symlinkSync(target, path)
  }
const pipe: Make = (path) => {
  execFileSync('mkfifo', [path])
}

/** Each entry, its kind, and the message about it. Undefined: it is read, or it contains nothing to read. */
const ENTRIES: Readonly<Record<string, { readonly make: Make; readonly answer?: string }>> = {
  'a link to /dev/zero': { make: link('/dev/zero'), answer: NOT_REGULAR },
  'a link to /dev/stdin': { make: link('/dev/stdin'), answer: NOT_REGULAR },
  'a link to /dev/random': { make: link('/dev/random'), answer: NOT_REGULAR },
  'a link to /dev/tty': { make: link('/dev/tty'), answer: NOT_REGULAR },
  'a link to /proc/self/fd/0': { make: link('/proc/self/fd/0'), answer: NOT_REGULAR },
  'a link to a file of the system': { make: link('/etc/passwd'), answer: LINK_OUT },
  'a link to /proc/self/environ': { make: link('/proc/self/environ'), answer: LINK_OUT },
  'a link to /': { make: link('/'), answer: LINK_OUT },
  'a link to the folder above': { make: link('..'), answer: LINK_OUT },
  'a link to a file beside the folder': { make: link('../secret.yaml'), answer: LINK_OUT },
  'a link to a link that leads out': {
    make: (path) => {
      symlinkSync('/etc/passwd', join(dirname(path), 'second'))
      symlinkSync('second', path)
    },
    answer: LINK_OUT,
  },
  'a link through a folder that leads out': {
    make: (path) => {
      symlinkSync('..', join(dirname(path), 'up'))
      symlinkSync('up/secret.yaml', path)
    },
    answer: LINK_OUT,
  },
  'a pipe': { make: pipe, answer: NOT_REGULAR },
  'a link to a pipe': {
    make: (path) => {
      pipe(join(dirname(path), 'pipe'))
      symlinkSync('pipe', path)
    },
    answer: NOT_REGULAR,
  },
  'a link to itself': {
    make: (path) => {
      symlinkSync(path, path)
    },
  },
  'a link that leads nowhere': { make: link('nowhere') },
  'a link to its own folder': { make: link('.') },
  'a link to a good file': { make: link('good.yaml') },
  'a folder': {
    make: (path) => {
      mkdirSync(path)
    },
  },
}
/** Where the entry is, and whether it is a manifest. A settings file is read alone. */
const NAMES = ['x.yaml', 'x.json', 'kustomization.yaml', 'Chart.yaml', 'Chart.lock', 'x.yml']

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
  ENTRIES[entry]?.make(path)
}

/** The user can name a pipe: the program then waits for its writer, as other programs do. */
const IN_ARGUMENTS = Object.entries(ENTRIES).filter(([entry]) => entry !== 'a pipe')

describe.each(Object.entries(ENTRIES))('reading: %s', (entry, { answer }) => {
  it.each(NAMES)('with the name %s is named, and the others are read', async (name) => {
    make(entry, name)
    const { out, errors } = await cli.run(['check', '--format', 'json', 'mesh'])
    const { summary } = JSON.parse(out) as { summary: { objects: number } }
    expect(summary.objects).toBe(1)
    expect(out).not.toContain('secret')
    // One notice can name several links.
    const about = errors.filter((line) =>
      line.split(/[ ,;]/).some((word) => word.endsWith(`mesh/${name}`)),
    )
    expect(about).toHaveLength(answer === undefined ? 0 : 1)
    expect(about[0] ?? '').toContain(answer ?? '')
  })

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

  it('as a baseline or a file of requests is not read', async () => {
    make(entry, 'x.json')
    for (const args of [
      ['check', '--baseline', 'x.json'],
      ['evaluate', '--requests', 'x.json'],
    ]) {
      const { out, errors, status } = await cli.run(args, { cwd: 'mesh' })
      expect(status).toBe(2)
      expect(`${out}${errors.join('')}`).not.toMatch(/root:|name: secret/)
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
        entry.make(client.path(`mesh/x${index}.yaml`))
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
