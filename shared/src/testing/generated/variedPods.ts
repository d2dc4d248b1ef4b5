import fc from 'fast-check'
import { pick, seldom, type Manifest } from './values.js'

/** How the pods of a mesh are written, and what is on them. */
export const podShape = fc.record({
  kind: pick(
    'Pod',
    'Pod',
    'Deployment',
    'StatefulSet',
    'DaemonSet',
    'ReplicaSet',
    'Job',
    'CronJob',
  ),
  /** A container that has the port `web` before the container of the mesh, or after it. */
  other: seldom(
    fc.record({
      isInit: fc.boolean(),
      keepsRunning: fc.boolean(),
      port: fc.record({
        name: pick('web'),
        containerPort: pick(9090, 7070),
        protocol: pick('TCP', 'UDP'),
      }),
    }),
  ),
  annotations: seldom(
    fc.record(
      {
        'ambient.istio.io/bypass-inbound-capture': pick('true', '1', 'yes'),
        'sidecar.istio.io/inject': pick('true', 'false'),
        'sidecar.istio.io/status': pick('{}'),
        'inject.istio.io/templates': pick('gateway', 'sidecar'),
      },
      { requiredKeys: [] },
    ),
  ),
  revision: seldom(pick('canary')),
  phase: seldom(pick('Succeeded', 'Failed', 'Running')),
})
type PodShape = typeof podShape extends fc.Arbitrary<infer T> ? T : never

/** The containers of a pod of the mesh. */
interface PodSpec {
  readonly containers: readonly unknown[]
}

/** The pod with another controller, container, annotations or phase. */
export function podAs(object: Manifest, shape: PodShape): Manifest {
  const { name, namespace, labels } = object.metadata
  const { annotations, other, revision, phase } = shape
  const ownLabels = labels && revision ? { ...labels, 'istio.io/rev': revision } : labels
  const spec = object.spec as PodSpec
  const { isInit, keepsRunning, port } = other ?? {}
  const container = {
    name: 'other',
    image: 'other',
    ports: [port],
    ...(isInit && keepsRunning ? { restartPolicy: 'Always' } : {}),
  }
  const template = {
    metadata: {
      ...(ownLabels ? { labels: ownLabels } : {}),
      ...(annotations ? { annotations } : {}),
    },
    spec: {
      ...spec,
      ...(other && isInit ? { initContainers: [container] } : {}),
      ...(other && !isInit ? { containers: [container, ...spec.containers] } : {}),
    },
  }
  const at = { name, ...(namespace ? { namespace } : {}) }
  // A controller needs labels, which its pods then have.
  if (shape.kind === 'Pod' || labels === undefined)
    return {
      ...object,
      metadata: { ...at, ...template.metadata },
      spec: template.spec,
      ...(phase ? { status: { phase } } : {}),
    }
  switch (shape.kind) {
    case 'Job':
      return { apiVersion: 'batch/v1', kind: 'Job', metadata: at, spec: { template } }
    case 'CronJob':
      return {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: at,
        spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template } } },
      }
    default:
      return {
        apiVersion: 'apps/v1',
        kind: shape.kind,
        metadata: at,
        spec: { selector: { matchLabels: ownLabels }, template },
      }
  }
}
