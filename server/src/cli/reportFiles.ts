import { HostError } from '../host.js'
import { checkFolderOf } from './argument.js'
import { CommandFailure, type CliIo } from './io.js'
import { absolutePath } from './paths.js'

/** A report that is written to a file, besides the one on standard output. */
export interface ReportFile<Format extends string> {
  readonly format: Format
  readonly file: string
}

/** Reads `FORMAT=FILE` of the option `--output`. Throws a `CommandFailure` if it is not valid. */
export function readReportFiles<Format extends string>(
  given: readonly string[] | undefined,
  formats: readonly Format[],
): ReportFile<Format>[] {
  return (given ?? []).map((text) => {
    const at = text.indexOf('=')
    const format = formats.find((name) => name === text.slice(0, Math.max(0, at)))
    const file = text.slice(at + 1)
    if (format === undefined || file === '')
      throw new CommandFailure(
        `--output must be FORMAT=FILE with one of the formats ${formats.join(', ')}, not "${text}"`,
      )
    return { format, file }
  })
}

/** Writes a report. A symbolic link is not written. Throws a `CommandFailure` if it cannot be written. */
export function writeReportFile(io: CliIo, file: string, text: string): void {
  const path = absolutePath(io.cwd, file)
  checkFolderOf(io, path)
  try {
    io.host.writeFile(path, Buffer.from(text))
  } catch (error) {
    if (error instanceof HostError) throw new CommandFailure(`${file} ${error.message}`)
    throw error
  }
}
