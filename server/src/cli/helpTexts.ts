import type { Command } from 'commander'
import { processIo } from './nodeProcess.js'
import { createProgram } from './program.js'
import { safeIo } from './safeIo.js'

/** A help text, and the command lines that print it: `check --help`. */
export interface HelpText {
  readonly commandLines: readonly string[]
  readonly text: string
}

/**
 * The help texts of all commands. In a bundle, this module is its result (`scripts/constantModule.mjs`): a help text is
 * printed without loading the commands.
 */
export function helpTexts(): readonly HelpText[] {
  let printed = ''
  const silent = { isTerminal: false, write: () => undefined }
  const out = (text: string): void => {
    printed += text
  }
  const textsOf = (command: Command, path: readonly string[]): readonly HelpText[] => {
    printed = ''
    command.outputHelp()
    return [
      { commandLines: commandLinesOf(path), text: printed },
      ...command.commands.flatMap((child) => textsOf(child, [...path, child.name()])),
    ]
  }
  const io = safeIo(processIo(() => silent))
  return textsOf(
    createProgram({ ...io, out }, () => undefined),
    [],
  )
}

function commandLinesOf(path: readonly string[]): readonly string[] {
  const help = path.length === 0 ? ['help'] : [...path.slice(0, -1), 'help', ...path.slice(-1)]
  return [[...path, '--help'], [...path, '-h'], help].map((words) => words.join(' '))
}
