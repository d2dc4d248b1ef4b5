import type { AllowedRoutes, Gateway } from '../../resources/gateway.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Fix } from '../fix.js'
import { METADATA_NAME } from '../../vocabulary/labels.js'

/**
 * Allows one more namespace to use a waypoint. Undefined where its selector uses labels other than the
 * namespace name.
 */
export function allowNamespace(
  gateway: Gateway,
  listener: number,
  namespace: string,
): Fix | undefined {
  const allowed = allowedNames(gateway, gateway.listeners[listener]?.allowedRoutes)
  if (!allowed) return undefined
  const selector = {
    matchExpressions: [
      { key: METADATA_NAME, operator: 'In', values: [...new Set([...allowed, namespace])] },
    ],
  }
  return {
    title: `Allow namespace "${namespace}" to use the waypoint`,
    activates: 'waypoint',
    preferred: true,
    safe: false,
    edits: [
      {
        op: 'set',
        resource: gateway,
        path: namespacesPath(listener),
        value: { from: 'Selector', selector },
      },
    ],
  }
}

export function allowAllNamespaces(gateway: Gateway, listener: number): Fix {
  return {
    title: 'Allow all namespaces to use the waypoint',
    activates: 'waypoint',
    preferred: false,
    safe: false,
    edits: [
      { op: 'set', resource: gateway, path: namespacesPath(listener), value: { from: 'All' } },
    ],
  }
}

function namespacesPath(listener: number): FieldPath {
  return ['spec', 'listeners', listener, 'allowedRoutes', 'namespaces']
}

function allowedNames(
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
