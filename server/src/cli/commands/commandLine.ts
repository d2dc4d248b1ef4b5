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

/** `--format`; the first format is the default. */
export function formatOption(formats: readonly string[]): Option {
  return new Option('--format <format>', 'output format').choices(formats).default(formats[0])
}
