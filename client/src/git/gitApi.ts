import type { Event, Uri } from 'vscode'

/** The part of the API of VS Code's Git extension (`extensions/git/src/api/git.d.ts`) that is used. */
export interface GitExtension {
  /** The setting `git.enabled`. */
  readonly enabled: boolean
  readonly onDidChangeEnablement: Event<boolean>
  /** Throws if Git is not enabled. */
  getAPI(version: 1): GitApi
}

export interface GitApi {
  readonly repositories: readonly GitRepository[]
  readonly onDidOpenRepository: Event<GitRepository>
  getRepository(uri: Uri): GitRepository | null
}

export interface GitRepository {
  readonly rootUri: Uri
  readonly state: {
    readonly HEAD: { readonly commit?: string } | undefined
    readonly mergeChanges: readonly GitChange[]
    readonly indexChanges: readonly GitChange[]
    readonly workingTreeChanges: readonly GitChange[]
    readonly untrackedChanges?: readonly GitChange[]
    readonly onDidChange: Event<void>
  }
  /** Reads the state again. It is older than the last save until then. */
  status(): Promise<void>
  /** The text of a file at a revision. Rejects if the revision does not have it. */
  show(revision: string, path: string): Promise<string>
}

export interface GitChange {
  readonly uri: Uri
  /** The earlier name of a file that was renamed. */
  readonly originalUri: Uri
}
