import { Command, CommanderError } from 'commander'
import { addAccess } from './commands/access.js'
import { addCheck } from './commands/check.js'
import { addDiff } from './commands/diff.js'
import { addCompare } from './commands/compare.js'
import { addEvaluate } from './commands/evaluate.js'
import { addExplain } from './commands/explain.js'
import { addMcp } from './commands/mcp.js'
import { addRules } from './commands/rules.js'
import { addStatus } from './commands/status.js'
import { addTest } from './commands/test.js'
import { addWhy } from './commands/why.js'
import type { AddCommand } from './commands/commandLine.js'
import { addZtunnelConfig } from './commands/ztunnelConfig.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type CliIo, type ProcessIo } from './io.js'
import { safeIo } from './safeIo.js'
import { joinTarget } from './joinTarget.js'
import { usageProblem } from './usageProblem.js'
import { addTimeout, Timeout } from './timeoutOption.js'

const NAME = 'ambient-policy'

const COMMANDS: Readonly<Record<string, AddCommand>> = {
  check: addCheck,
  'ztunnel-config': addZtunnelConfig,
  status: addStatus,
  explain: addExplain,
  evaluate: addEvaluate,
  access: addAccess,
  diff: addDiff,
  test: addTest,
  why: addWhy,
  compare: addCompare,
  mcp: addMcp(runCli),
  rules: addRules,
}

/** The help has the same lines in each terminal that has this width. */
const HELP_WIDTH = 80

const EXAMPLES = `
Examples:
  # Check the manifests below this folder
  $ ambient-policy check
  $ kubectl kustomize prod | ambient-policy check -
  $ helm template charts/shop | ambient-policy check -

  # Which policies apply to an object, and is a request allowed?
  $ ambient-policy explain Service/shop/api deploy/
  $ ambient-policy evaluate --from shop/web --to service shop/api --port 80 \\
      --method GET --path / deploy/

  # Which policy denied a request of a log?
  $ kubectl logs -n istio-system ds/ztunnel | ambient-policy why - deploy/

Exit status: 0 no findings at or above --fail-on, 1 findings, 2 a wrong command
line or input that cannot be read, or with --strict input that is not read in
full. The help of a command has its exit status.
Settings are read from .ambient-policy.yaml, or from the file of --settings.
Nothing leaves this machine.`

/**
 * Runs a command line.
 *
 * @param args the arguments after the name of the program.
 * @returns the exit status.
 */
export async function runCli(args: readonly string[], process: ProcessIo): Promise<number> {
  const io = safeIo(process)
  let exitStatus = EXIT_OK
  const finish = (result: number): void => {
    exitStatus = result
  }
  // Commander prints its help for `help` with an unknown command.
  const isUnknownHelp = args[0] === 'help' && !Object.hasOwn(COMMANDS, args[1] ?? 'check')
  const words = joinTarget(isUnknownHelp ? args.slice(1) : args)
  const program = createProgram(io, finish, words[0])
  try {
    await program.parseAsync(words, { from: 'user' })
    return exitStatus
  } catch (error) {
    if (error instanceof Timeout && io.withTimeout) return io.withTimeout(args, error.seconds)
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT_OK
      io.warn(usageProblem(io, error, { program, args: words }))
      return EXIT_FAILURE
    }
    if (!(error instanceof CommandFailure)) throw error
    io.warn(error.message)
    return EXIT_FAILURE
  }
}

/**
 * The program with its commands and options.
 *
 * @param finish gets the exit status of the command that runs.
 * @param only the name of the command that runs: the program has no other command. Any other text has no effect.
 */
export function createProgram(
  io: CliIo,
  finish: (exitStatus: number) => void,
  only?: string,
): Command {
  const program = new Command(NAME)
    .description(
      'Shows what Istio ambient mode enforces. Reads only YAML files: no cluster, no network.',
    )
    .version(io.version)
    .addHelpText('after', EXAMPLES)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => {
        io.out(text)
      },
      getOutHelpWidth: () => Math.min(io.columns ?? HELP_WIDTH, HELP_WIDTH),
      getOutHasColors: () => false,
      // `runCli` prints one line instead.
      writeErr: () => undefined,
    })
    .exitOverride()
  const name = Object.keys(COMMANDS).find((each) => each === only)
  for (const [each, addCommand] of Object.entries(COMMANDS))
    if (name === undefined || each === name) addCommand(program, io, finish)
  addTimeout(program, io)
  return program
}
