import {
  DEFAULT_SETTINGS,
  SETTLED_REQUEST,
  ClosedMesh,
  type Analysis,
} from '@istio-ambient-policy/shared'
import type { Connection, InitializeParams } from 'vscode-languageserver'
import { DiagnosticsPublisher } from './convert/diagnosticsPublisher.js'
import { uriOfFile } from './convert/uris.js'
import { readClientAbilities } from './features/clientAbilities.js'
import { registerCodeActions } from './features/codeActions.js'
import { registerCodeLens } from './features/codeLens.js'
import { registerCompletion } from './features/completion.js'
import { Configuration, registerConfiguration } from './features/configuration.js'
import { registerCallHierarchy } from './features/callHierarchy.js'
import { registerDefinition } from './features/definition.js'
import { registerDocumentHighlights } from './features/documentHighlights.js'
import { registerDocumentLinks } from './features/documentLinks.js'
import { registerEvaluate } from './features/evaluate.js'
import { registerHover } from './features/hover.js'
import { registerInlayHints } from './features/inlayHints.js'
import { registerMeshView } from './features/meshView.js'
import { showReading } from './features/progress.js'
import { ObjectDocuments } from './features/objectDocuments.js'
import { registerReferences } from './features/references.js'
import { refresher } from './features/refresher.js'
import { registerRename } from './features/rename.js'
import { registerRules, rulePageOf, rulePageText } from './features/rulePages.js'
import type { ServerContext } from './features/serverContext.js'
import { StatusReporter } from './features/status.js'
import { registerTextDocumentContent } from './features/textDocumentContent.js'
import { registerTextSync } from './features/textSync.js'
import { registerWatchedFiles } from './features/watchedFiles.js'
import { foldersOf, registerWorkspaceFolders } from './features/workspaceFolders.js'
import { registerWorkspaceSymbols } from './features/workspaceSymbols.js'
import { ClientHost } from './clientHost.js'
import { Files } from './files.js'
import type { Host } from './host.js'
import type { Log } from './log.js'
import { CodeLensRefreshRequest, TextDocuments } from './lsp.js'
import { diskTexts } from './workspace/diskTexts.js'
import { OPEN_DOCUMENTS } from './workspace/openDocument.js'
import { Sources } from './workspace/sources.js'
import { Workspaces } from './workspace/workspaces.js'

/**
 * Puts the server together on a connection, for a client that was told what the server can do. Reading begins after `initialized`.
 *
 * @param local the file system of the machine; a server in a browser has none.
 */
export function compose(
  connection: Connection,
  local: Host | undefined,
  params: InitializeParams,
): void {
  const log = logTo(connection)
  const client = readClientAbilities(params)
  const files = new Files({ local, client: client.files ? new ClientHost(connection) : undefined })
  const sources: Sources = new Sources(
    diskTexts({
      files,
      log,
      settingsOf: (file) => workspaces.folderOf(file)?.settings ?? DEFAULT_SETTINGS,
    }),
  )
  const versionOf = (file: string): number | undefined => sources.document(file)?.version
  const uriOf = (file: string): string => sources.document(file)?.uri ?? uriOfFile(file)
  const pageOf = rulePageOf(client)
  const publisher = new DiagnosticsPublisher({
    uriOf,
    versionOf,
    pageOf,
    send: (diagnostics) => void connection.sendDiagnostics(diagnostics),
  })
  const configuration = new Configuration(connection, { client, files, log, sources })
  const status = client.status
    ? new StatusReporter(connection, () => workspaces.folders)
    : undefined
  const beginProgress = showReading(connection, log)
  const refreshers = [
    ...(client.codeLensRefresh
      ? [refresher('Code lenses', log, () => connection.sendRequest(CodeLensRefreshRequest.type))]
      : []),
    ...(client.inlayHintRefresh
      ? [refresher('Inlay hints', log, () => connection.languages.inlayHint.refresh())]
      : []),
  ]
  const refresh = (): void => {
    for (const ask of refreshers) ask()
  }
  const workspaces: Workspaces = new Workspaces({
    files,
    log,
    sources,
    loadSettings: (folder) => configuration.load(folder),
    beginReading: (folder) => {
      const progress = beginProgress(folder)
      status?.begin()
      return {
        report: progress.report,
        end: (problems) => {
          progress.end(problems)
          status?.end(folder, problems)
        },
      }
    },
    publish: (file, analyses, unread) => {
      publisher.publish(file, analyses, unread)
      objectDocuments.changed()
    },
    published: () => publisher.files(),
    pointingInto: (file) => publisher.pointingInto(file),
    loaded: () => {
      status?.send()
      refresh()
    },
    changed: refresh,
  })
  const waiting: (() => void)[] = []
  connection.onInitialized(() => {
    for (const act of waiting) act()
  })
  const context: ServerContext = {
    client,
    files,
    log,
    sources,
    workspaces,
    wholeMesh: wholeMeshes(),
    documents: new TextDocuments(OPEN_DOCUMENTS),
    diagnostics: { uriOf, pageOf },
    forgetPublished: (file) => {
      publisher.forget(file)
    },
    whenInitialized: (act) => void waiting.push(act),
    edits: { ...client, uriOf, versionOf, textOf: (file) => sources.text(file) },
  }
  const objectDocuments = new ObjectDocuments(connection, context)
  registerConfiguration(connection, context, configuration)
  registerWatchedFiles(connection, context)
  registerEvaluate(connection, context)
  registerMeshView(connection, context)
  registerRules(connection)
  registerTextSync(connection, context)
  registerHover(connection, context)
  registerCodeActions(connection, context)
  registerCodeLens(connection, context)
  registerCompletion(connection, context)
  registerInlayHints(connection, context)
  registerDefinition(connection, context)
  registerReferences(connection, context)
  registerDocumentHighlights(connection, context)
  registerRename(connection, context)
  registerDocumentLinks(connection, context)
  registerWorkspaceSymbols(connection, context)
  registerCallHierarchy(connection, context)
  registerWorkspaceFolders(connection, context, { initial: foldersOf(params), configuration })
  registerTextDocumentContent(connection, [rulePageText, (uri) => objectDocuments.text(uri)])
  connection.onRequest(SETTLED_REQUEST, () => workspaces.settled().then(() => null))
  connection.onShutdown(() => {
    workspaces.dispose()
  })
}

function wholeMeshes(): (analysis: Analysis) => ClosedMesh {
  const known = new WeakMap<Analysis, ClosedMesh>()
  return (analysis) => {
    const whole = known.get(analysis) ?? new ClosedMesh(analysis)
    known.set(analysis, whole)
    return whole
  }
}

function logTo({ console }: Connection): Log {
  return {
    info: (message) => {
      console.info(message)
    },
    warn: (message) => {
      console.warn(message)
    },
    error: (message) => {
      console.error(message)
    },
  }
}
