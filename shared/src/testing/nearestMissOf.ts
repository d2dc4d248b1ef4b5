import { nearestMiss } from '../access/nearestMiss.js'
import type { AccessRequest } from '../access/request.js'
import { analyse } from './checkFiles.js'
import { documents } from './objectText.js'
import { gateway, namespace, pod, service, TO_API, WEB } from './shopMesh.js'

/** As `SHOP`, with a second port of the Service. */
export const TWO_PORTS: readonly string[] = [
  namespace('shop'),
  gateway('waypoint'),
  pod('api'),
  service('api', {
    spec: {
      ports: [
        { name: 'http', port: 80, targetPort: 8080 },
        { name: 'http-admin', port: 81, targetPort: 8081 },
      ],
    },
  }),
]

/**
 * The nearest miss in one line, such as `method GET, path /items: allow`. The request is one from
 * `web` to the Service `api`.
 */
export function missIn(
  objects: readonly string[],
  request: Partial<AccessRequest> = {},
): string | undefined {
  const { mesh } = analyse(documents(...objects), { world: 'closed' })
  const from = { namespace: WEB.namespace, serviceAccount: WEB.serviceAccount }
  const miss = nearestMiss(mesh, { from, to: TO_API, http: {}, ...request })
  const changes = miss?.changes.map(({ field, value }) => `${field} ${value}`)
  return miss && `${changes?.join(', ') ?? ''}: ${miss.verdict}`
}
