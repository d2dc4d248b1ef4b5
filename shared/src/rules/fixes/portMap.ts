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
 * Ports of a policy are container ports at ztunnel and Service ports at a waypoint (docs/semantics.md §7): the Service ports that reach a container port,
 * the same through every Service that has them; undefined where that cannot be told.
 */
type PortMap = (containerPort: string) => readonly string[] | undefined

export function portMapOf(mesh: Mesh, services: readonly Service[]): PortMap {
  const reaching = services.map((service) => ({ service, targets: targetsOf(mesh, service) }))
  return (containerPort) => {
    if (!/^\d+$/.test(containerPort) || reaching.some(({ targets }) => targets === undefined))
      return undefined
    const wanted = Number(containerPort)
    const found = new Set(
      reaching.flatMap(({ targets }) =>
        [...(targets ?? [])].filter(([, target]) => target === wanted).map(([port]) => port),
      ),
    )
    // The same number may mean another container port at a second Service.
    const clash = reaching.some(({ targets }) =>
      [...found].some((port) => (targets?.get(port) ?? wanted) !== wanted),
    )
    return found.size === 0 || clash ? undefined : [...found].sort((a, b) => a - b).map(String)
  }
}

/** Service port → container port; undefined where a named target port is not the same on every workload behind the Service. */
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

/** The edits that turn a policy's container ports into Service ports, in place; undefined where one has no counterpart. */
export function translatePorts(policy: AuthorizationPolicy, map: PortMap): Edit[] | undefined {
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

/** The rule with Service ports; undefined where a container port has no counterpart. */
export function withServicePorts(rule: Rule, map: PortMap): Rule | undefined {
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

function translateOperation(operation: Operation, map: PortMap): Operation | undefined {
  const ports = operation.ports && translateAll(operation.ports, map)
  const notPorts = operation.notPorts && translateAll(operation.notPorts, map)
  if ((operation.ports && !ports) || (operation.notPorts && !notPorts)) return undefined
  return { ...operation, ...(ports ? { ports } : {}), ...(notPorts ? { notPorts } : {}) }
}

function translateCondition(condition: Condition, map: PortMap): Condition | undefined {
  if (!isPortKey(condition.key)) return condition
  const values = translateAll(condition.values, map)
  const notValues = translateAll(condition.notValues, map)
  return values && notValues && { key: condition.key, values, notValues }
}

function translateAll(values: readonly string[], map: PortMap): readonly string[] | undefined {
  const translated = values.map(map)
  const known = translated.flatMap((ports) => ports ?? [])
  return translated.every((ports) => ports !== undefined) ? [...new Set(known)] : undefined
}
