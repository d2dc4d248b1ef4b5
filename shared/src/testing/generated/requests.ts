import fc from 'fast-check'
import type { AccessRequest } from '../../access/request.js'
import { manifests } from './manifests.js'
import { routes } from './routes.js'
import { ACCOUNTS, maybe, METHODS, pick, seldom, SPACES, type Manifest } from './values.js'
import { variety } from './variety.js'
import { waypointUse } from './waypointUse.js'

export const from = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      namespace: pick(...SPACES),
      serviceAccount: pick(...ACCOUNTS, 'ingress-istio', 'unknown'),
      ip: maybe(pick('10.1.0.1', '192.168.0.1', 'fd00::1', 'nonsense')),
      trustDomain: seldom(pick('other.example')),
    }),
  },
  { weight: 1, arbitrary: fc.record({ ip: maybe(pick('10.1.0.1', '203.0.113.7')) }) },
)
export const http = fc.record(
  {
    method: pick(...METHODS),
    path: pick('/', '/api', '/api/x', '/a/x', '/%'),
    host: pick('api.alpha', 'x.example.com'),
    headers: fc.record({ 'x-env': pick('prod', 'dev') }, { requiredKeys: [] }),
    requestPrincipal: pick('https://issuer.example/user', 'nobody'),
    claims: pick<Record<string, unknown>>(
      { iss: 'https://issuer.example', sub: 'user', role: 'prod' },
      {},
    ),
  },
  { requiredKeys: [] },
)
const nowhere = fc.oneof(
  fc.record({ service: pick('', '/', 'api', 'a/b/c'), port: pick(0, 80) }),
  fc.record({ host: pick('api.example.com', 'other.example.com', 'nowhere'), port: pick(80, 443) }),
)

/** The objects of a mesh, and requests. */
export interface Questions {
  readonly objects: readonly Manifest[]
  readonly requests: readonly AccessRequest[]
}

/** The parts of requests. */
export interface AskedAs {
  readonly from: fc.Arbitrary<AccessRequest['from']>
  readonly http: fc.Arbitrary<NonNullable<AccessRequest['http']>>
  /** A destination other than a pod or a Service of the mesh. */
  readonly nowhere: fc.Arbitrary<AccessRequest['to'] | undefined>
}

/** The kinds of objects that a request can name as a workload. */
const RUNNING = /^(Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|WorkloadEntry)$/

/** Meshes with requests, most of them to a pod or a Service of the mesh. */
export function questionsOver(
  meshes: fc.Arbitrary<readonly Manifest[]>,
  parts: AskedAs,
): fc.Arbitrary<Questions> {
  const request = fc.record({
    from: parts.from,
    toService: fc.boolean(),
    target: fc.nat(99),
    port: fc.nat(1),
    http: maybe(parts.http),
    nowhere: parts.nowhere,
  })
  return fc
    .tuple(meshes, fc.array(request, { minLength: 1, maxLength: 6 }))
    .map(([objects, asked]) => {
      const services = objects.filter(({ kind }) => kind === 'Service')
      const pods = objects.filter(({ kind }) => RUNNING.test(kind))
      const requests = asked.map((each): AccessRequest => {
        const targets = each.toService ? services : pods
        const object = targets[each.target % targets.length]
        const name = `${object?.metadata.namespace ?? ''}/${object?.metadata.name ?? ''}`
        const to =
          each.nowhere ??
          (object?.kind === 'Service'
            ? { service: name, port: [80, 9090][each.port] ?? 80 }
            : { workload: name, port: [8080, 9090][each.port] ?? 8080 })
        return { from: each.from, to, http: each.http }
      })
      return { objects, requests }
    })
}

/** A mesh with requests. Some requests have a destination that does not exist. */
export const questions = questionsOver(manifests, { from, http, nowhere: seldom(nowhere) })

/** Small meshes with the kinds of objects, the routes and the settings that most meshes do not have. */
export const variedManifests: fc.Arbitrary<readonly Manifest[]> = fc
  .tuple(manifests, maybe(waypointUse), seldom(routes), variety)
  .map(([mesh, ...additions]) => additions.reduce((found, add) => add?.(found) ?? found, mesh))

/** Such a mesh with requests. */
export const variedQuestions = questionsOver(variedManifests, {
  from: fc.oneof(
    { weight: 4, arbitrary: from },
    {
      weight: 1,
      arbitrary: fc.record({
        namespace: pick(...SPACES),
        serviceAccount: pick('machine', 'gate', 'second', 'waypoint'),
        trustDomain: seldom(pick('corp.example')),
      }),
    },
  ),
  http,
  nowhere: seldom(nowhere),
})
