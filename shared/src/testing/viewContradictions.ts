import type { Analysis } from '../analysis/analysis.js'
import { explainAuthorizationPolicy } from '../explain/explainAuthorizationPolicy.js'
import { lensesFor } from '../explain/lenses.js'
import { namespaceItems, namespaceTree } from '../explain/meshTree.js'
import { shownName } from '../explain/support/notes.js'
import { keys } from '../inventory/indexKeys.js'
import { isGatewayPod } from '../mesh/gatewayClass.js'
import type { Mesh } from '../mesh/mesh.js'
import { podLabels } from '../mesh/pods.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import { qualifiedName } from '../resources/resource.js'
import { isEmptyLabels } from '../resources/selector.js'
import { isCaptured, policyKeysOf } from '../ztunnel/enforcement.js'

const NOT_ENFORCED = /^(not enforced|rejected by the API server)/

/** Where code lenses, the mesh tree and `ztunnel-config` contradict `explain`. One line for each contradiction. */
export function viewContradictions({ mesh }: Analysis): string[] {
  const policies = mesh.all('AuthorizationPolicy')
  return [
    ...policies.flatMap((policy) => lensContradictions(mesh, policy)),
    ...treeContradictions(mesh),
    ...policies.flatMap((policy) => ztunnelContradictions(mesh, policy)),
  ]
}

function isShownEnforced(mesh: Mesh, policy: AuthorizationPolicy): boolean {
  return !NOT_ENFORCED.test(explainAuthorizationPolicy(mesh, policy).summary)
}

function lensContradictions(mesh: Mesh, policy: AuthorizationPolicy): string[] {
  return lensesFor(mesh, policy)
    .filter(({ title }) => NOT_ENFORCED.test(title) === isShownEnforced(mesh, policy))
    .map(({ title }) => `the lens of ${qualifiedName(policy)} says "${title}"`)
}

/** The tree lists the policies that are enforced nowhere, and no others. */
function treeContradictions(mesh: Mesh): string[] {
  const listed = new Set(
    mesh.get(namespaceItems, '').flatMap(({ label }) =>
      mesh
        .get(namespaceTree, label)
        .filter(({ kind }) => kind === 'group')
        .flatMap(({ children }) => children.map((child) => child.label)),
    ),
  )
  return mesh
    .written<'AuthorizationPolicy'>('AuthorizationPolicy', keys.all('AuthorizationPolicy'))
    .filter((policy) => listed.has(qualifiedName(policy)) === isShownEnforced(mesh, policy))
    .map((policy) => `the tree shows ${qualifiedName(policy)} in the wrong place`)
}

/** The workloads to which ztunnel's configuration attaches a policy are the targets of its explanation. */
function ztunnelContradictions(mesh: Mesh, policy: AuthorizationPolicy): string[] {
  if (isEmptyLabels(policy.selector?.matchLabels)) return []
  const { targets } = explainAuthorizationPolicy(mesh, policy)
  const explained = new Set(
    targets
      .filter(({ enforcedBy }) => enforcedBy === 'destination ztunnel')
      .map(({ name }) => name),
  )
  return mesh
    .workloadsAt(keys.allWorkloads())
    .filter((workload) => mesh.get(isCaptured, workload) && !isGatewayPod(podLabels(workload)))
    .filter(
      (workload) =>
        mesh.get(policyKeysOf, workload).includes(qualifiedName(policy)) !==
        explained.has(shownName(workload)),
    )
    .map(
      (workload) =>
        `${qualifiedName(policy)} at ${shownName(workload)}: explain and ztunnel-config differ`,
    )
}
