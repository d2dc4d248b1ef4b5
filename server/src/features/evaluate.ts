import {
  decodeRequest,
  EVALUATE_CHOICES_REQUEST,
  EVALUATE_REQUEST,
  evaluateRequest,
  nearestMiss,
  requestChoices,
  SERVER_COMMANDS,
  type AccessRequest,
  type Analysis,
  type EvaluateAnswer,
  type EvaluateChoicesParams,
  type EvaluateHop,
  type EvaluateParams,
  type EvaluateResult,
  type Hop,
  type Place,
  type RequestChoices,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { fieldOf } from './clientAbilities.js'
import { policyFindings } from './policyFindings.js'
import { requestHandler, type ServerContext } from './serverContext.js'

/**
 * `istioAmbientPolicy/evaluate` and `istioAmbientPolicy/evaluateChoices`: the answer to a request, and the choices
 * for one.
 */
export function registerEvaluate(connection: Connection, context: ServerContext): void {
  const evaluate = requestHandler<EvaluateParams, NonNullable<EvaluateResult>>(
    context,
    'evaluate',
    ({ analysis }, params) => {
      const { request, problem } = decodeRequest(params.request)
      return request ? { answer: answerOf(request, analysis, context) } : { problem }
    },
  )
  const choices = requestHandler<EvaluateChoicesParams, RequestChoices>(
    context,
    'evaluate choices',
    ({ analysis }) => context.closedMesh(analysis).mesh.get(requestChoices, ''),
  )
  connection.onRequest<EvaluateResult, undefined>(EVALUATE_REQUEST, evaluate)
  context.serverCommands.set(SERVER_COMMANDS.evaluate, ([params], token) =>
    isEvaluateParams(params)
      ? evaluate(params, token)
      : { problem: 'The argument must have the fields textDocument.uri and request.' },
  )
  connection.onRequest<RequestChoices | null, undefined>(EVALUATE_CHOICES_REQUEST, choices)
}

function isEvaluateParams(value: unknown): value is EvaluateParams {
  return typeof fieldOf(fieldOf(value, 'textDocument'), 'uri') === 'string'
}

function answerOf(
  request: AccessRequest,
  analysis: Analysis,
  { closedMesh, diagnostics }: ServerContext,
): EvaluateAnswer {
  const { mesh } = closedMesh(analysis)
  const placeOf = (place: Place | undefined): Pick<EvaluateHop, 'uri' | 'range'> => {
    const found = place && analysis.locate(place)
    return { uri: found ? diagnostics.uriOf(found.file) : null, range: found?.range ?? null }
  }
  const policyPlace = (policy: string): Place | undefined => {
    const [namespace = '', name = ''] = policy.split('/')
    const resource = mesh.named('AuthorizationPolicy', namespace, name)
    return resource && { kind: 'field', resource, path: ['metadata', 'name'], on: 'value' }
  }
  const { id, verdict, hops, assumptions } = evaluateRequest(mesh, request)
  return {
    id: id ?? null,
    verdict,
    hops: hops.map(({ place, ...hop }): EvaluateHop => ({
      ...hop,
      ...placeOf(place && { kind: 'field', ...place, on: 'value' }),
      inForce: hop.evidence.map((policy) => ({ policy, ...placeOf(policyPlace(policy)) })),
    })),
    assumptions,
    nearestMiss: nearestMiss(mesh, request) ?? null,
    findings: deniers(hops).flatMap((policy) =>
      policyFindings(policyPlace(policy), analysis, (file) => diagnostics.uriOf(file)),
    ),
  }
}

/** The policies that deny the request, or do not allow it. */
function deniers(hops: readonly Hop[]): readonly string[] {
  const names = hops
    .filter(({ verdict }) => verdict !== 'allow')
    .flatMap(({ evidence, policy }) => (policy === null ? evidence : [policy]))
  return [...new Set(names)]
}
