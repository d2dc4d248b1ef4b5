import { Option } from 'commander'
import type { InputOptions } from '../inputs.js'
import type { RequestOptions } from '../requestOptions.js'
import { addInputOptions, PATHS_HELP, strictOption, type AddCommand } from './commandLine.js'

const EXAMPLES = `
Examples:
  $ ambient-policy evaluate --from shop/web --to service shop/api --port 80 \\
      --method GET --path /orders
  $ ambient-policy evaluate --from-ip 192.0.2.7 --to workload shop/api \\
      --port 8080
  $ ambient-policy evaluate --from shop/web --to host api.example.com \\
      --port 443 deploy/
  $ ambient-policy evaluate --requests requests.jsonl deploy/

Exit status: 0 for each verdict, 2 a wrong command line or input that cannot be
read.`

export interface EvaluateOptions extends RequestOptions, InputOptions {
  readonly strict?: boolean
  /** JSON Lines file with many requests. */
  readonly requests?: string
  /** Adds the nearest miss to the answers of `requests`. The answer of a single request always has it. */
  readonly nearestMiss?: boolean
  /** The default is `json` for `requests`, otherwise `text`. */
  readonly format?: 'text' | 'json'
}

/** `evaluate`: evaluates requests. JSON has one line for each answer, in the order of the requests. */
export const addEvaluate: AddCommand = (program, io, finish) => {
  const collect = (value: string, before: readonly string[] | undefined): string[] => [
    ...(before ?? []),
    value,
  ]
  const command = program
    .command('evaluate')
    .description('evaluate whether a request is allowed, with the answer of each proxy')
    .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
    .option('--from <namespace/account>', 'service account of the client')
    .option('--from-ip <ip>', 'address of the client; without --from it is outside the mesh')
    .option('--to <target>', 'service NAMESPACE/NAME, workload NAMESPACE/NAME or host NAME')
    .option('--port <port>', 'port of the Service or host, or container port of the workload')
    .option('--method <method>', 'HTTP method')
    .option('--path <path>', 'HTTP path')
    .option('--host <host>', 'HTTP host')
    .option('--header <name=value>', 'HTTP header; can be repeated', collect)
    .option('--claim <name=value>', 'claim of a verified JWT; can be repeated', collect)
    .option('--requests <file>', 'file with one request per line in JSON; "-" reads standard input')
    .option(
      '--nearest-miss',
      'with --requests: add the smallest change that gives the other verdict (slow)',
    )
    .addOption(
      new Option(
        '--format <format>',
        'output format; default: json (one answer per line) with --requests, otherwise text',
      ).choices(['text', 'json']),
    )
    .addOption(strictOption())
  addInputOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: EvaluateOptions) => {
      const { evaluate } = await import('../run/evaluate.js')
      finish(await evaluate(io, paths, options))
    })
}
