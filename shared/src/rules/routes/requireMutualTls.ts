import type { Mesh } from '../../mesh/mesh.js'
import type { Resource } from '../../resources/resource.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { Service } from '../../resources/service.js'
import type { Fix } from '../fix.js'
import { metadataBeside } from '../fixes/newObject.js'
import { apiVersionOf } from '../../vocabulary/kinds.js'

/**
 * Adds a PeerAuthentication with STRICT for the pods of a Service. Undefined where the namespace already has
 * one with a selector: which of the two counts is then not known (docs/semantics.md §6.1).
 */
export function requireMutualTls(mesh: Mesh, service: Service, after: Resource): Fix | undefined {
  if (service.selector === undefined || isEmptyLabels(service.selector)) return undefined
  const others = mesh.inNamespace('PeerAuthentication', service.namespace)
  if (others.some(({ selector }) => !isEmptyLabels(selector?.matchLabels))) return undefined
  const object = {
    apiVersion: apiVersionOf('PeerAuthentication'),
    kind: 'PeerAuthentication',
    metadata: metadataBeside(service, `${service.name}-strict`),
    spec: { selector: { matchLabels: { ...service.selector } }, mtls: { mode: 'STRICT' } },
  }
  return {
    title: 'Set mutual TLS to STRICT',
    preferred: false,
    safe: false,
    edits: [{ op: 'add', after, objects: [object] }],
  }
}
