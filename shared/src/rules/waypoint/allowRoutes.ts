import type { AllowedRoutes, Gateway } from '../../resources/gateway.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Fix } from '../fix.js'
import { METADATA_NAME } from '../../vocabulary/labels.js'

/** Lets one more namespace use a waypoint. Undefined where its selector speaks of other labels than the namespace's name. */
export function allowNamespace(
  gateway: Gateway,
  listener: number,
  namespace: string,
): Fix | undefined {
  const admitted = admittedNames(gateway, gateway.listeners[listener]?.allowedRoutes)
  if (!admitted) return undefined
  const selector = {
    matchExpressions: [
      { key: METADATA_NAME, operator: 'In', values: [...new Set([...admitted, namespace])] },
    ],
  }
  return {
    title: `Allow namespace "${namespace}"`,
    preferred: true,
    safe: false,
    edits: [
      {
        op: 'set',
        resource: gateway,
        path: namespacesOf(listener),
        value: { from: 'Selector', selector },
      },
    ],
  }
}

export function allowAllNamespaces(gateway: Gateway, listener: number): Fix {
  return {
    title: 'Allow all namespaces',
    preferred: false,
    safe: false,
    edits: [{ op: 'set', resource: gateway, path: namespacesOf(listener), value: { from: 'All' } }],
  }
}

function namespacesOf(listener: number): FieldPath {
  return ['spec', 'listeners', listener, 'allowedRoutes', 'namespaces']
}

function admittedNames(
  gateway: Gateway,
  routes: AllowedRoutes | undefined,
): readonly string[] | undefined {
  if (routes?.from !== 'Selector') return [gateway.namespace]
  const { matchLabels, matchExpressions = [] } = routes.selector ?? {}
  const [only, ...others] = matchExpressions
  if (only)
    return others.length === 0 &&
      isEmptyLabels(matchLabels) &&
      only.key === METADATA_NAME &&
      only.operator === 'In'
      ? only.values
      : undefined
  const names = Object.entries(matchLabels ?? {})
  return names.every(([key]) => key === METADATA_NAME) ? names.map(([, name]) => name) : undefined
}
