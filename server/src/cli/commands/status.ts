import { predictedStatus, type Analysis } from '@istio-ambient-policy/shared'
import { formatTable } from '../format/table.js'
import { asSingleMesh } from '../inputs.js'
import { EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { formatOption, PATHS_HELP, type AddCommand } from './commandLine.js'

/** A condition in the shape of the JSON output. */
interface ReportedCondition {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

/** `status`: predicts the status conditions of istiod, sorted by kind, namespace, name and type. */
export const addStatus: AddCommand = (program, io, finish) => {
  program
    .command('status')
    .description('predict the status conditions of policies, Services and ServiceEntries')
    .argument('[paths...]', PATHS_HELP.oneMesh, ['.'])
    .addOption(formatOption(['table', 'json']))
    .action(async (paths: string[], { format }: { readonly format: string }) => {
      finish(await status(io, paths, format))
    })
}

async function status(io: CliIo, paths: readonly string[], format: string): Promise<number> {
  const { analysis, incomplete } = await loadOneMesh(io, asSingleMesh(io, paths))
  const conditions = conditionsOf(analysis)
  const rows = conditions.map((condition) => [
    condition.kind,
    condition.namespace,
    condition.name,
    condition.type,
    condition.status,
    condition.reason,
    condition.message,
  ])
  io.out(
    format === 'json'
      ? `${JSON.stringify(conditions, undefined, 2)}\n`
      : formatTable(['KIND', 'NAMESPACE', 'NAME', 'TYPE', 'STATUS', 'REASON', 'MESSAGE'], rows),
  )
  return incomplete ? EXIT_FAILURE : EXIT_OK
}

function conditionsOf({ mesh }: Analysis): ReportedCondition[] {
  const conditions = mesh
    .get(predictedStatus, '')
    .map(({ resource, type, status: value, reason, message }) => ({
      kind: resource.type,
      namespace: resource.namespace,
      name: resource.name,
      type,
      status: value,
      reason,
      message,
    }))
  const sortKey = ({ kind, namespace, name, type }: ReportedCondition): string =>
    [kind, namespace, name, type].join('\u0000')
  return conditions.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}
