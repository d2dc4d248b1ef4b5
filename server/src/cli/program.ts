import { Command, CommanderError, Option } from 'commander'
import { check, CHECK_FORMATS, FAIL_ON, type CheckOptions } from './commands/check.js'
import { rules } from './commands/rules.js'
import { LISTINGS, ztunnelConfig } from './commands/ztunnelConfig.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type CliIo } from './io.js'

const NAME = 'ambient-policy'
const PATHS = 'files and folders; "-" reads standard input'

const EXAMPLES = `
Examples:
  $ ambient-policy check                          findings about the manifests below this folder
  $ kubectl kustomize prod | ambient-policy check -
  $ ambient-policy check --format json --fail-on warning deploy/
  $ ambient-policy ztunnel-config policies deploy/
  $ ambient-policy rules l7-allow-rule-dropped

Exit status: 0 nothing found at or above --fail-on, 1 findings, 2 a wrong command line or input that cannot be read.
Settings are read from .ambient-policy.yaml. Nothing leaves this machine.`

/**
 * Runs a command line.
 *
 * @param args what follows the program's name.
 * @returns the exit status.
 */
export async function runCli(args: readonly string[], io: CliIo, version: string): Promise<number> {
  let status = EXIT_OK
  const program = createProgram(io, version, (result) => {
    status = result
  })
  try {
    await program.parseAsync([...args], { from: 'user' })
    return status
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.help' && error.exitCode !== 0) io.complain(`no command was given: see "${NAME} --help"`)
      return error.exitCode === 0 ? EXIT_OK : EXIT_FAILURE
    }
    if (!(error instanceof CommandFailure)) throw error
    io.complain(error.message)
    return EXIT_FAILURE
  }
}

function createProgram(io: CliIo, version: string, finish: (status: number) => void): Command {
  const program = new Command(NAME)
    .description('Tells what Istio ambient mode really enforces, from YAML files alone: offline, without a cluster.')
    .version(version)
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      writeOut: (text) => {
        io.out(text)
      },
      // Only the help that answers a missing command comes here; one line says it.
      writeErr: () => undefined,
      outputError: (text) => {
        io.complain(text.replace(/^error: /, '').trim().replaceAll('\n', ' '))
      },
    })
    .exitOverride()
  addCheck(program, io, finish)
  addZtunnelConfig(program, io, finish)
  program
    .command('rules')
    .description('list every rule, or print the page of one in Markdown')
    .argument('[name]', 'name of a rule')
    .action((name: string | undefined) => {
      finish(rules(io, name))
    })
  return program
}

function addCheck(program: Command, io: CliIo, finish: (status: number) => void): void {
  program
    .command('check')
    .description('report policies that do not do what they seem to')
    .argument('[paths...]', `${PATHS}; each folder is judged as a mesh of its own`, ['.'])
    .addOption(formatOption(Object.keys(CHECK_FORMATS)))
    .addOption(new Option('--fail-on <level>', 'lowest level that makes the exit status 1').choices(FAIL_ON).default('error'))
    .action(async (paths: string[], options: CheckOptions) => {
      finish(await check(io, paths, options))
    })
}

function addZtunnelConfig(program: Command, io: CliIo, finish: (status: number) => void): void {
  const parent = program.command('ztunnel-config').description('predict what "istioctl ztunnel-config" prints of the mesh that the files describe')
  for (const [name, listing] of Object.entries(LISTINGS)) {
    parent
      .command(name)
      .description(listing.summary)
      .argument('[paths...]', `${PATHS}; together they are the whole mesh`, ['.'])
      .addOption(formatOption(['table', 'json']))
      .action(async (paths: string[], { format }: { readonly format: string }) => {
        finish(await ztunnelConfig(io, paths, { listing, format }))
      })
  }
}

/** `--format`, the first one by default. */
function formatOption(formats: readonly string[]): Option {
  return new Option('--format <format>', 'output format').choices(formats).default(formats[0])
}
