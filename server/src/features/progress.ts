import { printable } from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { describeError, type Log } from '../log.js'
import { MessageType, ShowMessageNotification } from '../lsp.js'
import { problemInWords, type ScanProblem } from '../workspace/scanStep.js'
import type { ReadingProgress } from '../workspace/folderLoader.js'

/** Shows the progress of reading a folder, if the client supports it, and then the files that could not be read. */
export function showReading(connection: Connection, log: Log): (folder: string) => ReadingProgress {
  return (folder) => {
    const name = printable(folder.slice(folder.lastIndexOf('/') + 1))
    const reporter = connection.window.createWorkDoneProgress().then(
      (progress) => {
        progress.begin('Reading the mesh', undefined, name)
        return progress
      },
      (error: unknown) => {
        log.error(`The progress cannot be shown: ${describeError(error)}`)
      },
    )
    let shown = 0
    return {
      report: (filesRead) => {
        if (filesRead - shown < 500) return
        shown = filesRead
        void reporter.then((progress) => progress?.report(`${name}: ${filesRead} files`))
      },
      end: (problems) => {
        void reporter.then((progress) => progress?.done())
        showProblems(problems)
      },
    }
  }

  function showProblems(problems: readonly ScanProblem[]): void {
    for (const problem of problems) log.warn(problemInWords(problem, (path) => path))
    const [first] = problems
    if (!first) return
    const more = problems.length > 1 ? ` The output has ${problems.length - 1} more problems.` : ''
    void connection.sendNotification(ShowMessageNotification.type, {
      type: MessageType.Warning,
      message: printable(`${first.path} ${first.message}.${more}`),
    })
  }
}
