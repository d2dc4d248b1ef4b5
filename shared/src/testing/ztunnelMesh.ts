import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import type { Mesh } from '../mesh/mesh.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import { policiesAtZtunnel, policyKeysOf, sentPolicies } from '../ztunnel/enforcement.js'
import { analyse } from './checkFiles.js'
import { documents, object } from './objectText.js'

/** An install of istiod that sees only namespaces with the label `seen: yes`. */
export const discoverySelectors = object('Istio', 'default', {
  spec: { values: { meshConfig: { discoverySelectors: [{ matchLabels: { seen: 'yes' } }] } } },
})

export const meshOf = (objects: readonly string[], settings: MeshSettings = {}): Mesh =>
  analyse(documents(...objects), { world: 'closed', settings }).mesh
/** The first workload of the namespace `shop`. */
export const first = (mesh: Mesh): Workload => mesh.workloadsAt(keys.workloads('shop'))[0]!
/**
 * The policies that ztunnel enforces for that workload; `(generated)` marks those that istiod
 * generates.
 */
export const namesAtZtunnel = (
  objects: readonly string[],
  settings: MeshSettings = {},
): string[] => {
  const mesh = meshOf(objects, settings)
  return mesh
    .get(policiesAtZtunnel, first(mesh))
    .map(
      ({ authorization: { namespace: where, name }, policy: source }) =>
        `${where}/${name}${source ? '' : ' (generated)'}`,
    )
}
/** The policy keys of that workload. */
export const keysOf = (
  objects: readonly string[],
  settings: MeshSettings = {},
): readonly string[] => {
  const mesh = meshOf(objects, settings)
  return mesh.get(policyKeysOf, first(mesh))
}
/** The policies that istiod sends to every ztunnel. */
export const sent = (objects: readonly string[], settings: MeshSettings = {}): string[] =>
  meshOf(objects, settings)
    .get(sentPolicies, '')
    .map(({ namespace: where, name }) => `${where}/${name}`)
