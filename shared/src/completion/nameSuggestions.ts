import { kindNamed } from '../vocabulary/kinds.js'
import type { Suggestion } from './completion.js'
import type { Draft } from './draft.js'
import * as known from './known.js'

/** Usual names for an object that is being written, the most likely first. */
export function suggestNames(draft: Draft): readonly Suggestion[] {
  const { document, group, kind, mesh, namespace, root } = draft
  switch (kindNamed(group, kind)) {
    case 'AuthorizationPolicy': {
      const services = known
        .targets(mesh, namespace, 'Service')
        .map(({ value }) => `allow-to-${value}`)
      const isDeny = document.value(...root, 'spec', 'action') === 'DENY'
      return [...(isDeny ? [] : services), 'deny-all'].map((value) => ({ value, kind: 'value' }))
    }
    case 'PeerAuthentication':
      return [{ value: 'default', kind: 'value', detail: 'for the namespace, or the mesh' }]
    case 'Gateway':
      return [{ value: 'waypoint', kind: 'value', detail: 'the name that istioctl uses' }]
    case 'Namespace':
      return mesh.get(known.namespaces, '').filter(({ detail }) => detail !== 'Namespace')
    default:
      return []
  }
}
