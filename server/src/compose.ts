import { closedMeshOf, IDLE_REQUEST, printable } from '@istio-ambient-policy/shared'
import type { Connection, InitializeParams } from 'vscode-languageserver'
import { ClientHost } from './clientHost.js'
import { LastFindings } from './cache/lastFindings.js'
import { SaveFindings } from './cache/saveFindings.js'
import { DiagnosticsPublisher } from './convert/diagnosticsPublisher.js'
import { uriOfFile } from './convert/uris.js'
import { registerAccess } from './features/access.js'
import { registerAssistantTools } from './features/assistantTools.js'
import { registerCallHierarchy } from './features/callHierarchy.js'
import { readClientAbilities } from './features/clientAbilities.js'
import { clientRefresh } from './features/clientRefresh.js'
import { registerCodeActions } from './features/codeActions.js'
import { registerCodeLens } from './features/codeLens.js'
import { BaseTexts, registerCompareAccess } from './features/compareAccess.js'
import { registerCompletion } from './features/completion.js'
import { Configuration, registerConfiguration } from './features/configuration.js'
import { registerDefinition } from './features/definition.js'
import { registerDocumentHighlights } from './features/documentHighlights.js'
import { registerDocumentLinks } from './features/documentLinks.js'
import { registerExecuteCommand } from './features/executeCommand.js'
import { registerEvaluate } from './features/evaluate.js'
import { registerExplainLog } from './features/explainLog.js'
import { registerHover } from './features/hover.js'
import { registerInlayHints } from './features/inlayHints.js'
import { registerMeshView } from './features/meshView.js'
import { MissingTests } from './features/missingTests.js'
import { ObjectDocuments } from './features/objectDocuments.js'
import { showReading } from './features/progress.js'
import { registerReferences } from './features/references.js'
import { registerRename } from './features/rename.js'
import { registerRules, rulePageOf, rulePageText } from './features/rulePages.js'
import type { ServerContext } from './features/serverContext.js'
import { StatusReporter } from './features/status.js'
import { registerStructure } from './features/structure.js'
import { registerTextDocumentContent } from './features/textDocumentContent.js'
import { registerTestFiles } from './features/testFiles.js'
import { registerTextSync } from './features/textSync.js'
import { registerWatchedFiles } from './features/watchedFiles.js'
import { foldersOf, registerWorkspaceFolders } from './features/workspaceFolders.js'
import { registerWorkspaceSymbols } from './features/workspaceSymbols.js'
import { Files } from './files.js'
import { connectionLog } from './connectionLog.js'
import { MessageType, ShowMessageNotification, TextDocuments } from './lsp.js'
import type { Machine } from './machine.js'
import { diskTexts } from './workspace/diskTexts.js'
import { OPEN_DOCUMENTS } from './workspace/openDocument.js'
import { Sources } from './workspace/sources.js'
import { Workspaces } from './workspace/workspaces.js'

/** The features that need only the connection and the context. */
const FEATURES: readonly ((connection: Connection, context: ServerContext) => void)[] = [
  registerWatchedFiles,
  registerEvaluate,
  registerExecuteCommand,
  registerExplainLog,
  registerAccess,
  registerMeshView,
  registerTextSync,
  registerTestFiles,
  registerHover,
  registerCodeActions,
  registerCodeLens,
  registerCompletion,
  registerInlayHints,
  registerDefinition,
  registerReferences,
  registerDocumentHighlights,
  registerRename,
  registerDocumentLinks,
  registerStructure,
  registerWorkspaceSymbols,
  registerCallHierarchy,
]

/**
 * Creates the parts of the server and registers its features. Reading starts after `initialized`.
 */
export function compose(
  connection: Connection,
  { host: local, runWithinLimit, openCache, loadTools }: Machine,
  params: InitializeParams,
): void {
  const log = connectionLog(connection)
  const client = readClientAbilities(params)
  const files = new Files({ local, client: client.files ? new ClientHost(connection) : undefined })
  const sources: Sources = new Sources(
    diskTexts({
      files,
      log,
      folderOf: (file) => workspaces.folderOf(file),
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
  const shutdown = new AbortController()
  const status = client.status
    ? new StatusReporter(connection, { log, shutdown: shutdown.signal }, () => workspaces.folders)
    : undefined
  const showProgress = showReading(connection, log)
  const refreshClient = clientRefresh(connection, client, { log, shutdown: shutdown.signal })
  const workspaces: Workspaces = new Workspaces({
    files,
    log,
    sources,
    loadSettings: (folder) => configuration.load(folder),
    beginReading: (folder) => {
      const progress = showProgress(folder)
      status?.begin()
      return {
        report: progress.report,
        end: (problems) => {
          progress.end(problems)
          status?.end(folder, problems)
        },
      }
    },
    diagnostics: {
      publish: (file, analyses, unread) => {
        publisher.publish(file, analyses, unread)
        saved?.published(file)
        objectDocuments.changed()
        status?.changed()
      },
      publishSaved: (folder, file) => {
        const text = last && folder.settings.cache ? sources.text(file) : undefined
        if (text !== undefined) publisher.publishLast(file, last?.of(folder, file, text) ?? [])
      },
      files: () => publisher.files(),
      pointingInto: (file) => publisher.pointingInto(file),
    },
    onFolderLoaded: () => {
      void status?.send()
      refreshClient()
    },
    onMeshChanged: refreshClient,
    runWithinLimit,
    onLeftOut: (file, message) => {
      void connection.sendNotification(ShowMessageNotification.type, {
        type: MessageType.Warning,
        message: printable(`${file} ${message}`),
      })
    },
  })
  const cache = client.cacheFolder === undefined ? undefined : openCache?.(client.cacheFolder)
  const last = cache && new LastFindings(cache)
  const saved =
    cache &&
    last &&
    new SaveFindings({
      cache,
      last,
      idle: () => workspaces.idle(),
      folderOf: (file) => {
        const folder = workspaces.folderOf(file)
        return folder?.ready === true && folder.settings.cache ? folder : undefined
      },
      isPending: (file) => workspaces.scheduler.isPending(file),
      textOf: (file) => sources.text(file),
      findingsOf: (file) => publisher.findingsOf(file),
    })
  const afterInitialized: (() => void)[] = []
  connection.onInitialized(() => {
    for (const action of afterInitialized) action()
  })
  const context: ServerContext = {
    client,
    serverCommands: new Map(),
    files,
    log,
    sources,
    workspaces,
    closedMesh: closedMeshOf,
    baseTexts: new BaseTexts(),
    missingTests: new MissingTests(),
    documents: new TextDocuments(OPEN_DOCUMENTS),
    diagnostics: { uriOf, pageOf },
    forgetPublished: (file) => {
      publisher.forget(file)
    },
    whenInitialized: (action) => void afterInitialized.push(action),
    shutdown: shutdown.signal,
    edits: { ...client, uriOf, versionOf, textOf: (file) => sources.text(file) },
  }
  const objectDocuments = new ObjectDocuments(connection, context)
  registerConfiguration(connection, context, configuration)
  registerRules(connection)
  for (const register of FEATURES) register(connection, context)
  registerCompareAccess(connection, context, refreshClient)
  registerAssistantTools(connection, context, loadTools)
  registerWorkspaceFolders(connection, context, { initial: foldersOf(params), configuration })
  registerTextDocumentContent(connection, [rulePageText, (uri) => objectDocuments.text(uri)])
  connection.onRequest(IDLE_REQUEST, () => workspaces.idle().then(() => null))
  connection.onShutdown(() => {
    shutdown.abort()
    saved?.end()
    workspaces.dispose()
  })
}
