import { keys } from '../../inventory/indexKeys.js'
import type { Mesh } from '../../mesh/mesh.js'
import { METADATA_NAME } from '../../vocabulary/labels.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import type { Fix } from '../fix.js'

/**
 * Adds the labels that a discovery selector requires. Undefined where no selector consists of
 * `matchLabels` alone, and where the files define the Namespace more than once. Not safe: all objects
 * of the namespace then take effect.
 */
export function discoverNamespace(mesh: Mesh, namespace: string): Fix | undefined {
  const [resource, ...others] = mesh.at('Namespace', keys.named('Namespace', '', namespace))
  const labels = mesh.settings.discoverySelectors
    ?.filter(({ matchExpressions }) => matchExpressions.length === 0)
    .map(({ matchLabels }) => Object.entries(matchLabels ?? {}))
    .find((wanted) =>
      wanted.every(([key, value]) => key !== METADATA_NAME && !isPlaceholder(value)),
    )
  if (!resource || others.length > 0 || !labels || labels.length === 0) return undefined
  return {
    title: `Add ${labels.map(([key, value]) => `${key}: ${value}`).join(', ')} to namespace "${namespace}"`,
    activates: 'pods',
    preferred: true,
    safe: false,
    edits: labels.map(([key, value]) => ({
      op: 'set',
      resource,
      path: ['metadata', 'labels', key],
      value,
    })),
  }
}
