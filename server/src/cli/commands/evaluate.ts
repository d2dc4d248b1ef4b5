import { evaluateRequest, nearestMiss, type AccessRequest } from '@istio-ambient-policy/shared'
import { Option } from 'commander'
import { reportAnswer } from '../evaluateReport.js'
import { toJson } from '../format/json.js'
import { formatAnswerText } from '../format/answerText.js'
import { asSingleMesh, type InputOptions } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { failsStrictly } from '../notRead.js'
import { readRequests } from '../readRequests.js'
import { requestFromOptions, type RequestOptions } from '../requestOptions.js'
import { createStyle } from '../style.js'
import { addInputOptions, PATHS_HELP, strictOption, type AddCommand } from './commandLine.js'

const EXAMPLES = `
Examples:
  $ ambient-policy evaluate --from shop/web --to service shop/api --port 80 --method GET --path /orders
  $ ambient-policy evaluate --from-ip 192.0.2.7 --to workload shop/api --port 8080
  $ ambient-policy evaluate --from shop/web --to host api.example.com --port 443 deploy/
  $ ambient-policy evaluate --requests requests.jsonl deploy/`

interface EvaluateOptions extends RequestOptions, InputOptions {
  readonly strict?: boolean
  /** JSON Lines file with many requests. */
  readonly requests?: string
  /** Adds the nearest miss to the answers of `requests`. The answer of a single request always has it. */
  readonly nearestMiss?: boolean
  /** The default is `json` for `requests`, otherwise `text`. */
  readonly format?: 'text' | 'json'
}

/** Options that can be used with `--requests`. */
const OPTIONS_WITH_REQUESTS = [
  ...['requests', 'format', 'nearestMiss', 'settings', 'helm', 'strict', 'timeout'],
]

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
      finish(await evaluate(io, paths, options))
    })
}

async function evaluate(
  io: CliIo,
  paths: readonly string[],
  options: EvaluateOptions,
): Promise<number> {
  const requests = await requestsOf(io, paths, options)
  const { analysis, incomplete, notRead, placeOf } = await loadOneMesh(
    io,
    asSingleMesh(io, paths, options),
  )
  const style = createStyle(io.colours)
  const format = options.format ?? (options.requests === undefined ? 'text' : 'json')
  const withNearestMiss = options.requests === undefined || options.nearestMiss === true
  const answers = requests.map((request) => {
    const evaluated = reportAnswer(evaluateRequest(analysis.mesh, request), analysis, placeOf)
    const answer = withNearestMiss
      ? { ...evaluated, nearestMiss: nearestMiss(analysis.mesh, request) ?? null }
      : evaluated
    return format === 'json' ? `${toJson(answer)}\n` : formatAnswerText(request, answer, style)
  })
  io.out(answers.join(format === 'json' ? '' : '\n'))
  return failsStrictly(io, options, notRead) || incomplete ? EXIT_FAILURE : EXIT_OK
}

async function requestsOf(
  io: CliIo,
  paths: readonly string[],
  options: EvaluateOptions,
): Promise<AccessRequest[]> {
  const { requests } = options
  if (requests === undefined) return [requestFromOptions(options)]
  if (Object.keys(options).some((option) => !OPTIONS_WITH_REQUESTS.includes(option)))
    throw new CommandFailure('--requests cannot be used with options that describe a request')
  if (requests === '-' && paths.includes('-'))
    throw new CommandFailure('standard input can be the requests or the manifests, not both')
  return readRequests(io, requests)
}
