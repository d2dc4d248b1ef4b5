import {
  printable,
  STATUS_NOTIFICATION,
  type Analysis,
  type FileFacts,
  type FolderStatus,
  type StatusParams,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import type { Log } from '../log.js'
import { problemInWords, type ScanProblem } from '../workspace/scanStep.js'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.js'
import { refresher } from './refresher.js'

/** Sends the client the number of objects, the settings that apply, and the files that could not be read. */
export class StatusReporter {
  readonly #connection: Connection
  readonly #foldersOf: () => readonly WorkspaceFolder[]
  readonly #problems = new Map<string, Pick<FolderStatus, 'problems' | 'limits'>>()
  readonly #sendSoon: () => void
  #reading = 0
  /** The text of the last status. */
  #sent = ''

  constructor(
    connection: Connection,
    context: { readonly log: Log; readonly shutdown: AbortSignal },
    foldersOf: () => readonly WorkspaceFolder[],
  ) {
    this.#connection = connection
    this.#foldersOf = foldersOf
    this.#sendSoon = refresher('Counts of objects', context, () => this.send())
  }

  /** Files were changed. */
  changed(): void {
    if (this.#reading === 0) this.#sendSoon()
  }

  begin(): void {
    this.#reading++
    void this.send()
  }

  end(folder: string, problems: readonly ScanProblem[]): void {
    this.#reading--
    this.#problems.set(folder, {
      problems: problems.map((problem) =>
        printable(problemInWords(problem, (path) => below(folder, path))),
      ),
      limits: [...new Set(problems.flatMap(({ setting }) => setting ?? []))],
    })
  }

  /** Sends the status if it is different from the last one. */
  async send(): Promise<void> {
    const folders = this.#foldersOf().map((folder): FolderStatus => ({
      ...summaryOf(folder),
      ...(this.#problems.get(folder.folder) ?? { problems: [], limits: [] }),
    }))
    const status: StatusParams = { reading: this.#reading > 0, folders }
    const text = JSON.stringify(status)
    if (text === this.#sent) return
    this.#sent = text
    await this.#connection.sendNotification(STATUS_NOTIFICATION, status)
  }
}

function summaryOf(folder: WorkspaceFolder): Omit<FolderStatus, 'problems' | 'limits'> {
  const settings = folder.analysesOf(folder.folder)[0]?.mesh.settings
  const files = filesOf(folder.analyses())
  const objects = filesOf(folder.analyses().filter(({ mentionsIstio }) => mentionsIstio)).reduce(
    (sum, { documents }) =>
      sum + documents.reduce((count, { facts }) => count + facts.resources.length, 0),
    0,
  )
  return {
    name: printable(nameOf(folder.folder)),
    files: files.length,
    objects,
    istioVersion: settings?.istioVersion ?? '',
    rootNamespace: settings?.rootNamespace ?? '',
  }
}

/** The path relative to the folder; the folder itself by its name. */
function below(folder: string, path: string): string {
  if (path === folder) return nameOf(folder)
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1)
}

function filesOf(analyses: readonly Analysis[]): FileFacts[] {
  return analyses.flatMap((analysis) => [...analysis.files.values()])
}
