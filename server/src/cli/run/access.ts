import type { FormatName } from '../format/formatNames.js'
import {
  allDestinations,
  findAccessSteps,
  type Mesh,
  type Question,
  type RequestTarget,
} from '@istio-ambient-policy/shared'
import { accessReport, type AccessReport } from '../access/accessReport.js'
import { formatAccessText } from '../access/accessText.js'
import { toJson } from '../format/json.js'
import { asSingleMesh } from '../inputs.js'
import { CommandFailure, EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { displayPath } from '../paths.js'
import { accountOf } from '../requestOptions.js'
import { inSteps } from '../steps.js'
import { createStyle, type Style } from '../style.js'
import { unknownAccount } from '../unknownAccount.js'
import { similarDestination } from '../unknownDestination.js'
import type { AccessOptions } from '../commands/access.js'

interface TextContext {
  readonly style: Style
  readonly paths: readonly string[]
}

const FORMATS: Readonly<
  Record<FormatName<'access'>, (report: AccessReport, context: TextContext) => string>
> = {
  text: formatAccessText,
  json: (report) => `${toJson(report, 2)}\n`,
}

export async function access(
  io: CliIo,
  paths: readonly string[],
  options: AccessOptions,
): Promise<number> {
  if (options.from === undefined && options.to === undefined)
    throw new CommandFailure('missing --from or --to')
  const question: Question = {
    from: options.from === undefined ? undefined : clientsOf(options.from),
    method: options.method,
    path: options.path,
  }
  const isTarget = options.to === undefined ? () => true : targetsOf(options.to)
  const { analysis, incomplete } = await loadOneMesh(io, asSingleMesh(io, paths))
  const { from } = question
  const problem =
    typeof from === 'object' && 'account' in from
      ? unknownAccount(analysis.mesh, from.account)
      : undefined
  if (problem !== undefined) io.warn(problem)
  const targets = destinationsOf(analysis.mesh).filter(isTarget)
  if (targets.length === 0)
    throw new CommandFailure(
      `these files have no destination ${options.to ?? ''}`.trimEnd() +
        similarTarget(analysis.mesh, options.to ?? ''),
    )
  const answers = await inSteps(
    io,
    findAccessSteps(analysis.mesh, targets, question, {
      isWanted: ({ usesWaypoint }) => options.notThrough === undefined || !usesWaypoint,
    }),
  )
  const report = accessReport(answers, analysis, (file) => displayPath(io.cwd, file))
  const format = FORMATS[options.format]
  io.out(format(report, { style: createStyle(io.colours), paths }))
  return incomplete ? EXIT_FAILURE : EXIT_OK
}

function destinationsOf(mesh: Mesh): RequestTarget[] {
  return [...mesh.get(allDestinations, '').values()]
}

const DESTINATION = /^(?<kind>service|workload|host)[ =:](?<name>\S+?)(?::(?<port>\d{1,5}))?$/
const NAMESPACE = /^namespace:([^/\s]+)$/

function clientsOf(text: string): Question['from'] {
  if (text === 'outside') return 'outside'
  const namespace = NAMESPACE.exec(text)?.[1]
  return namespace === undefined ? { account: accountOf(text) } : { namespace }
}

function similarTarget(mesh: Mesh, to: string): string {
  const { kind, name } = DESTINATION.exec(to)?.groups ?? {}
  return kind === 'service' || kind === 'workload' || kind === 'host'
    ? similarDestination(mesh, { kind, name: name ?? '' })
    : ''
}

function targetsOf(text: string): (target: RequestTarget) => boolean {
  const namespace = NAMESPACE.exec(text)?.[1]
  if (namespace !== undefined)
    return (target) => {
      const name =
        'service' in target ? target.service : 'workload' in target ? target.workload : ''
      return name.startsWith(`${namespace}/`)
    }
  const { kind, name, port } = DESTINATION.exec(text)?.groups ?? {}
  if (kind === undefined)
    throw new CommandFailure(
      `--to must be "service NAMESPACE/NAME[:PORT]", "workload NAMESPACE/NAME[:PORT]", "host NAME[:PORT]" or "namespace:NAME", not "${text}"`,
    )
  return (target) =>
    Object.entries(target).some(([key, value]) => key === kind && value === name) &&
    (port === undefined || target.port === Number(port))
}
