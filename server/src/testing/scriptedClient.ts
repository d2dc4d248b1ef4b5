import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { IDLE_REQUEST, type Settings } from '@istio-ambient-policy/shared'
import type {
  CodeAction,
  Diagnostic,
  Hover,
  InitializeParams,
  InitializeResult,
  Position,
  PublishDiagnosticsParams,
  Range,
  WorkspaceEdit,
} from 'vscode-languageserver'
import type { ProtocolConnection } from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { uriOfFile } from '../convert/uris.js'
import { CLIENT_CAPABILITIES } from './clientCapabilities.js'
import { LocalServer } from './localServer.js'
import { ServerProcess, type RunningServer } from './serverProcess.js'

export interface ScriptedClientOptions {
  /** Workspace folders by name, each with its files. */
  readonly folders?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly settings?: Partial<Settings>
  readonly initializationOptions?: unknown
  readonly capabilities?: InitializeParams['capabilities']
  /** Starts the bundled server in a process, as editors do. The default is the server from its sources, in this process. */
  readonly transport?: 'stdio' | 'ipc' | undefined
  /** An existing folder for the workspace folders, which is not deleted. The default is a temporary folder. */
  readonly root?: string
  readonly withoutWaiting?: boolean
  /** Code that runs in the process before the server. */
  readonly preload?: string
}

/** A language client without an editor. It starts a server on files in a temporary folder. */
export class ScriptedClient {
  readonly connection: ProtocolConnection
  /** All published diagnostics in their order. */
  readonly published: PublishDiagnosticsParams[] = []
  readonly log: string[] = []
  readonly registrations: string[] = []
  readonly progress: string[] = []
  settings: Partial<Settings>
  initialized: InitializeResult | undefined
  readonly #folder: string
  readonly #isTemporary: boolean
  readonly #server: RunningServer
  readonly #documents = new Map<string, TextDocument>()

  private constructor({ preload, settings, transport, root }: ScriptedClientOptions) {
    this.#folder = root ?? mkdtempSync(join(tmpdir(), 'ambient-policy-'))
    this.#isTemporary = root === undefined
    this.settings = settings ?? {}
    this.#server =
      transport === undefined
        ? new LocalServer()
        : new ServerProcess({
            preload: preload === undefined ? undefined : this.#writePreload(preload),
            transport,
          })
    this.connection = this.#server.connection
    this.connection.onNotification(
      'textDocument/publishDiagnostics',
      (params: PublishDiagnosticsParams) => void this.published.push(params),
    )
    this.connection.onNotification(
      'window/logMessage',
      ({ message }: { message: string }) => void this.log.push(message),
    )
    this.connection.onNotification(
      'window/showMessage',
      ({ message }: { message: string }) => void this.log.push(message),
    )
    this.connection.onNotification(
      '$/progress',
      ({ value }: { value: { kind: string } }) => void this.progress.push(value.kind),
    )
    this.connection.onRequest('window/workDoneProgress/create', () => null)
    this.connection.onRequest(
      'workspace/configuration',
      ({ items }: { items: readonly unknown[] }) => items.map(() => this.settings),
    )
    this.connection.onRequest(
      'client/registerCapability',
      ({ registrations }: { registrations: readonly { method: string }[] }) => {
        this.registrations.push(...registrations.map(({ method }) => method))
      },
    )
    this.connection.listen()
  }

  /** Starts a server on some folders and waits until they are read. */
  static async start(options: ScriptedClientOptions = {}): Promise<ScriptedClient> {
    const client = new ScriptedClient(options)
    for (const [folder, files] of Object.entries(options.folders ?? {}))
      for (const [name, text] of Object.entries(files)) client.write(`${folder}/${name}`, text)
    client.initialized = await client.connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      capabilities: options.capabilities ?? CLIENT_CAPABILITIES,
      workspaceFolders: Object.keys(options.folders ?? {}).map((name) => ({
        name,
        uri: client.uri(name),
      })),
      initializationOptions: options.initializationOptions,
    })
    await client.connection.sendNotification('initialized', {})
    if (options.withoutWaiting !== true) await client.idle()
    return client
  }

  path(name: string): string {
    return join(this.#folder, name)
  }

  uri(name: string): string {
    return uriOfFile(this.path(name))
  }

  /** Writes a file on disk, without a notification to the server. */
  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true })
    writeFileSync(this.path(name), text)
  }

  delete(name: string): void {
    unlinkSync(this.path(name))
  }

  async changedOnDisk(
    ...changes: readonly (readonly [name: string, type: 'created' | 'changed' | 'deleted'])[]
  ): Promise<void> {
    const types = { created: 1, changed: 2, deleted: 3 }
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: changes.map(([name, type]) => ({ uri: this.uri(name), type: types[type] })),
    })
    await this.idle()
  }

  async open(name: string, text: string): Promise<void> {
    const document = TextDocument.create(this.uri(name), 'yaml', 1, text)
    this.#documents.set(document.uri, document)
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: document.uri, languageId: 'yaml', version: 1, text },
    })
    await this.idle()
  }

  /** Replaces the first `old` in an open document with `next`. */
  async edit(name: string, old: string, next: string): Promise<void> {
    await this.#change(this.#document(this.uri(name)), [
      { range: this.rangeOf(name, old), text: next },
    ])
    await this.idle()
  }

  async close(name: string): Promise<void> {
    this.#documents.delete(this.uri(name))
    await this.connection.sendNotification('textDocument/didClose', {
      textDocument: { uri: this.uri(name) },
    })
    await this.idle()
  }

  text(name: string): string {
    return this.#document(this.uri(name)).getText()
  }

  rangeOf(name: string, needle: string): Range {
    const document = this.#document(this.uri(name))
    const start = document.getText().indexOf(needle)
    if (start < 0) throw new Error(`"${needle}" is not in ${name}.`)
    return { start: document.positionAt(start), end: document.positionAt(start + needle.length) }
  }

  position(name: string, needle: string): Position {
    return this.rangeOf(name, needle).start
  }

  /** The current diagnostics of a file. */
  diagnostics(name: string): readonly Diagnostic[] {
    return this.published.findLast(({ uri }) => uri === this.uri(name))?.diagnostics ?? []
  }

  codes(name: string): string[] {
    return this.diagnostics(name).map(({ code }) => String(code))
  }

  /** The names of the files whose diagnostics were published while `act` ran. */
  async publishedDuring(act: () => Promise<void>): Promise<string[]> {
    const before = this.published.length
    await act()
    return [
      ...new Set(this.published.slice(before).map(({ uri }) => uri.slice(this.uri('').length + 1))),
    ].sort()
  }

  async hover(name: string, needle: string): Promise<string | undefined> {
    const hover: Hover | null = await this.connection.sendRequest('textDocument/hover', {
      textDocument: { uri: this.uri(name) },
      position: this.position(name, needle),
    })
    return hover === null ? undefined : (hover.contents as { value: string }).value
  }

  codeActions(name: string, range: Range, only?: readonly string[]): Promise<CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri: this.uri(name) },
      range,
      context: { diagnostics: [], ...(only ? { only } : {}) },
    })
  }

  /** Applies an edit to open documents, as an editor does. Its versions must be those of the documents. */
  async apply({ documentChanges = [] }: WorkspaceEdit): Promise<void> {
    for (const change of documentChanges) {
      if (!('textDocument' in change)) throw new Error(`The client cannot ${change.kind} files.`)
      const document = this.#documents.get(change.textDocument.uri)
      if (!document) throw new Error(`${change.textDocument.uri} is not open.`)
      if (change.textDocument.version !== document.version)
        throw new Error(
          `The edit is for version ${String(change.textDocument.version)}, the document has ${document.version}.`,
        )
      const edits = change.edits.map((edit) => ({
        range: edit.range,
        text: 'newText' in edit ? edit.newText : '',
      }))
      await this.#change(
        document,
        edits.sort(
          (a, b) =>
            b.range.start.line - a.range.start.line ||
            b.range.start.character - a.range.start.character,
        ),
      )
    }
    await this.idle()
  }

  /** Applies the code action with a title at a text. Returns the new text. */
  async fix(name: string, needle: string, title: string): Promise<string> {
    const actions = await this.codeActions(name, this.rangeOf(name, needle))
    const action = actions.find((candidate) => candidate.title === title)
    if (!action?.edit)
      throw new Error(
        `No fix "${title}" at "${needle}". The fixes are: ${actions.map((candidate) => candidate.title).join(', ')}.`,
      )
    await this.apply(action.edit)
    return this.text(name)
  }

  /** Sends several messages to the server at once. */
  sendTogether(send: () => void): Promise<void> {
    return this.#server.sendTogether(send)
  }

  /** Resolves when the server has published all findings. */
  async idle(): Promise<void> {
    await this.connection.sendRequest(IDLE_REQUEST)
  }

  async changeSettings(settings: Partial<Settings>): Promise<void> {
    this.settings = settings
    await this.connection.sendNotification('workspace/didChangeConfiguration', { settings: null })
    await this.idle()
  }

  /** Ends the server and deletes the files. Returns its exit status. */
  async stop(): Promise<number | null> {
    const status = await this.#server.stop()
    if (this.#isTemporary) rmSync(this.#folder, { recursive: true, force: true })
    return status
  }

  #writePreload(code: string): string {
    const file = join(this.#folder, 'preload.cjs')
    writeFileSync(file, code)
    return file
  }

  #document(uri: string): TextDocument {
    const document = this.#documents.get(uri)
    if (!document) throw new Error(`${uri} is not open.`)
    return document
  }

  async #change(
    document: TextDocument,
    contentChanges: readonly { range: Range; text: string }[],
  ): Promise<void> {
    TextDocument.update(document, [...contentChanges], document.version + 1)
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: document.uri, version: document.version },
      contentChanges,
    })
  }
}
