import {
  DEFAULT_SETTINGS,
  isTestFile,
  type Analysis,
  type ClosedMesh,
} from '@istio-ambient-policy/shared'
import type { CancellationToken, TextDocuments } from 'vscode-languageserver'
import type { DiagnosticContext } from '../convert/toDiagnostic.js'
import type { WorkspaceEditContext } from '../convert/toWorkspaceEdit.js'
import type { Files } from '../files.js'
import { describeError, type Log } from '../log.js'
import { fileOfUri } from '../convert/uris.js'
import { LSPErrorCodes, ResponseError } from '../lsp.js'
import type { OpenDocument } from '../workspace/openDocument.js'
import type { Sources } from '../workspace/sources.js'
import type { Workspaces } from '../workspace/workspaces.js'
import type { ClientAbilities } from './clientAbilities.js'
import type { ServerCommand } from './executeCommand.js'
import type { BaseTexts } from './compareAccess.js'
import type { MissingTests } from './missingTests.js'

/** The parts of the server that the features share. */
export interface ServerContext {
  readonly client: ClientAbilities
  /** The commands of `workspace/executeCommand`, by their names. */
  readonly serverCommands: Map<string, ServerCommand>
  readonly documents: TextDocuments<OpenDocument>
  readonly files: Files
  readonly log: Log
  readonly diagnostics: DiagnosticContext
  readonly edits: WorkspaceEditContext
  /** The client may have removed the diagnostics of a file. */
  readonly forgetPublished: (file: string) => void
  readonly sources: Sources
  readonly workspaces: Workspaces
  /** The mesh of an analysis, if its files are the complete mesh. */
  readonly closedMesh: (analysis: Analysis) => ClosedMesh
  /** The texts of files at a revision. */
  readonly baseTexts: BaseTexts
  /** What the last search for missing policy tests has found. */
  readonly missingTests: MissingTests
  /** Runs an action after `initialized`. Before, the server must not send requests and notifications. */
  readonly whenInitialized: (act: () => void) => void
  /** Aborted by the request `shutdown`. After it, the server must not send requests. */
  readonly shutdown: AbortSignal
}

/** The document of a request, with its analyses. */
export interface RequestedFile {
  readonly file: string
  readonly analysis: Analysis
  /** The analyses of all meshes of the file. `analysis` is the first of them. */
  readonly analyses: readonly Analysis[]
}

/**
 * Wraps the handler of a request. An error is logged, and the answer is `null`. A cancelled request gets an error. A
 * document without an analysis gets `null`; `onTestFile` handles policy tests, which have none. A document that takes
 * too long is left out. Handlers are synchronous and use the current state.
 */
export function requestHandler<P extends { readonly textDocument: { readonly uri: string } }, R>(
  {
    workspaces,
    log,
  }: {
    readonly workspaces: Pick<Workspaces, 'analysesOf' | 'runWithinLimit'>
    readonly log: Log
  },
  name: string,
  handler: (requested: RequestedFile, params: P) => R | null,
  onTestFile?: (file: string, params: P) => R | null,
): (params: P, token: CancellationToken) => R | null | ResponseError<undefined> {
  return (params, token) => {
    if (token.isCancellationRequested)
      return new ResponseError(LSPErrorCodes.RequestCancelled, `${name} was cancelled`)
    try {
      const file = fileOfUri(params.textDocument.uri)
      if (onTestFile && isTestFile(file))
        return workspaces.runWithinLimit(file, () => onTestFile(file, params))
      const analyses = workspaces.analysesOf(file)
      const [analysis] = analyses
      return analysis
        ? workspaces.runWithinLimit(file, () => handler({ file, analysis, analyses }, params))
        : null
    } catch (error) {
      log.error(`${name} failed: ${describeError(error)}`)
      return null
    }
  }
}

/** Runs an action with the current contents of files. If they are on this machine, it runs at once. */
export function whenRefreshed(
  { files, log, workspaces }: Pick<ServerContext, 'files' | 'log' | 'workspaces'>,
  names: readonly string[],
  act: () => void,
): void {
  const refreshed = files.refresh(
    names,
    workspaces.folderOf(names[0] ?? '')?.settings ?? DEFAULT_SETTINGS,
  )
  if (!refreshed) {
    act()
    return
  }
  refreshed.then(act, (error: unknown) => {
    log.error(`Changed files cannot be read: ${describeError(error)}`)
  })
}
