import { isWorkload } from '../inventory/workloads.js'
import type { Resource } from '../resources/resource.js'
import type { EvaluateCommandArgument } from './messages.js'

/**
 * What *Evaluate request…* on an object says of the request already: where it goes, as far as a policy has one target, or from whom it comes. Undefined
 * for objects that no request is about.
 *
 * @param resource of a mesh whose files are the whole mesh.
 * @param uri of the file that it stands in.
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
