// Random edits of open documents: at the end, a server must have published the same as a new server.
import { isDeepStrictEqual } from 'node:util'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { DiagnosticsPublisher } from '../../server/src/convert/diagnosticsPublisher.ts'
import { Files } from '../../server/src/files.ts'
import { diskTexts } from '../../server/src/workspace/diskTexts.ts'
import { OpenDocument } from '../../server/src/workspace/openDocument.ts'
import { Sources } from '../../server/src/workspace/sources.ts'
import { Workspaces } from '../../server/src/workspace/workspaces.ts'
import { mergeSettings } from '../../shared/src/index.ts'
import { liesIn, linesOf } from './findings.mjs'
import { MemoryDisk } from './memoryDisk.mjs'
import { changeOf, drawFiles, drawStep } from './steps.mjs'

const FOLDER = '/mesh'
const SETTINGS = [
  {},
  { assumeAmbient: 'all' },
  { meshRoots: ['sub', 'overlays/x'] },
  { exclude: ['sub'] },
  { rules: { 'rule-idle': 'off', 'selector-matches-nothing': 'hint' } },
  { rootNamespace: 'shop' },
  { maxFileSize: 0.001 },
]

export const edits = {
  name: 'edits',
  count: 3_000,
  draw(random, corpus) {
    const files = drawFiles(random, corpus)
    const steps = Array.from({ length: 4 + random.below(30) }, () => drawStep(random, corpus))
    return { context: { files }, parts: steps, units: steps.length }
  },
  async check({ context, parts }) {
    const disk = new MemoryDisk()
    for (const { file, text } of context.files) disk.files.set(`${FOLDER}/${file}`, text)
    const server = new Server(disk)
    await server.start()
    for (const step of parts) await act(server, step)
    // The server assigns files to meshes when they are saved, not on each keystroke.
    for (const file of server.documents.keys())
      await act(server, { do: 'save', file: file.slice(FOLDER.length + 1) })
    await server.workspaces.idle()
    server.workspaces.dispose()
    const fresh = new Server(disk)
    fresh.settings = server.settings
    for (const document of server.documents.values()) fresh.open(document.uri, document.split.text)
    await fresh.start()
    fresh.workspaces.dispose()
    return problemOf(server, fresh)
  },
  show: ({ context, parts }) => JSON.stringify({ context, steps: parts }, undefined, 1),
}

/** The difference between two servers with the same files; undefined if there is none. */
function problemOf(server, fresh) {
  if (server.errors.length > 0) return `The server logs an error: ${server.errors[0]}`
  for (const file of [...new Set([...server.published.keys(), ...fresh.published.keys()])].sort()) {
    const [published, expected] = [server, fresh].map(({ published: of }) => of.get(file) ?? [])
    if (!isDeepStrictEqual(published, expected))
      return `${file} has\n${describe(published)}\nand in a new server\n${describe(expected)}`
    const lines = linesOf(
      server.documents.get(file)?.split.text ?? server.disk.files.get(file) ?? '',
    )
    for (const { code, range } of published)
      if (!liesIn(range, lines))
        return `${code} in ${file} is at ${JSON.stringify(range)}, which is outside the text.`
  }
  return undefined
}

function describe(diagnostics) {
  return diagnostics.map((diagnostic) => `  ${JSON.stringify(diagnostic)}`).join('\n')
}

/** The parts of a server without its connection. */
class Server {
  documents = new Map()
  published = new Map()
  errors = []
  settings = {}
  #version = 0

  constructor(disk) {
    this.disk = disk
    const publisher = new DiagnosticsPublisher({
      uriOf: (file) => file,
      versionOf: (file) => this.documents.get(file)?.version,
      pageOf: () => undefined,
      send: ({ uri, version, diagnostics }) => {
        if (version !== this.documents.get(uri)?.version)
          this.errors.push(`${uri} is published for version ${version}`)
        if (diagnostics.length > 0) this.published.set(uri, diagnostics)
        else this.published.delete(uri)
      },
    })
    const logError = (message) => this.errors.push(message)
    const files = new Files({ local: disk, client: undefined })
    // The log says if a file is too large.
    this.sources = new Sources(
      diskTexts({
        files,
        log: { warn: () => undefined },
        folderOf: () => ({ folder: '/mesh', settings: mergeSettings(this.settings) }),
      }),
    )
    this.workspaces = new Workspaces({
      files,
      log: { info: () => undefined, warn: logError, error: logError },
      sources: this.sources,
      loadSettings: () => Promise.resolve(mergeSettings(this.settings)),
      beginReading: () => ({
        report: () => undefined,
        end: (problems) =>
          problems
            .filter(({ severity }) => severity === 'failure')
            .forEach(({ path, message }) => logError(`${path} ${message}`)),
      }),
      diagnostics: publisher,
      onFolderLoaded: () => undefined,
      onMeshChanged: () => undefined,
    })
  }

  async start() {
    void this.workspaces.add(FOLDER)
    await this.workspaces.idle()
  }

  open(file, text) {
    const document = new OpenDocument(file, ++this.#version, text)
    this.documents.set(file, document)
    this.sources.open(file, document)
    this.workspaces.edit(file)
  }

  change(file, change) {
    const document = this.documents.get(file)
    const whole = TextDocument.create(file, 'yaml', document.version, document.split.text)
    const typed = [
      {
        range: { start: whole.positionAt(change.start), end: whole.positionAt(change.end) },
        text: change.insert,
      },
    ]
    document.update(typed, ++this.#version)
    if (document.split.text !== TextDocument.update(whole, typed, document.version).getText())
      this.errors.push(`${file} does not have the typed text`)
    this.workspaces.edit(file)
  }

  close(file) {
    if (!this.documents.delete(file)) return
    this.sources.close(file)
    this.workspaces.close(file)
  }
}

async function act(server, step) {
  const { disk, documents, workspaces } = server
  const file = `${FOLDER}/${step.file}`
  const write = (path, text) => {
    disk.files.set(path, text)
    workspaces.diskChanged([path])
  }
  const open = (path) => {
    if (!documents.has(path)) server.open(path, disk.files.get(path) ?? '')
    return documents.get(path)
  }
  switch (step.do) {
    case 'type':
    case 'documents': {
      const document = open(file)
      return server.change(file, changeOf(step, document.split.text))
    }
    case 'revert': {
      const document = open(file)
      return server.change(file, {
        start: 0,
        end: document.split.text.length,
        insert: disk.files.get(file) ?? '',
      })
    }
    case 'open':
      return void open(file)
    case 'close':
      return server.close(file)
    case 'save':
      return documents.has(file) ? write(file, documents.get(file).split.text) : undefined
    case 'write':
      return write(file, step.text)
    case 'delete':
      return disk.files.delete(file) ? workspaces.diskChanged([file]) : undefined
    case 'rename': {
      const text = disk.files.get(file)
      if (text === undefined || step.to === step.file) return undefined
      const to = `${FOLDER}/${step.to}`
      const before = documents.get(file)?.split.text
      server.close(file)
      disk.files.delete(file)
      disk.files.set(to, text)
      if (before !== undefined && !documents.has(to)) server.open(to, before)
      return workspaces.diskChanged([file, to])
    }
    case 'deleteFolder': {
      const folder = `${FOLDER}/${step.folder}`
      for (const path of disk.files.keys())
        if (path.startsWith(`${folder}/`)) disk.files.delete(path)
      return workspaces.diskChanged([folder])
    }
    case 'settings':
      server.settings = SETTINGS[step.at % SETTINGS.length]
      return void workspaces.reloadSettings()
    case 'wait':
      return workspaces.idle()
    default:
      throw new Error(`Unknown step "${step.do}".`)
  }
}
