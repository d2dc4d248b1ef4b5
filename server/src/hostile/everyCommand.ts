import type { Command, Option } from 'commander'
import { createProgram } from '../cli/program.js'
import type { CliIo } from '../cli/io.js'

/** The arguments of each command for the files of `meshWith`, without `--format`. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  check: [
    '',
    '--no-ignore-comments --strict',
    '--fix-dry-run',
    '--baseline known.json',
    '--settings none --helm',
    'x.log .',
  ],
  status: ['', '--strict'],
  'ztunnel-config policies': ['', '--strict'],
  'ztunnel-config workloads': [''],
  'ztunnel-config services': [''],
  explain: ['Namespace/shop', 'AuthorizationPolicy/shop/allow-get', 'Service/shop/none'],
  evaluate: [
    '--from shop/web --to service shop/api --port 80 --method GET --path /',
    '--requests requests.jsonl',
  ],
  access: ['--to namespace:shop', '--from outside', '--from namespace:shop'],
  diff: ['empty .', '. empty --moved', 'empty . --strict', 'empty . --requests requests.jsonl'],
  test: ['', '--coverage --strict', '--mutants', '--record'],
  why: ['hostile.log', 'hostile.log --strict'],
  compare: ['hostile.json', 'hostile.json --strict', 'known.json'],
  mcp: ['nowhere'],
  rules: ['nothing', ''],
}

/** The format of annotations: it prints commands of a workflow. */
export const FORMAT_OF_COMMANDS = 'github'

/**
 * All commands of the program with all formats, except the format of annotations, and all ways to call them. A command
 * that a table of this file does not know is an error.
 */
export function everyCommand(): string[][] {
  return commandLines((format) => format !== FORMAT_OF_COMMANDS)
}

/** All commands that can print annotations. */
export function annotatingCommands(): string[][] {
  return commandLines((format) => format === FORMAT_OF_COMMANDS)
}

function commandLines(isWanted: (format: string | undefined) => boolean): string[][] {
  return leavesOf(createProgram(NO_IO, () => undefined)).flatMap(({ name, options }) => {
    const given = ARGUMENTS[name]
    if (!given) throw new Error(`The hostile tests have no arguments of the command "${name}".`)
    const line = (args: string, format: string | undefined): string[] =>
      `${name} ${args} ${format === undefined ? '' : `--format ${format}`}`
        .split(' ')
        .filter((word) => word !== '')
    const [first = '', ...others] = given
    return [
      ...[undefined, ...formatsOf(options)].filter(isWanted).map((format) => line(first, format)),
      ...others.filter(() => isWanted(undefined)).map((args) => line(args, undefined)),
    ]
  })
}

/** The commands without commands below them, with their full names. */
function leavesOf(
  program: Command,
  prefix = '',
): { readonly name: string; readonly options: readonly Option[] }[] {
  return program.commands.flatMap((command) => {
    const name = `${prefix}${command.name()}`
    return command.commands.length > 0
      ? leavesOf(command, `${name} `)
      : [{ name, options: command.options }]
  })
}

/** The formats of a command; the first is the default. */
function formatsOf(options: readonly Option[]): readonly string[] {
  return options.find(({ long }) => long === '--format')?.argChoices ?? []
}

/** Commands are created, and none of them runs. */
const NO_IO = new Proxy<CliIo>({} as CliIo, {
  get: (_, name) => (name === 'version' ? '0' : () => undefined),
})
