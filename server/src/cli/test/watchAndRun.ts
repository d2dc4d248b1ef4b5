import { printable } from '@istio-ambient-policy/shared'
import { CommandFailure, type CliIo } from '../io.js'
import { absolutePath, displayPath } from '../paths.js'
import { createStyle } from '../style.js'

/** More changed files are counted. */
const MOST_SHOWN = 3

interface WatchedCommand {
  readonly paths: readonly string[]
  readonly options: { readonly format: string; readonly record?: boolean }
}

/**
 * Runs tests, and again after each change of their files and of the files of their meshes, until the process ends. `run`
 * passes on the paths of the meshes. Throws a `CommandFailure` if the first run does, or if the options do not fit.
 */
export async function watchAndRun(
  io: CliIo,
  { paths, options }: WatchedCommand,
  run: (onMesh: (paths: readonly string[]) => void) => Promise<unknown>,
): Promise<void> {
  if (options.record === true) throw new CommandFailure('--watch cannot be used with --record')
  if (options.format !== 'text')
    throw new CommandFailure(`--watch needs the format text, not ${options.format}`)
  const watcher = await io.createWatcher?.()
  if (!watcher) throw new CommandFailure('this process cannot watch files')
  const style = createStyle(io.colours)
  const watch = (more: readonly string[]): void => {
    try {
      watcher.watch(more)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
      throw new CommandFailure(`the files cannot be watched${code}`)
    }
  }
  try {
    watch(paths.map((path) => absolutePath(io.cwd, path)))
    await run(watch)
    for (;;) {
      io.out(`\n${style.dim('Waiting for changes. Ctrl+C ends.')}\n`)
      const changed = await watcher.next()
      if (changed.length === 0) return
      io.out(`\n${style.bold(printable(changedInWords(io.cwd, changed)))}\n\n`)
      await runAgain(io, () => run(watch))
    }
  } finally {
    watcher.close()
  }
}

/** A file may be half written, or a folder may be empty for a moment: the next change can repair it. */
async function runAgain(io: CliIo, run: () => Promise<unknown>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    io.warn(error.message)
  }
}

function changedInWords(cwd: string, changed: readonly string[]): string {
  const shown = changed.slice(0, MOST_SHOWN).map((path) => displayPath(cwd, path))
  const more = changed.length - shown.length
  return `changed: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
