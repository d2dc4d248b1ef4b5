// Requests in random order between edits, with cancellations and changes of files on disk: each request must be
// answered, and at the end the server must have the same findings as a new server.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { CancellationTokenSource } from 'vscode-languageserver/node'
import { Client } from './client.mjs'
import { changeOf, drawFiles, drawStep } from './steps.mjs'

const AT_PLACE = [
  'hover',
  'completion',
  'definition',
  'references',
  'documentHighlight',
  'prepareCallHierarchy',
  'prepareRename',
  'rename',
]
const OF_DOCUMENT = ['codeLens', 'documentLink', 'inlayHint', 'codeAction']
const OF_PROJECT = [
  'istioAmbientPolicy/rules',
  'istioAmbientPolicy/meshView',
  'istioAmbientPolicy/evaluate',
  'istioAmbientPolicy/evaluateChoices',
  'istioAmbientPolicy/objectDocuments',
  'workspace/symbol',
]
const SETTINGS = [
  {},
  { assumeAmbient: 'all' },
  { exclude: ['sub'] },
  { rules: { 'rule-idle': 'off' } },
  { maxFiles: 'many' },
]
const TYPES = { created: 1, changed: 2, deleted: 3 }
/**
 * RequestCancelled, ServerCancelled, ContentModified, RequestFailed, InvalidParams, InvalidRequest: expected
 * errors.
 */
const REFUSALS = [-32800, -32802, -32801, -32803, -32602, -32600]

export const requests = {
  name: 'requests',
  shrinkBudget: 300,
  draw(random, corpus) {
    const files = drawFiles(random, corpus)
    const steps = Array.from({ length: 10 + random.below(50) }, () =>
      random.chance(60) ? drawRequest(random) : drawStep(random, corpus),
    )
    return { context: { files }, parts: steps, units: steps.length }
  },
  async check({ context, parts }) {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ambient-policy-fuzz-')))
    const unhandled = []
    const note = (reason) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    try {
      for (const { file, text } of context.files) write(join(folder, file), text)
      return (
        (await play(folder, parts)) ??
        (unhandled.length > 0
          ? `A promise was rejected: ${unhandled[0]?.stack ?? unhandled[0]}`
          : undefined)
      )
    } finally {
      process.off('unhandledRejection', note)
      rmSync(folder, { recursive: true, force: true })
    }
  },
  show: ({ context, parts }) => JSON.stringify({ context, steps: parts }, undefined, 1),
}

export function drawRequest(random) {
  const { file } = drawFileStep(random)
  const cancel = random.pick(['no', 'no', 'no', 'at once', 'soon'])
  const dice = random.below(100)
  const method =
    dice < 55
      ? `textDocument/${random.pick(AT_PLACE)}`
      : dice < 80
        ? `textDocument/${random.pick(OF_DOCUMENT)}`
        : random.pick(OF_PROJECT)
  return { do: 'ask', method, file, at: random.next(), cancel }
}

function drawFileStep(random) {
  return {
    file: random.pick([
      'a.yaml',
      'a.yaml',
      'b.yaml',
      'sub/c.yaml',
      'sub/d.yml',
      'kustomization.yaml',
      'gone.yaml',
    ]),
  }
}

async function play(folder, steps) {
  const client = new Client(folder)
  await client.start()
  for (const step of steps) await act(client, step)
  // The server assigns files to meshes when they are saved, not on each keystroke.
  for (const uri of client.documents.keys())
    await act(client, { do: 'save', file: uri.slice(client.uri('').length) })
  const failed = (await client.failedAnswers()).filter(
    ({ error }) => !REFUSALS.includes(error.code),
  )
  await client.stop()
  if (failed.length > 0)
    return `${failed[0].method} was answered with ${failed[0].error.code}: ${failed[0].error.message}`
  if (client.errors.length > 0)
    return `The server logs an error: ${client.errors[0].replaceAll(folder, '')}`
  const fresh = await startLike(client, new Client(folder))
  await fresh.stop()
  return differenceBetween(client, fresh)
}

/** Starts a client with the settings and the open documents of another one. */
export async function startLike(client, fresh) {
  fresh.settings = client.settings
  await fresh.start()
  for (const document of client.documents.values()) fresh.open(document.uri, document.getText())
  await fresh.failedAnswers()
  return fresh
}

/** The first file with other diagnostics than in a new server; undefined if there is none. */
export function differenceBetween(client, fresh) {
  for (const uri of [...new Set([...client.published.keys(), ...fresh.published.keys()])].sort()) {
    const [published, expected] = [client, fresh].map((each) => each.published.get(uri) ?? [])
    if (!isDeepStrictEqual(published, expected))
      return `${uri.slice(client.uri('').length)} has\n${describe(published)}\nand in a new server\n${describe(expected)}`
  }
  return undefined
}

function describe(diagnostics) {
  return diagnostics.map((diagnostic) => `  ${JSON.stringify(diagnostic)}`).join('\n')
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** Does a step of a user, or sends a request. */
export async function act(client, step) {
  const path = step.file === undefined ? '' : join(client.folder, step.file)
  const uri = step.file === undefined ? '' : client.uri(step.file)
  const changed = (...changes) =>
    client.notify('workspace/didChangeWatchedFiles', {
      changes: changes.map(([file, type]) => ({ uri: client.uri(file), type: TYPES[type] })),
    })
  const open = (name) => {
    if (!client.documents.has(client.uri(name)))
      client.open(client.uri(name), read(join(client.folder, name)) ?? '')
    return client.documents.get(client.uri(name))
  }
  switch (step.do) {
    case 'ask':
      return ask(client, step, uri)
    case 'type':
    case 'documents':
      return client.change(uri, changeOf(step, open(step.file).getText()))
    case 'revert':
      return client.change(uri, {
        start: 0,
        end: open(step.file).getText().length,
        insert: read(path) ?? '',
      })
    case 'open':
      return void open(step.file)
    case 'close':
      return client.close(uri)
    case 'save':
      if (!client.documents.has(uri)) return undefined
      write(path, client.documents.get(uri).getText())
      return changed([step.file, 'changed'])
    case 'write':
      write(path, step.text)
      return changed([step.file, 'changed'])
    case 'delete':
      if (!existsSync(path)) return undefined
      rmSync(path)
      return changed([step.file, 'deleted'])
    case 'rename': {
      const to = join(client.folder, step.to)
      if (!existsSync(path) || step.to === step.file) return undefined
      const before = client.documents.get(uri)?.getText()
      client.close(uri)
      mkdirSync(dirname(to), { recursive: true })
      renameSync(path, to)
      if (before !== undefined && !client.documents.has(client.uri(step.to)))
        client.open(client.uri(step.to), before)
      return changed([step.file, 'deleted'], [step.to, 'created'])
    }
    case 'deleteFolder':
      rmSync(join(client.folder, step.folder), { recursive: true, force: true })
      return changed([step.folder, 'deleted'])
    case 'settings':
      client.settings = SETTINGS[step.at % SETTINGS.length]
      return client.notify('workspace/didChangeConfiguration', { settings: null })
    case 'wait':
      return new Promise((resolve) => setImmediate(resolve))
    default:
      throw new Error(`Unknown step "${step.do}".`)
  }
}

function ask(client, { method, at, cancel }, uri) {
  const document = client.documents.get(uri)
  const length = document?.getText().length ?? 100
  // Sometimes a position after the end of the text.
  const position =
    at % 20 === 0
      ? { line: 10_000, character: 7 }
      : (document?.positionAt(at % (length + 1)) ?? { line: at % 7, character: at % 11 })
  const range = {
    start: position,
    end: { line: position.line + (at % 5), character: position.character },
  }
  const params = {
    textDocument: { uri },
    position,
    range,
    context: method.endsWith('codeAction') ? { diagnostics: [] } : { includeDeclaration: true },
    newName: ['other', 'a b', ''][at % 3],
    query: ['', 'a', 'shop/'][at % 3],
    uri,
  }
  const source = new CancellationTokenSource()
  client.ask(method, params, source.token)
  if (cancel === 'at once') source.cancel()
  if (cancel === 'soon') setImmediate(() => source.cancel())
}
