import {
  allDestinations,
  destinationOf,
  nearMiss,
  type Mesh,
  type RequestTarget,
} from '@istio-ambient-policy/shared'

const KINDS = ['service', 'workload', 'host'] as const

/** The name of a destination on the command line: `service shop/api`. */
interface DestinationName {
  readonly kind: (typeof KINDS)[number]
  readonly name: string
}

/** Why the files have no such destination. Undefined if they have it, and for a host: other hosts exist too. */
export function unknownDestination(mesh: Mesh, target: RequestTarget): string | undefined {
  const { kind, name } = nameOf(target)
  const destination = destinationOf(mesh, target)
  if (kind === 'host' || destination.kind !== 'missing') return undefined
  const ports = [...mesh.get(allDestinations, '').values()]
    .filter((other) => nameOf(other).kind === kind && nameOf(other).name === name)
    .map(({ port }) => port)
  return ports.length > 0
    ? `${kind} ${name} has no TCP port ${target.port} in these files: it has ${ports.join(', ')}`
    : `${kind} ${name} is not in these files${similarDestination(mesh, { kind, name })}`
}

/** `; did you mean service shop/api?`; empty if no name is similar. */
export function similarDestination(mesh: Mesh, { kind, name }: DestinationName): string {
  const names = [...mesh.get(allDestinations, '').values()].map(nameOf)
  const of = (isWanted: (kind: string) => boolean): DestinationName | undefined => {
    const candidates = names.filter((other) => isWanted(other.kind))
    const nearest =
      candidates.find((other) => other.name === name)?.name ??
      nearMiss(
        name,
        candidates.map((other) => other.name),
      )
    return candidates.find((other) => other.name === nearest)
  }
  const found = of((other) => other === kind) ?? of((other) => other !== kind)
  return found === undefined ? '' : `; did you mean ${found.kind} ${found.name}?`
}

function nameOf(target: RequestTarget): DestinationName {
  if ('service' in target) return { kind: 'service', name: target.service }
  return 'workload' in target
    ? { kind: 'workload', name: target.workload }
    : { kind: 'host', name: target.host }
}
