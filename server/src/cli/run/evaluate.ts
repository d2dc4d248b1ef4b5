import { evaluateRequest, nearestMiss, type AccessRequest } from '@istio-ambient-policy/shared'
import { reportAnswer } from '../evaluateReport.js'
import { toJson } from '../format/json.js'
import { formatAnswerText } from '../format/answerText.js'
import { asSingleMesh } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { failsStrictly } from '../notRead.js'
import { readRequests } from '../readRequests.js'
import { requestFromOptions } from '../requestOptions.js'
import { createStyle } from '../style.js'
import { unknownAccount } from '../unknownAccount.js'
import { unknownDestination } from '../unknownDestination.js'
import type { EvaluateOptions } from '../commands/evaluate.js'

/** Options that can be used with `--requests`. */
const OPTIONS_WITH_REQUESTS = [
  ...['requests', 'format', 'nearestMiss', 'settings', 'helm', 'strict', 'timeout'],
]

export async function evaluate(
  io: CliIo,
  paths: readonly string[],
  options: EvaluateOptions,
): Promise<number> {
  const requests = await requestsOf(io, paths, options)
  const { analysis, incomplete, notRead, placeOf } = await loadOneMesh(
    io,
    asSingleMesh(io, paths, options),
  )
  if (options.requests === undefined)
    for (const { from, to } of requests) {
      const { namespace, serviceAccount } = from
      const problems = [
        namespace === undefined || serviceAccount === undefined
          ? undefined
          : unknownAccount(analysis.mesh, { namespace, serviceAccount }),
        unknownDestination(analysis.mesh, to),
      ]
      for (const problem of problems) if (problem !== undefined) io.warn(problem)
    }
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
