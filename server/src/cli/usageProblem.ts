import type { Command, CommanderError } from 'commander'
import { HostError } from '../host.js'
import type { CliIo } from './io.js'
import { absolutePath } from './paths.js'

/** What is wrong with a command line, and what helps: a similar name, another command or a help text. */
export function usageProblem(
  io: CliIo,
  error: CommanderError,
  { program, args }: { readonly program: Command; readonly args: readonly string[] },
): string {
  const command = commandPath(program, args)
  const help = `see "${command.join(' ')} --help"`
  // Without a command, commander prints the help.
  if (error.code === 'commander.help') return `missing command: ${help}`
  const text = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
  if (error.code === 'commander.invalidArgument') return invalidValue(text)
  if (text.endsWith('?)')) return text
  const [first] = args
  if (error.code === 'commander.unknownCommand' && first && exists(io, first))
    return `${text}: to check it, use "${[...command, 'check', first].join(' ')}"`
  return `${text.replace(/\.$/, '')}: ${help}`
}

/** `--format must be one of text, json, not "xml"`, in the words of the other messages. */
function invalidValue(text: string): string {
  const [, option, value, reason] =
    /^option '(--[\w-]+)[^']*' argument '(.*)' is invalid\. (.*?)\.?$/.exec(text) ?? []
  if (option === undefined || reason === undefined) return text
  const expected = reason
    .replace(/^Allowed choices are /, 'must be one of ')
    .replace(/^It must be /, 'must be ')
  return `${option} ${expected}, not "${value ?? ''}"`
}

/** The names of the command that the arguments start with. */
function commandPath(program: Command, args: readonly string[]): readonly string[] {
  const path = [program.name()]
  let command: Command | undefined = program
  for (const arg of args) {
    command = command.commands.find((child) => child.name() === arg)
    if (!command) return path
    path.push(arg)
  }
  return path
}

function exists(io: CliIo, path: string): boolean {
  try {
    io.host.kindOf(absolutePath(io.cwd, path))
    return true
  } catch (error) {
    if (error instanceof HostError) return false
    throw error
  }
}
