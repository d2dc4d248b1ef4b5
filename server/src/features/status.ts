import {
  printable,
  STATUS_NOTIFICATION,
  type Analysis,
  type FileFacts,
  type FolderStatus,
  type StatusParams,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import type { ScanProblem } from '../workspace/scanStep.js'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.js'

/** Sends the client the number of objects, the settings that apply, and the files that could not be read. */
export class StatusReporter {
  readonly #connection: Connection
  readonly #foldersOf: () => readonly WorkspaceFolder[]
  readonly #problems = new Map<string, readonly string[]>()
  #reading = 0

  constructor(connection: Connection, foldersOf: () => readonly WorkspaceFolder[]) {
    this.#connection = connection
    this.#foldersOf = foldersOf
  }

  begin(): void {
    this.#reading++
    this.send()
  }

  end(folder: string, problems: readonly ScanProblem[]): void {
    this.#reading--
    this.#problems.set(
      folder,
      problems.map(({ path, message }) => printable(`${path} ${message}`)),
    )
  }

  send(): void {
    const folders = this.#foldersOf().map((folder): FolderStatus => ({
      ...summaryOf(folder),
      problems: this.#problems.get(folder.folder) ?? [],
    }))
    const status: StatusParams = { reading: this.#reading > 0, folders }
    void this.#connection.sendNotification(STATUS_NOTIFICATION, status)
  }
}

function summaryOf(folder: WorkspaceFolder): Omit<FolderStatus, 'problems'> {
  const settings = folder.analysesOf(folder.folder)[0]?.mesh.settings
  const files = filesOf(folder.analyses())
  const objects = filesOf(folder.analyses().filter(({ mentionsIstio }) => mentionsIstio)).reduce(
    (sum, { documents }) =>
      sum + documents.reduce((count, { facts }) => count + facts.resources.length, 0),
    0,
  )
  return {
    name: printable(folder.folder.slice(folder.folder.lastIndexOf('/') + 1)),
    files: files.length,
    objects,
    istioVersion: settings?.istioVersion ?? '',
    rootNamespace: settings?.rootNamespace ?? '',
  }
}

function filesOf(analyses: readonly Analysis[]): FileFacts[] {
  return analyses.flatMap((analysis) => [...analysis.files.values()])
}
