import { keys, labelPair } from '../../inventory/indexKeys.js'
import type { Evidence } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { APIService } from '../../resources/apiService.js'
import type { Ingress } from '../../resources/ingress.js'
import type { Service } from '../../resources/service.js'
import type { WebhookConfiguration } from '../../resources/webhookConfiguration.js'
import type { FieldPath } from '../../yaml/node.js'

type PlaintextSource = APIService | Ingress | Service | WebhookConfiguration

/** A client outside the mesh that connects to a Service without mTLS. */
export interface PlaintextClient {
  /** For messages: `the API server`. */
  readonly name: string
  /** For messages: the same client again, `it connects` or `they connect`. */
  readonly connects: 'it connects' | 'they connect'
  readonly service: Service
  /** Number or name of the Service port; undefined for all of them. */
  readonly port: number | string | undefined
  /** The field of the source that shows the client. */
  readonly path: FieldPath
  readonly evidence: readonly Evidence[]
}

const API_SERVER = { name: 'the API server', connects: 'it connects', evidence: [] } as const

/** The clients outside the mesh that an object shows. */
export function plaintextClients(mesh: Mesh, source: PlaintextSource): PlaintextClient[] {
  switch (source.type) {
    case 'Service': {
      const exposed = source.serviceType === 'LoadBalancer' || source.serviceType === 'NodePort'
      return exposed
        ? [
            {
              name: 'clients outside the cluster',
              connects: 'they connect',
              evidence: [],
              service: source,
              port: undefined,
              path: ['spec', 'type'],
            },
          ]
        : []
    }
    case 'Ingress': {
      const evidence = controllerOutsideMesh(mesh, source.ingressClassName)
      return evidence
        ? clientsOfReferences(mesh, source, {
            name: 'this Ingress',
            connects: 'it connects',
            evidence,
          })
        : []
    }
    default:
      return clientsOfReferences(mesh, source, API_SERVER)
  }
}

function clientsOfReferences(
  mesh: Mesh,
  source: Exclude<PlaintextSource, Service>,
  client: Pick<PlaintextClient, 'name' | 'connects' | 'evidence'>,
): PlaintextClient[] {
  return source.services.flatMap(({ name, namespace = source.namespace, port, path }) => {
    const service = namespace === '' ? undefined : mesh.named('Service', namespace, name)
    return service ? [{ ...client, service, port, path }] : []
  })
}

/** Ingress classes whose proxy is a cloud load balancer. */
const CLOUD_CLASSES = [
  'alb',
  'gce',
  'gce-internal',
  'azure-application-gateway',
  'azure/application-gateway',
]
/**
 * Ingress classes whose proxy runs in the cluster, with the label `app.kubernetes.io/name` of its
 * pods.
 */
const CONTROLLERS: Readonly<Record<string, string>> = {
  nginx: 'ingress-nginx',
  traefik: 'traefik',
  haproxy: 'haproxy-ingress',
  kong: 'kong',
  contour: 'contour',
}

/**
 * The evidence that the proxy of an ingress class is outside the mesh; undefined if it may be in
 * the mesh.
 */
function controllerOutsideMesh(
  mesh: Mesh,
  ingressClass: string | undefined,
): readonly Evidence[] | undefined {
  if (ingressClass === undefined) return undefined
  if (CLOUD_CLASSES.includes(ingressClass)) return []
  const name = CONTROLLERS[ingressClass]
  const pods =
    name === undefined
      ? []
      : mesh.workloadsAt(keys.workloadsLabelledAnywhere(labelPair('app.kubernetes.io/name', name)))
  const outside = pods.filter((pod) => {
    const { mode, certainty } = mesh.get(enrolmentOf, pod)
    return mode === 'none' && certainty.level === 'certain'
  })
  if (pods.length === 0 || outside.length < pods.length) return undefined
  return outside.slice(0, 1).map((resource) => ({
    resource,
    path: ['metadata', 'name'],
    message: 'The pods of this ingress class are outside the mesh.',
  }))
}
