import fc from 'fast-check'
import type { Addition } from './routes.js'
import { maybe, pick, SPACES, type Manifest } from './values.js'

/** What a policy of a mesh is attached to; `own` leaves it as it is. */
const attachment = pick('own', 'Service', 'Service', 'Gateway', 'GatewayClass')

/** The same mesh, in which most Services use a waypoint, and most policies target one or a Service. */
export const waypointUse: fc.Arbitrary<Addition> = fc
  .record({
    uses: fc.array(pick(true, true, true, false), { minLength: 1, maxLength: 4 }),
    attachments: fc.array(attachment, { minLength: 1, maxLength: 4 }),
    waypointFor: maybe(pick('all', 'service')),
    called: fc.nat(3),
  })
  .map((drawn) => (mesh) => {
    const services = mesh.filter(({ kind }) => kind === 'Service')
    return [
      ...mesh.flatMap((object, index): Manifest[] => {
        const { kind, metadata } = object
        if (kind === 'Gateway' && metadata.name === 'waypoint') return []
        if (kind === 'Service' && drawn.uses[index % drawn.uses.length])
          return [
            {
              ...object,
              metadata: {
                ...metadata,
                labels: {
                  ...metadata.labels,
                  'istio.io/use-waypoint': 'waypoint',
                  'istio.io/use-waypoint-namespace': metadata.namespace ?? '',
                },
              },
            },
          ]
        const to = drawn.attachments[index % drawn.attachments.length]
        return kind === 'AuthorizationPolicy' && to && to !== 'own'
          ? [attachedTo(object, { kind: to, services, called: drawn.called + index })]
          : [object]
      }),
      ...SPACES.map((namespace): Manifest => ({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        metadata: {
          name: 'waypoint',
          namespace,
          ...(drawn.waypointFor ? { labels: { 'istio.io/waypoint-for': drawn.waypointFor } } : {}),
        },
        spec: {
          gatewayClassName: 'istio-waypoint',
          listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
        },
      })),
    ]
  })

interface Attached {
  readonly kind: 'Service' | 'Gateway' | 'GatewayClass'
  readonly services: readonly Manifest[]
  readonly called: number
}

function attachedTo(policy: Manifest, { kind, services, called }: Attached): Manifest {
  const service = services[called % services.length]
  const names = {
    Service: service?.metadata.name,
    Gateway: 'waypoint',
    GatewayClass: 'istio-waypoint',
  }
  const group = kind === 'Service' ? '' : 'gateway.networking.k8s.io'
  const spec: object = {
    ...(policy.spec as object),
    selector: undefined,
    targetRefs: [{ group, kind, name: names[kind] }],
  }
  const namespace =
    kind === 'Service'
      ? service?.metadata.namespace
      : kind === 'GatewayClass'
        ? 'istio-system'
        : policy.metadata.namespace
  return { ...policy, metadata: { ...policy.metadata, ...(namespace ? { namespace } : {}) }, spec }
}
