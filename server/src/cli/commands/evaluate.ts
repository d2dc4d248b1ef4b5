import { evaluateRequest, nearestMiss, type AccessRequest } from '@istio-ambient-policy/shared'
import { reportAnswer } from '../evaluateReport.js'
import { formatAnswerText } from '../format/answerText.js'
import { asSingleMesh } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { displayPath } from '../paths.js'
import { readRequests } from '../readRequests.js'
import { requestFromOptions, type RequestOptions } from '../requestOptions.js'
import { createStyle } from '../style.js'

export interface EvaluateOptions extends RequestOptions {
  /** JSON Lines file of many requests. */
  readonly requests?: string
  /** Tell the nearest miss of each of many requests; that of a single one is always told. */
  readonly nearestMiss?: boolean
  /** `json` for many requests, else `text`. */
  readonly format?: 'text' | 'json'
}

/** Options that do not describe a request. */
const OF_MANY = ['requests', 'format', 'nearestMiss']

/** Answers whether requests would be let through, hop by hop. JSON is one line an answer, in the order of the requests. */
export async function evaluate(
  io: CliIo,
  paths: readonly string[],
  options: EvaluateOptions,
): Promise<number> {
  const requests = await requestsOf(io, paths, options)
  const { analysis, incomplete } = await loadOneMesh(io, asSingleMesh(io, paths))
  const style = createStyle(io.colours)
  const format = options.format ?? (options.requests === undefined ? 'text' : 'json')
  const wantsMiss = options.requests === undefined || options.nearestMiss === true
  const answers = requests.map((request) => {
    const verdict = reportAnswer(evaluateRequest(analysis.mesh, request), analysis, (file) =>
      displayPath(io.cwd, file),
    )
    const answer = wantsMiss
      ? { ...verdict, nearestMiss: nearestMiss(analysis.mesh, request) ?? null }
      : verdict
    return format === 'json'
      ? `${JSON.stringify(answer)}\n`
      : formatAnswerText(request, answer, style)
  })
  io.out(answers.join(format === 'json' ? '' : '\n'))
  return incomplete ? EXIT_FAILURE : EXIT_OK
}

async function requestsOf(
  io: CliIo,
  paths: readonly string[],
  options: EvaluateOptions,
): Promise<AccessRequest[]> {
  const { requests } = options
  if (requests === undefined) return [requestFromOptions(options)]
  if (Object.keys(options).some((option) => !OF_MANY.includes(option)))
    throw new CommandFailure(
      '--requests says everything about the requests: leave out the options that describe one',
    )
  if (requests === '-' && paths.includes('-'))
    throw new CommandFailure('standard input can be the requests or the manifests, not both')
  return readRequests(io, requests)
}
