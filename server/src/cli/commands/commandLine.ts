import { SETTINGS_FILE } from '@istio-ambient-policy/shared/basics'
import { Option, type Command } from 'commander'
import type { CliIo } from '../io.js'

/** Adds a command to the program. `finish` gets the exit status of the command. */
export type AddCommand = (program: Command, io: CliIo, finish: (exitStatus: number) => void) => void

const PATHS = 'files and folders; "-" reads standard input'

/** Help texts for the paths of a command, by what they mean. */
export const PATHS_HELP = {
  separateMeshes: `${PATHS}; each folder is one mesh`,
  oneMesh: `${PATHS}; together they are the complete mesh`,
  manifests: PATHS,
} as const

/** The options that say how an input is read, see `InputOptions`. */
export function addInputOptions(command: Command): Command {
  return command
    .option(
      '--settings <file>',
      `read the settings from this file instead of ${SETTINGS_FILE}; "none" uses the defaults`,
    )
    .option('--helm', 'render Helm charts with the helm of this machine')
}

/** `--strict`, for commands that report on all files. */
export function strictOption(): Option {
  return new Option('--strict', 'exit with 2 if any file is not read in full')
}

/** `--format`; the first format is the default. */
export function formatOption(formats: readonly string[]): Option {
  return new Option('--format <format>', 'output format').choices(formats).default(formats[0])
}
