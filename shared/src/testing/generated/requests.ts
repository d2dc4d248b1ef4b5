import fc from 'fast-check'
import type { AccessRequest } from '../../access/request.js'
import { manifests } from './manifests.js'
import { ACCOUNTS, maybe, METHODS, pick, seldom, SPACES, type Manifest } from './values.js'

const from = fc.oneof(
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
const http = fc.record(
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

/** A mesh with requests. Some requests have a destination that does not exist. */
export const questions: fc.Arbitrary<{
  readonly objects: readonly Manifest[]
  readonly requests: readonly AccessRequest[]
}> = fc
  .tuple(
    manifests,
    fc.array(
      fc.record({
        from,
        target: fc.nat(99),
        port: fc.nat(1),
        http: maybe(http),
        nowhere: seldom(nowhere),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([objects, asked]) => {
    const targets = objects.filter(({ kind }) => kind === 'Pod' || kind === 'Service')
    const requests = asked.map((request): AccessRequest => {
      const object = targets[request.target % targets.length]
      const name = `${object?.metadata.namespace ?? ''}/${object?.metadata.name ?? ''}`
      const to =
        request.nowhere ??
        (object?.kind === 'Service'
          ? { service: name, port: [80, 9090][request.port] ?? 80 }
          : { workload: name, port: [8080, 9090][request.port] ?? 8080 })
      return { from: request.from, to, http: request.http }
    })
    return { objects, requests }
  })
