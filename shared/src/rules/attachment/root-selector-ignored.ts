import type { Mesh } from '../../mesh/mesh.js'
import { selectsProxies } from '../../mesh/gatewayPods.js'
import { selectWorkloads } from '../../mesh/services.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { hasPlaceholder } from '../support/coverage.js'
import { levelOf } from '../support/peerCoverage.js'
import { firstThatFits, quoted } from '../support/words.js'

export const rootSelectorIgnored = defineRule({
  name: 'root-selector-ignored',
  level: 'error',
  subjects: ['PeerAuthentication'],
  reads: ['Gateway', 'Gateway.networking.istio.io', 'MeshConfig', 'PeerAuthentication', 'Workload'],
  check(policy, { mesh, report }) {
    if (
      levelOf(mesh, policy) !== undefined ||
      policy.namespaceSource === 'unnamed' ||
      selectsProxies(mesh, policy)
    )
      return
    const root = quoted(mesh.settings.rootNamespace, 24)
    report({
      message: firstThatFits(
        'This mode applies to no workload: ' +
          `a PeerAuthentication with a selector is ignored in the root namespace ${root}.`,
        'This mode applies to no workload: a PeerAuthentication with a selector is ignored in the root namespace.',
      ),
      path: ['spec', 'selector'],
      on: 'key',
      fixes: () => rankFixes(moveToWorkloads(mesh, policy)),
    })
  },
})

/** Moves the policy to the namespace of the selected workloads, if there is exactly one. */
function moveToWorkloads(mesh: Mesh, policy: PeerAuthentication): Fix | undefined {
  const labels = policy.selector?.matchLabels
  if (policy.namespaceSource !== 'object' || hasPlaceholder(labels)) return undefined
  const [namespace, ...others] = new Set(
    selectWorkloads(mesh, labels, undefined).map((workload) => workload.namespace),
  )
  if (
    namespace === undefined ||
    others.length > 0 ||
    namespace === policy.namespace ||
    isUnnamed(namespace)
  )
    return undefined
  if (mesh.inNamespace('PeerAuthentication', namespace).some(({ name }) => name === policy.name))
    return undefined
  const isStrict = policy.mode === 'STRICT' && policy.portLevelMtls.size === 0
  return {
    title: isStrict
      ? `Move to namespace "${namespace}"`
      : `Move to namespace "${namespace}": its modes then apply and may accept plaintext`,
    activates: 'policy',
    preferred: isStrict,
    safe: isStrict,
    edits: [{ op: 'set', resource: policy, path: ['metadata', 'namespace'], value: namespace }],
  }
}
