import {
  ACCESS_MATRIX_REQUEST,
  ACCESS_REQUEST,
  accessMatrixSteps,
  allDestinations,
  findAccessSteps,
  keys,
  MOST_COMPARISONS_IN_EDITOR,
  SERVER_COMMANDS,
  targetInWords,
  type AccessMatrixResult,
  type AccessParams,
  type AccessResult,
  type Analysis,
  type Mesh,
  type MeshViewParams,
  type Question,
  type RequestTarget,
  type Resource,
} from '@istio-ambient-policy/shared'
import type { CancellationToken, Connection } from 'vscode-languageserver'
import { accessReason } from './accessReason.js'
import { fieldOf } from './clientAbilities.js'
import { linker, meshesOf } from './meshView.js'
import { uriOfFile } from '../convert/uris.js'
import type { ServerContext } from './serverContext.js'
import { steppedRequestHandler } from './steppedRequestHandler.js'

/** `istioAmbientPolicy/access` and `istioAmbientPolicy/accessMatrix`: who can reach what, over all requests. */
export function registerAccess(connection: Connection, context: ServerContext): void {
  const access = steppedRequestHandler<AccessParams, NonNullable<AccessResult>>(
    context,
    'access',
    ({ analysis }, params) => accessTo(params, analysis, context),
  )
  connection.onRequest<AccessResult, undefined>(ACCESS_REQUEST, access)
  context.serverCommands.set(SERVER_COMMANDS.access, ([params], token) =>
    isAccessParams(params)
      ? access(params, token)
      : { problem: 'The argument must have the fields textDocument.uri, to.kind and to.name.' },
  )
  const matrix = steppedRequestHandler<MatrixParams, NonNullable<AccessMatrixResult>>(
    context,
    'access matrix',
    (_, { analysis, namespace }) => matrixOf(analysis, namespace, context),
  )
  connection.onRequest<AccessMatrixResult, undefined>(
    ACCESS_MATRIX_REQUEST,
    ({ mesh, namespace }: MeshViewParams, token: CancellationToken) => {
      const found = meshesOf(context).find(({ id }) => id === mesh)
      if (!found) return null
      const [file = ''] = found.analysis.files.keys()
      return matrix(
        { textDocument: { uri: uriOfFile(file) }, analysis: found.analysis, namespace },
        token,
      )
    },
  )
}

/** Any document of the mesh, which is the one that is left out if the matrix takes too long. */
interface MatrixParams {
  readonly textDocument: { readonly uri: string }
  readonly analysis: Analysis
  readonly namespace: string | undefined
}

function isAccessParams(value: unknown): value is AccessParams {
  const to = fieldOf(value, 'to')
  const texts = [
    fieldOf(fieldOf(value, 'textDocument'), 'uri'),
    fieldOf(to, 'kind'),
    fieldOf(to, 'name'),
  ]
  return texts.every((text) => typeof text === 'string')
}

function* accessTo(
  { to, from }: AccessParams,
  analysis: Analysis,
  context: ServerContext,
): Generator<void, NonNullable<AccessResult>, undefined> {
  const { mesh } = context.closedMesh(analysis)
  const targets = [...mesh.get(allDestinations, '').values()].filter(
    (target) => nameOf(target) === to.name && kindOf(target) === to.kind && isPort(target, to.port),
  )
  const { found, notCompared, assumptions } = yield* findAccessSteps(
    mesh,
    targets,
    { from: questionFrom(from) },
    {
      verdicts: from ? ['allow', 'undecided', 'deny'] : ['allow', 'undecided'],
      mostComparisons: MOST_COMPARISONS_IN_EDITOR,
    },
  )
  return {
    access: found
      // Accounts of the same name in another trust domain are other clients.
      .filter(({ box }) => !from || box.witness.from.trustDomain === undefined)
      .map(({ target, judgement, box }) => ({
        target,
        clients: box.clients,
        requests: box.requests,
        witness: box.witness,
        ...accessReason(judgement, analysis, context),
      })),
    notCompared: notCompared.map(({ target, reason }) => `${targetInWords(target)}: ${reason}`),
    assumptions,
  }
}

function questionFrom(from: AccessParams['from']): Question['from'] {
  if (!from) return undefined
  const { namespace, serviceAccount } = from
  return namespace === undefined || serviceAccount === undefined
    ? 'outside'
    : { account: { namespace, serviceAccount } }
}

function* matrixOf(
  analysis: Analysis,
  namespace: string | undefined,
  context: ServerContext,
): Generator<void, NonNullable<AccessMatrixResult>, undefined> {
  const { mesh } = context.closedMesh(analysis)
  const targets = [...mesh.get(allDestinations, '').values()].filter(
    (target) => namespace === undefined || nameOf(target).startsWith(`${namespace}/`),
  )
  const [file = ''] = analysis.files.keys()
  const linked = linker(analysis, context)
  return {
    ...(yield* accessMatrixSteps(mesh, targets, MOST_COMPARISONS_IN_EDITOR)),
    uri: context.diagnostics.uriOf(file),
    places: targets.map((target) => linked(objectOf(mesh, target) ?? null)),
  }
}

function objectOf(mesh: Mesh, target: RequestTarget): Resource | undefined {
  const [namespace = '', name = ''] = nameOf(target).split('/')
  switch (kindOf(target)) {
    case 'service':
      return mesh.named('Service', namespace, name)
    case 'workload':
      return mesh.workloadsAt(keys.workloads(namespace)).find((each) => each.name === name)
    case 'host':
      return mesh.all('ServiceEntry').find(({ hosts }) => hosts.includes(nameOf(target)))
  }
}

function kindOf(target: RequestTarget): AccessParams['to']['kind'] {
  if ('service' in target) return 'service'
  return 'workload' in target ? 'workload' : 'host'
}

function nameOf(target: RequestTarget): string {
  if ('service' in target) return target.service
  return 'workload' in target ? target.workload : target.host
}

function isPort({ port }: RequestTarget, wanted: number | undefined): boolean {
  return wanted === undefined || port === wanted
}
