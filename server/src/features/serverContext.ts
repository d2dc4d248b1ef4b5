import { DEFAULT_SETTINGS, type Analysis, type ClosedMesh } from '@istio-ambient-policy/shared'
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

/** What the features share. */
export interface ServerContext {
  readonly client: ClientAbilities
  readonly documents: TextDocuments<OpenDocument>
  readonly files: Files
  readonly log: Log
  readonly diagnostics: DiagnosticContext
  readonly edits: WorkspaceEditContext
  /** What the client was told of a file may be gone there. */
  readonly forgetPublished: (file: string) => void
  readonly sources: Sources
  readonly workspaces: Workspaces
  /** The files of an analysis taken as the whole mesh. */
  readonly wholeMesh: (analysis: Analysis) => ClosedMesh
  /** The client may be asked and told things only once it said `initialized`. */
  readonly whenInitialized: (act: () => void) => void
}

/** A document of a request, with the analysis that answers for it. */
export interface RequestedFile {
  readonly file: string
  readonly analysis: Analysis
  /** Those of every mesh that the file belongs to; `analysis` is the first. */
  readonly analyses: readonly Analysis[]
}

/**
 * Makes a request's handler safe: one that throws is logged and answers `null`, one that was cancelled says so, and a document that no analysis knows is
 * answered with `null`. Handlers are synchronous and answer from the present state.
 */
export function answering<P extends { readonly textDocument: { readonly uri: string } }, R>(
  { workspaces, log }: { readonly workspaces: Pick<Workspaces, 'analysesOf'>; readonly log: Log },
  name: string,
  handler: (requested: RequestedFile, params: P) => R | null,
): (params: P, token: CancellationToken) => R | null | ResponseError<undefined> {
  return (params, token) => {
    if (token.isCancellationRequested)
      return new ResponseError(LSPErrorCodes.RequestCancelled, `${name} was cancelled`)
    try {
      const file = fileOfUri(params.textDocument.uri)
      const analyses = workspaces.analysesOf(file)
      const [analysis] = analyses
      return analysis ? handler({ file, analysis, analyses }, params) : null
    } catch (error) {
      log.error(`${name} failed: ${describeError(error)}`)
      return null
    }
  }
}

/** Does something once the present contents of files are here: at once where they are. */
export function whenBrought(
  { files, log, workspaces }: Pick<ServerContext, 'files' | 'log' | 'workspaces'>,
  names: readonly string[],
  act: () => void,
): void {
  const brought = files.bring(
    names,
    workspaces.folderOf(names[0] ?? '')?.settings ?? DEFAULT_SETTINGS,
  )
  if (!brought) {
    act()
    return
  }
  brought.then(act, (error: unknown) => {
    log.error(`Changed files cannot be read: ${describeError(error)}`)
  })
}
