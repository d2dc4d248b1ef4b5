import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { Fix, PlainObject } from '../fix.js'
import { metadataBeside } from '../fixes/newObject.js'
import { apiVersionOf } from '../../vocabulary/kinds.js'

const TITLE = 'Set mutual TLS to STRICT'

/**
 * Sets mutual TLS to STRICT for the workloads of an AuthorizationPolicy: in the PeerAuthentication
 * of the namespace, else in a new one beside the policy. Undefined in the root namespace, and if
 * another PeerAuthentication already selects pods, so that the one that applies is not known
 * (docs/semantics.md §6.1). Never safe: it also denies plaintext clients that the files do not
 * show.
 */
export function setStrictMode(mesh: Mesh, policy: AuthorizationPolicy): Fix | undefined {
  if (policy.namespace === mesh.settings.rootNamespace) return undefined
  const fix = { title: TITLE, preferred: false, safe: false }
  const peers = mesh.inNamespace('PeerAuthentication', policy.namespace)
  const labels = policy.selector?.matchLabels
  if (!isEmptyLabels(labels)) {
    if (peers.some(({ selector }) => !isEmptyLabels(selector?.matchLabels))) return undefined
    const object = strictPeerAuthentication(policy, {
      selector: { matchLabels: { ...labels } },
      mtls: { mode: 'STRICT' },
    })
    return { ...fix, edits: [{ op: 'add', after: policy, objects: [object] }] }
  }
  const [only, ...others] = peers
  if (others.length > 0 || (only && !isEmptyLabels(only.selector?.matchLabels))) return undefined
  if (only)
    return {
      ...fix,
      edits: [{ op: 'set', resource: only, path: ['spec', 'mtls', 'mode'], value: 'STRICT' }],
    }
  return {
    ...fix,
    edits: [
      {
        op: 'add',
        after: policy,
        objects: [strictPeerAuthentication(policy, { mtls: { mode: 'STRICT' } })],
      },
    ],
  }
}

function strictPeerAuthentication(beside: AuthorizationPolicy, spec: PlainObject): PlainObject {
  return {
    apiVersion: apiVersionOf('PeerAuthentication'),
    kind: 'PeerAuthentication',
    metadata: metadataBeside(beside, `${beside.name}-strict`),
    spec,
  }
}
