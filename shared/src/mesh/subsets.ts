import type { DestinationRule } from '../resources/destinationRule.js'
import type { Labels } from '../resources/resource.js'
import type { Service } from '../resources/service.js'
import type { ServiceEntry } from '../resources/serviceEntry.js'
import { isHostOf } from './hosts.js'
import type { Mesh } from './mesh.js'

/**
 * The labels of a subset, as a proxy in the namespace `proxy` knows it (push_context.go destinationRule). Undefined
 * where the files do not define the subset.
 */
export function subsetLabels(
  mesh: Mesh,
  service: Service | ServiceEntry,
  { subset, proxy }: { readonly subset: string; readonly proxy: string },
): Labels | undefined {
  const namespaces = new Set([proxy, service.namespace, mesh.settings.rootNamespace])
  for (const namespace of namespaces) {
    const rules = mesh
      .inNamespace('DestinationRule', namespace)
      .filter(({ host }) => isHostOf(service, host, namespace))
    if (rules.length === 0) continue
    const exact = rules.filter(({ host }) => !host.startsWith('*'))
    return labelsIn(exact.length > 0 ? exact : rules, subset)
  }
  return undefined
}

function labelsIn(rules: readonly DestinationRule[], name: string): Labels | undefined {
  const found = rules.flatMap(({ subsets }) => subsets).find((subset) => subset.name === name)
  return found && (found.labels ?? {})
}
