import type { Mesh } from '../../mesh/mesh.js'
import { targetPortOf, workloadsOfService } from '../../mesh/services.js'
import type {
  AuthorizationPolicy,
  Condition,
  Operation,
  Rule,
} from '../../resources/authorizationPolicy.js'
import type { Service } from '../../resources/service.js'
import { attributeOfKey } from '../../vocabulary/whenKeys.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Edit } from '../fix.js'

/**
 * The Service ports that reach a container port, since ports of a policy are container ports at ztunnel and
 * Service ports at a waypoint (docs/semantics.md §7). Undefined where no Service port reaches it, where a
 * target port is not known, or where the same Service port reaches another container port at another Service.
 */
type ServicePortLookup = (containerPort: string) => readonly string[] | undefined

export function servicePortsOf(mesh: Mesh, services: readonly Service[]): ServicePortLookup {
  const known = services.map((service) => ({ service, targets: targetsOf(mesh, service) }))
  return (containerPort) => {
    if (!/^\d+$/.test(containerPort) || known.some(({ targets }) => targets === undefined))
      return undefined
    const number = Number(containerPort)
    const servicePorts = new Set(
      known.flatMap(({ targets }) =>
        [...(targets ?? [])].filter(([, target]) => target === number).map(([port]) => port),
      ),
    )
    const isAmbiguous = known.some(({ targets }) =>
      [...servicePorts].some((port) => (targets?.get(port) ?? number) !== number),
    )
    return servicePorts.size === 0 || isAmbiguous
      ? undefined
      : [...servicePorts].sort((a, b) => a - b).map(String)
  }
}

/** Service port → container port. Undefined where a named target port differs between workloads of the Service. */
function targetsOf(mesh: Mesh, service: Service): ReadonlyMap<number, number> | undefined {
  const result = new Map<number, number>()
  for (const { port, targetPort } of service.ports) {
    if (typeof targetPort === 'number') {
      result.set(port, targetPort)
      continue
    }
    const numbers = new Set(
      mesh.get(workloadsOfService, service).map((workload) => targetPortOf(workload, targetPort)),
    )
    const [number] = numbers
    if (numbers.size !== 1 || number === undefined) return undefined
    result.set(port, number)
  }
  return result
}

const isPortKey = (key: string): boolean => attributeOfKey(key)?.attribute === 'port'

/** Replaces the container ports of a policy with Service ports. Undefined where one has no Service port. */
export function translatePorts(
  policy: AuthorizationPolicy,
  map: ServicePortLookup,
): Edit[] | undefined {
  const edits: Edit[] = []
  for (const { path, values } of policy.rules.flatMap(portLists)) {
    const translated = translateAll(values, map)
    if (!translated) return undefined
    if (translated.join() === values.join()) continue
    if (translated.length !== values.length)
      edits.push({ op: 'set', resource: policy, path, value: translated })
    else
      edits.push(
        ...translated.flatMap((value, at): Edit[] =>
          value === values[at] ? [] : [{ op: 'set', resource: policy, path: [...path, at], value }],
        ),
      )
  }
  return edits
}

/** The rule with Service ports. Undefined where a container port has no Service port. */
export function withServicePorts(rule: Rule, map: ServicePortLookup): Rule | undefined {
  const operations = rule.to?.map((operation) => operation && translateOperation(operation, map))
  const conditions = rule.when?.map((condition) => translateCondition(condition, map))
  if (operations?.some((operation, at) => operation === undefined && rule.to?.[at] !== undefined))
    return undefined
  const known = conditions?.flatMap((condition) => condition ?? [])
  return known?.length === conditions?.length
    ? { from: rule.from, to: operations, when: known }
    : undefined
}

function portLists(
  rule: Rule,
  index: number,
): { readonly path: FieldPath; readonly values: readonly string[] }[] {
  const path: FieldPath = ['spec', 'rules', index]
  const to = (rule.to ?? []).flatMap((operation, at) =>
    (['ports', 'notPorts'] as const).flatMap((field) =>
      operation?.[field]
        ? [{ path: [...path, 'to', at, 'operation', field], values: operation[field] }]
        : [],
    ),
  )
  const when = (rule.when ?? []).flatMap(({ key, values, notValues }, at) => {
    if (!isPortKey(key)) return []
    const lists = [
      { path: [...path, 'when', at, 'values'], values },
      { path: [...path, 'when', at, 'notValues'], values: notValues },
    ]
    return lists.filter((list) => list.values.length > 0)
  })
  return [...to, ...when]
}

function translateOperation(operation: Operation, map: ServicePortLookup): Operation | undefined {
  const ports = operation.ports && translateAll(operation.ports, map)
  const notPorts = operation.notPorts && translateAll(operation.notPorts, map)
  if ((operation.ports && !ports) || (operation.notPorts && !notPorts)) return undefined
  return { ...operation, ...(ports ? { ports } : {}), ...(notPorts ? { notPorts } : {}) }
}

function translateCondition(condition: Condition, map: ServicePortLookup): Condition | undefined {
  if (!isPortKey(condition.key)) return condition
  const values = translateAll(condition.values, map)
  const notValues = translateAll(condition.notValues, map)
  return values && notValues && { key: condition.key, values, notValues }
}

function translateAll(
  values: readonly string[],
  map: ServicePortLookup,
): readonly string[] | undefined {
  const translated = values.map(map)
  const known = translated.flatMap((ports) => ports ?? [])
  return translated.every((ports) => ports !== undefined) ? [...new Set(known)] : undefined
}
