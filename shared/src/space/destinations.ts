import { destinationChoices } from '../access/choices.js'
import { destinationOf } from '../access/destination.js'
import type { RequestTarget } from '../access/request.js'
import { query } from '../mesh/mesh.js'

/** Every destination of a mesh: each port of a Service, of a workload, and of a host of a ServiceEntry. */
export const allDestinations = query(
  'all destinations',
  (mesh, _: ''): ReadonlyMap<string, RequestTarget> =>
    new Map(
      mesh
        .get(destinationChoices, '')
        .flatMap(({ kind, name, ports }) => ports.map(({ port }) => targetOf(kind, name, port)))
        // Of several definitions of a host, each client has its own.
        .filter((target) => 'host' in target || destinationOf(mesh, target).kind !== 'missing')
        .map((target) => [destinationKey(target), target]),
    ),
)

function targetOf(
  kind: 'service' | 'workload' | 'host',
  name: string,
  port: number,
): RequestTarget {
  switch (kind) {
    case 'service':
      return { service: name, port }
    case 'workload':
      return { workload: name, port }
    case 'host':
      return { host: name, port }
  }
}

const KINDS = { Service: 'service', workload: 'workload', host: 'host' } as const

/** The target of a key. Undefined for a text that is no key. */
export function targetOfKey(key: string): RequestTarget | undefined {
  const [, kind, name = '', port] = /^(\w+) (.*) port (\d+)$/.exec(key) ?? []
  return kind === 'Service' || kind === 'workload' || kind === 'host'
    ? targetOf(KINDS[kind], name, Number(port))
    : undefined
}

/** `Service shop/api port 80`. */
export function destinationKey(target: RequestTarget): string {
  if ('service' in target) return `Service ${target.service} port ${target.port}`
  return 'workload' in target
    ? `workload ${target.workload} port ${target.port}`
    : `host ${target.host} port ${target.port}`
}
