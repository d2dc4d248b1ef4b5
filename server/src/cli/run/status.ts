import { predictedStatus, type Analysis } from '@istio-ambient-policy/shared'
import { formatTable } from '../format/table.js'
import { asSingleMesh } from '../inputs.js'
import { EXIT_FAILURE, EXIT_OK, type CliIo } from '../io.js'
import { loadOneMesh } from '../loadMesh.js'
import { failsStrictly } from '../notRead.js'
import { toJson } from '../format/json.js'
import type { StatusOptions } from '../commands/status.js'

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

export async function status(
  io: CliIo,
  paths: readonly string[],
  options: StatusOptions,
): Promise<number> {
  const { format } = options
  const { analysis, incomplete, notRead } = await loadOneMesh(io, asSingleMesh(io, paths, options))
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
      ? `${toJson(conditions, 2)}\n`
      : formatTable(['KIND', 'NAMESPACE', 'NAME', 'TYPE', 'STATUS', 'REASON', 'MESSAGE'], rows),
  )
  return failsStrictly(io, options, notRead) || incomplete ? EXIT_FAILURE : EXIT_OK
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
  // Definitions of one object can have the same status.
  const distinct = new Map(
    conditions.map((condition) => [JSON.stringify(condition), condition] as const),
  )
  return [...distinct.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}
