import { Command, CommanderError, Option } from 'commander'
import { check, type CheckOptions } from './commands/check.js'
import { evaluate, type EvaluateOptions } from './commands/evaluate.js'
import { explain, EXPLAIN_FORMATS } from './commands/explain.js'
import { rules } from './commands/rules.js'
import { status } from './commands/status.js'
import { LISTINGS, ztunnelConfig } from './commands/ztunnelConfig.js'
import { FAIL_ON } from './failOn.js'
import { CHECK_FORMATS } from './format/checkFormats.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type CliIo } from './io.js'
import { joinTarget } from './requestOptions.js'

const NAME = 'ambient-policy'
const PATHS = 'files and folders; "-" reads standard input'

const EXAMPLES = `
Examples:
  $ ambient-policy check                          findings about the manifests below this folder
  $ kubectl kustomize prod | ambient-policy check -
  $ ambient-policy check --format json --fail-on warning deploy/
  $ ambient-policy ztunnel-config policies deploy/
  $ ambient-policy explain AuthorizationPolicy/shop/allow-get deploy/
  $ ambient-policy evaluate --from shop/web --to service shop/api --port 80 --method GET --path / deploy/
  $ ambient-policy rules l7-allow-rule-dropped

Exit status: 0 nothing found at or above --fail-on, 1 findings, 2 a wrong command line or input that cannot be read.
Settings are read from .ambient-policy.yaml. Nothing leaves this machine.`

const CHECK_EXAMPLES = `
Examples:
  $ ambient-policy check --format sarif deploy/ > ambient-policy.sarif
  $ ambient-policy check --fix-dry-run deploy/ | git apply
  $ ambient-policy check --write-baseline .ambient-policy-baseline.json      once, and
  $ ambient-policy check --baseline .ambient-policy-baseline.json            from then on

Formats: text and json; sarif for code scanning; github for annotations of a workflow; gitlab for code quality;
junit for test reports; markdown for a comment on a pull request. Notices go to standard error.
A known finding stays known when lines move: it goes by rule, object, field and message.`

const EVALUATE_EXAMPLES = `
Examples:
  $ ambient-policy evaluate --from shop/web --to service shop/api --port 80 --method GET --path /orders
  $ ambient-policy evaluate --from-ip 192.0.2.7 --to workload shop/api --port 8080
  $ ambient-policy evaluate --from shop/web --to host api.example.com --port 443 deploy/
  $ ambient-policy evaluate --requests requests.jsonl deploy/`

/**
 * Runs a command line.
 *
 * @param args what follows the program's name.
 * @returns the exit status.
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  let exitStatus = EXIT_OK
  const program = createProgram(io, (result) => {
    exitStatus = result
  })
  try {
    await program.parseAsync(joinTarget(args), { from: 'user' })
    return exitStatus
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.help' && error.exitCode !== 0)
        io.complain(`no command was given: see "${NAME} --help"`)
      return error.exitCode === 0 ? EXIT_OK : EXIT_FAILURE
    }
    if (!(error instanceof CommandFailure)) throw error
    io.complain(error.message)
    return EXIT_FAILURE
  }
}

/** The commands and their options. `finish` gets the exit status. */
export function createProgram(io: CliIo, finish: (status: number) => void): Command {
  const program = new Command(NAME)
    .description(
      'Tells what Istio ambient mode really enforces, from YAML files alone: offline, without a cluster.',
    )
    .version(io.version)
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      writeOut: (text) => {
        io.out(text)
      },
      // Only the help that answers a missing command comes here; one line says it.
      writeErr: () => undefined,
      outputError: (text) => {
        io.complain(
          text
            .replace(/^error: /, '')
            .trim()
            .replaceAll('\n', ' '),
        )
      },
    })
    .exitOverride()
  addCheck(program, io, finish)
  addZtunnelConfig(program, io, finish)
  addStatus(program, io, finish)
  addExplain(program, io, finish)
  addEvaluate(program, io, finish)
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
    .addOption(
      new Option('--fail-on <level>', 'lowest level that makes the exit status 1')
        .choices(FAIL_ON)
        .default('error'),
    )
    .option('--fix', 'apply the fixes that cannot widen access, and report what is left')
    .addOption(
      new Option(
        '--fix-dry-run',
        'print what --fix would change as a unified diff, and write nothing',
      ).conflicts('fix'),
    )
    .option('--baseline <file>', 'leave out the findings that this file lists')
    .addOption(
      new Option(
        '--write-baseline <file>',
        'list all findings in this file for --baseline, and exit with 0',
      ).conflicts(['baseline', 'fixDryRun']),
    )
    .addHelpText('after', CHECK_EXAMPLES)
    .action(async (paths: string[], options: CheckOptions) => {
      finish(await check(io, paths, options))
    })
}

function addZtunnelConfig(program: Command, io: CliIo, finish: (status: number) => void): void {
  const parent = program
    .command('ztunnel-config')
    .description(
      'predict what "istioctl ztunnel-config" prints of the mesh that the files describe',
    )
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

function addStatus(program: Command, io: CliIo, finish: (status: number) => void): void {
  program
    .command('status')
    .description('predict the status conditions of policies, Services and ServiceEntries')
    .argument('[paths...]', `${PATHS}; together they are the whole mesh`, ['.'])
    .addOption(formatOption(['table', 'json']))
    .action(async (paths: string[], { format }: { readonly format: string }) => {
      finish(await status(io, paths, format))
    })
}

function addExplain(program: Command, io: CliIo, finish: (status: number) => void): void {
  program
    .command('explain')
    .description(
      'say in plain words what enforces a policy, or what is in force at a workload, Service, Namespace or Gateway',
    )
    .argument('<object>', 'KIND/NAMESPACE/NAME, or KIND/NAME')
    .argument('[paths...]', PATHS, ['.'])
    .addOption(formatOption(Object.keys(EXPLAIN_FORMATS)))
    .action(async (object: string, paths: string[], { format }: { readonly format: string }) => {
      finish(await explain(io, object, { paths, format }))
    })
}

function addEvaluate(program: Command, io: CliIo, finish: (status: number) => void): void {
  const collect = (value: string, before: readonly string[] | undefined): string[] => [
    ...(before ?? []),
    value,
  ]
  program
    .command('evaluate')
    .description(
      'answer whether a request is let through, hop by hop, in the mesh that the files describe',
    )
    .argument('[paths...]', `${PATHS}; together they are the whole mesh`, ['.'])
    .option('--from <namespace/account>', 'service account of the client')
    .option('--from-ip <ip>', 'address of the client; alone, it is outside the mesh')
    .option('--to <target>', 'service NAMESPACE/NAME, workload NAMESPACE/NAME or host NAME')
    .option('--port <port>', 'port of the Service or host, or container port of the workload')
    .option('--method <method>', 'HTTP method')
    .option('--path <path>', 'HTTP path')
    .option('--host <host>', 'HTTP host')
    .option('--header <name=value>', 'HTTP header; can be repeated', collect)
    .option('--claim <name=value>', 'claim of a verified JWT; can be repeated', collect)
    .option('--requests <file>', 'many requests, one JSON object a line; "-" reads standard input')
    .option(
      '--nearest-miss',
      'with --requests: tell of each the smallest change that would turn the verdict, which takes time',
    )
    .addOption(
      new Option(
        '--format <format>',
        'output format: text, or json with one line an answer, which is the default for --requests',
      ).choices(['text', 'json']),
    )
    .addHelpText('after', EVALUATE_EXAMPLES)
    .action(async (paths: string[], options: EvaluateOptions) => {
      finish(await evaluate(io, paths, options))
    })
}

/** `--format`, the first one by default. */
function formatOption(formats: readonly string[]): Option {
  return new Option('--format <format>', 'output format').choices(formats).default(formats[0])
}
