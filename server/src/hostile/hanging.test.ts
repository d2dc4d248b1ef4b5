import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import {
  authorizationPolicy,
  deployment,
  documents,
  namespace,
} from '@istio-ambient-policy/shared/testing'
import { testBundle } from '../../../scripts/testBundle.mjs'
import { createCliFolder, type CliFolder } from '../cli/testing/cliFolder.js'
import { TookTooLong } from '../deadline.js'
import { manyPolicies, POLICY, workspacesOf } from '../testing/memoryWorkspaces.js'
import { HANGING_ACCOUNT, HANGING_CODE, HANGS, policyFor } from '../testing/hangingCode.js'

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

describe('hanging: an object that takes too many steps', () => {
  const rules = [{ to: [{ operation: { methods: ['GET'] } }] }]
  const crowd = documents(
    namespace('crowd'),
    ...Array.from({ length: 100 }, (_, index) => deployment(`crowd/app-${index}`)),
    authorizationPolicy('crowd/readers', { rules }),
  )
  const shop = documents(
    namespace('shop'),
    deployment('shop/api'),
    authorizationPolicy('shop/readers', { app: 'api', rules }),
  )
  const STOPPED =
    'This object is not evaluated: that takes more than 300 steps. Other objects are not affected.'

  it('is named in the editor, and all others are evaluated', async () => {
    const { workspaces } = workspacesOf(
      { '/mesh/crowd.yaml': crowd, '/mesh/shop.yaml': shop },
      {},
      { workLimit: 300 },
    )
    await workspaces.add('/mesh')
    await workspaces.idle()
    const findingsIn = (file: string) =>
      workspaces
        .analysesOf(file)
        .flatMap((analysis) => analysis.findingsOf(file))
        .map(({ rule, message }) => `${rule}: ${message}`)
    expect(findingsIn('/mesh/crowd.yaml')).toEqual([`internal-error: ${STOPPED}`])
    expect(findingsIn('/mesh/shop.yaml')).toEqual([
      expect.stringMatching(/^l7-allow-rule-dropped: /),
    ])
  })

  it('is named on the command line, and all others are evaluated', async () => {
    const folder = createCliFolder({ 'crowd.yaml': crowd, 'shop.yaml': shop })
    try {
      const { status, out } = await folder.run(['check', '.'], { workLimit: 300 })
      expect(status).toBe(1)
      expect(out).toContain(STOPPED)
      expect(out).toMatch(/shop\.yaml[^]* l7-allow-rule-dropped/)
    } finally {
      folder.remove()
    }
  })
})

describe('hanging: a server process', () => {
  it('ends the work on a file that hangs, answers for the others, and ends with its editor', async () => {
    const folder = createCliFolder({
      'hang.cjs': HANGING_CODE,
      'mesh/bad.yaml': policyFor('bad', HANGING_ACCOUNT),
      'mesh/good.yaml': policyFor('good', 'shop/web'),
    })
    const uri = (file: string): string => `file://${folder.folder}/mesh/${file}`
    try {
      const { answers, errors, send, close, exit } = startRaw(folder, ['--max-seconds=0.5'])
      await errors.until(HANGS)
      send({
        id: 2,
        method: 'textDocument/hover',
        params: { textDocument: { uri: uri('good.yaml') }, position: { line: 1, character: 1 } },
      })
      expect(await answers.until('"id":2')).toContain('"id":2,"result"')
      send({ id: 3, method: 'istioAmbientPolicy/settled' })
      const published = await answers.until('"id":3')
      expect(published).toContain(`This file ${LEFT_OUT}`)
      expect(published).toMatch(/good\.yaml","diagnostics":\[\{[^\]]*deprecated-api-version/)

      errors.clear()
      const changes = [{ uri: uri('bad.yaml'), type: 2 }]
      send({ method: 'workspace/didChangeWatchedFiles', params: { changes } })
      await errors.until(HANGS)
      close()
      expect(await exit).toEqual([1, null])
    } finally {
      folder.remove()
    }
  })
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
    send,
    answers: textOf(server.stdout),
    errors: textOf(server.stderr),
    close: () => server.stdin.end(),
    exit: once(server, 'exit'),
  }
}

function textOf(stream: Readable) {
  let text = ''
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return {
    clear: () => {
      text = ''
    },
    /** Resolves to all text when it contains a part. */
    until: async (part: string): Promise<string> => {
      while (!text.includes(part)) await once(stream, 'data')
      return text
    },
  }
}
