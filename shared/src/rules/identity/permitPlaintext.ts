import type { Mesh } from '../../mesh/mesh.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { Service } from '../../resources/service.js'
import type { Edit, Fix } from '../fix.js'
import type { PlaintextDenial } from './plaintextDenial.js'
import { listed } from '../support/words.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from '../fixes/newObject.js'
import { apiVersionOf } from '../../vocabulary/kinds.js'

/**
 * Allows clients without an identity on the container ports where a Service's pods deny them: by PERMISSIVE
 * where mutual TLS is STRICT, by an ALLOW policy for every client where the policies require an identity.
 * Undefined for a Service without a selector. Never safe.
 */
export function permitPlaintext(
  mesh: Mesh,
  service: Service,
  { ports, strictPorts, allowPorts, peer }: PlaintextDenial,
): Fix | undefined {
  if (service.selector === undefined || isEmptyLabels(service.selector)) return undefined
  const selector = { matchLabels: { ...service.selector } }
  const edits: Edit[] = []
  if (strictPorts.length > 0 && peer) {
    // With an explicit mode istiod converts the port-level modes correctly (docs/semantics.md §6.5).
    if (peer.mode === 'UNSET')
      edits.push({ op: 'set', resource: peer, path: ['spec', 'mtls', 'mode'], value: 'STRICT' })
    for (const port of strictPorts)
      edits.push({
        op: 'set',
        resource: peer,
        path: ['spec', 'portLevelMtls', String(port), 'mode'],
        value: 'PERMISSIVE',
      })
  } else if (strictPorts.length > 0) {
    const portLevelMtls = Object.fromEntries(
      strictPorts.map((port) => [String(port), { mode: 'PERMISSIVE' }]),
    )
    const object = {
      apiVersion: apiVersionOf('PeerAuthentication'),
      kind: 'PeerAuthentication',
      metadata: metadataBeside(service, `${service.name}-plaintext`),
      spec: { selector, mtls: { mode: 'STRICT' }, portLevelMtls },
    }
    edits.push({ op: 'add', after: service, objects: [object] })
  }
  if (allowPorts.length > 0) {
    const metadata = metadataBeside(
      service,
      freePolicyName(mesh, service.namespace, `${service.name}-plaintext`),
    )
    const rules = [{ to: [{ operation: { ports: allowPorts.map(String) } }] }]
    edits.push({
      op: 'add',
      after: service,
      objects: [authorizationPolicy(metadata, { selector, action: 'ALLOW', rules })],
    })
  }
  const where = `port${ports.length > 1 ? 's' : ''} ${listed(ports.map(String))}`
  const title =
    allowPorts.length === 0
      ? `Accept plaintext on ${where}`
      : strictPorts.length === 0
        ? `Allow every client on ${where}`
        : `Accept plaintext and allow every client on ${where}`
  return { title, preferred: false, safe: false, edits }
}
