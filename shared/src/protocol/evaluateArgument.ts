import { isWorkload } from '../inventory/workloads.js'
import type { Resource } from '../resources/resource.js'
import type { EvaluateCommandArgument } from './messages.js'

/**
 * The part of a request that *Evaluate request…* fills in for an object: the destination (for a policy its only
 * target), or the client. Undefined for objects without *Evaluate request…*.
 *
 * @param resource of a closed mesh.
 * @param uri of the file that contains it.
 */
export function evaluateArgument(
  resource: Resource,
  uri: string,
): EvaluateCommandArgument | undefined {
  const { namespace, name } = resource
  const qualified = `${namespace}/${name}`
  if (isWorkload(resource)) {
    const [only, ...others] = resource.type === 'WorkloadEntry' ? [] : resource.template.ports
    return {
      uri,
      to: {
        kind: 'workload',
        name: qualified,
        ...(only && others.length === 0 ? { port: only.containerPort } : {}),
      },
    }
  }
  switch (resource.type) {
    case 'Service': {
      const [only, ...others] = resource.ports
      return {
        uri,
        to: {
          kind: 'service',
          name: qualified,
          ...(only && others.length === 0 ? { port: only.port } : {}),
        },
      }
    }
    case 'ServiceEntry': {
      const [host, ...others] = resource.hosts
      return host === undefined || others.length > 0 || host.includes('*')
        ? { uri }
        : { uri, to: { kind: 'host', name: host } }
    }
    case 'ServiceAccount':
      return { uri, from: { namespace, serviceAccount: name } }
    case 'AuthorizationPolicy': {
      const [ref, ...others] = resource.targetRefs
      return ref?.kind === 'Service' && others.length === 0
        ? { uri, to: { kind: 'service', name: `${namespace}/${ref.name}` } }
        : { uri }
    }
    case 'PeerAuthentication':
      return { uri }
    default:
      return undefined
  }
}
