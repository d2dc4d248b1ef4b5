import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { testBundle } from '../../../scripts/testBundle.mjs'
import { createCliFolder, type CliFolder } from '../cli/testing/cliFolder.js'
import { TookTooLong } from '../deadline.js'
import { manyPolicies, POLICY, workspacesOf } from '../testing/memoryWorkspaces.js'
import { HANGING_ACCOUNT, HANGING_CODE, HANGS, policyFor } from '../testing/hangingCode.js'
import { ScriptedClient } from '../testing/scriptedClient.js'

const LEFT_OUT = 'is left out: its evaluation did not end. Change and save it to try again.'

function hangingAt(isHanging: (file: string) => boolean) {
  return workspacesOf(
    manyPolicies(),
    {},
    {
      onPublish: (file) => {
        if (isHanging(file)) throw new TookTooLong()
      },
    },
  )
}

describe('hanging: the evaluation of a file', () => {
  it('a file whose evaluation does not end is left out, and all others are published', async () => {
    const { workspaces, published, unread, log } = hangingAt((file) => file === '/mesh/many/7.yaml')
    await workspaces.add('/mesh')
    await workspaces.idle()
    const others = Object.keys(manyPolicies()).filter((file) => file !== '/mesh/many/7.yaml')
    expect([...new Set(published)].filter((file) => others.includes(file)).sort()).toEqual(
      others.sort(),
    )
    expect(workspaces.folders[0]?.files()).not.toContain('/mesh/many/7.yaml')
    expect(log).toContain(`/mesh/many/7.yaml ${LEFT_OUT}`)
    expect([...new Set(unread)]).toEqual([`/mesh/many/7.yaml: This file ${LEFT_OUT}`])
  })

  it('the file is evaluated again after it was saved', async () => {
    let isHanging = true
    const { workspaces, published } = hangingAt((file) => isHanging && file === '/mesh/many/7.yaml')
    await workspaces.add('/mesh')
    await workspaces.idle()
    isHanging = false
    published.length = 0
    workspaces.diskChanged(['/mesh/many/7.yaml'])
    await workspaces.idle()
    expect(published).toContain('/mesh/many/7.yaml')
    expect(workspaces.folders[0]?.files()).toContain('/mesh/many/7.yaml')
  })

  it('an edit of a file whose evaluation does not end leaves it out', async () => {
    let isHanging = false
    const { workspaces, sources, open, unread } = hangingAt(
      (file) => isHanging && file === '/mesh/many/7.yaml',
    )
    await workspaces.add('/mesh')
    const document = open('/mesh/many/7.yaml')
    await workspaces.idle()
    isHanging = true
    document.text = POLICY(1)
    workspaces.edit('/mesh/many/7.yaml')
    await workspaces.idle()
    expect(unread).toContain(`/mesh/many/7.yaml: This file ${LEFT_OUT}`)
    isHanging = false
    workspaces.diskChanged(['/mesh/many/7.yaml'])
    await workspaces.idle()
    expect(sources.isOpen('/mesh/many/7.yaml')).toBe(true)
    expect(workspaces.folders[0]?.files()).toContain('/mesh/many/7.yaml')
  })

  it('a folder in which the evaluation of each file hangs is given up after some files', async () => {
    const { workspaces, log, published } = hangingAt(() => true)
    await workspaces.add('/mesh')
    await workspaces.idle()
    expect(log.filter((line) => line.endsWith(LEFT_OUT))).toHaveLength(6)
    expect(published.length).toBeLessThanOrEqual(6)
    expect(workspaces.folders[0]?.files()).toEqual([])
  })
})

describe('hanging: a server process', () => {
  const clients: ScriptedClient[] = []
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.stop()
  })

  it('ends the work on a file that hangs, and answers for the others', async () => {
    const client = await ScriptedClient.start({
      transport: 'stdio',
      preload: HANGING_CODE.concat(`process.argv.push('--max-seconds=0.5')`),
      folders: {
        mesh: {
          'good.yaml': policyFor('good', 'shop/web'),
          'bad.yaml': policyFor('bad', HANGING_ACCOUNT),
        },
      },
    })
    clients.push(client)
    expect(client.codes('mesh/good.yaml')).toContain('deprecated-api-version')
    expect(client.diagnostics('mesh/bad.yaml').map(({ message }) => message)).toEqual([
      `This file ${LEFT_OUT}`,
    ])
    expect(client.log.join('\n')).toContain(`bad.yaml ${LEFT_OUT}`)
    client.write('mesh/bad.yaml', policyFor('bad', 'shop/api'))
    await client.changedOnDisk(['mesh/bad.yaml', 'changed'])
    expect(client.codes('mesh/bad.yaml')).toContain('deprecated-api-version')
  })

  it('answers requests after the limit, and ends with its editor while it hangs', async () => {
    const folder = createCliFolder({
      'hang.cjs': HANGING_CODE,
      'mesh/bad.yaml': policyFor('bad', HANGING_ACCOUNT),
    })
    try {
      const { answers, errors, close, exit } = startRaw(folder, ['--max-seconds=1'])
      await errors.until(HANGS)
      answers.send({ id: 2, method: 'textDocument/hover', params: HOVER_AT(folder) })
      expect(await answers.until('"id":2')).toContain('"result":null')
      expect(await answers.until(LEFT_OUT)).toContain(LEFT_OUT)

      const other = startRaw(folder, ['--max-seconds=1'])
      await other.errors.until(HANGS)
      other.close()
      expect(await other.exit).toEqual([1, null])
      close()
      expect(await exit).toEqual([1, null])
    } finally {
      folder.remove()
    }
  })
})

const HOVER_AT = ({ folder }: CliFolder): unknown => ({
  textDocument: { uri: `file://${folder}/mesh/bad.yaml` },
  position: { line: 0, character: 0 },
})

/** A server without a client library, which opens the folder `mesh`. */
function startRaw({ folder }: CliFolder, options: readonly string[]) {
  const server = spawn(
    process.execPath,
    [
      '--require',
      `${folder}/hang.cjs`,
      join(testBundle('server'), 'server.cjs'),
      '--stdio',
      ...options,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  const workspaceFolders = [{ name: 'mesh', uri: `file://${folder}/mesh` }]
  send({
    id: 1,
    method: 'initialize',
    params: { processId: null, capabilities: {}, workspaceFolders },
  })
  send({ method: 'initialized', params: {} })
  return {
    answers: { ...textOf(server.stdout), send },
    errors: textOf(server.stderr),
    close: () => server.stdin.end(),
    exit: once(server, 'exit'),
  }
}

function textOf(stream: Readable) {
  let text = ''
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return {
    /** Resolves to all text when it contains a part. */
    until: async (part: string): Promise<string> => {
      while (!text.includes(part)) await once(stream, 'data')
      return text
    },
  }
}
