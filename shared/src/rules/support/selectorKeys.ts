import type { LabelSelector } from '../../resources/gateway.js'
import type { Labels, Resource } from '../../resources/resource.js'
import type { FieldPath } from '../../yaml/node.js'

/** A label key by which an object selects pods. */
export interface SelectorKey {
  readonly key: string
  readonly path: FieldPath
  /** Whether it is the key of a mapping; else it is the value at `path`. */
  readonly isEntry: boolean
}

/** The label keys by which a policy, a NetworkPolicy or a Service selects pods. */
export function selectorKeys(resource: Resource): SelectorKey[] {
  switch (resource.type) {
    case 'Service':
      return keysOf(resource.selector, ['spec', 'selector'])
    case 'AuthorizationPolicy':
    case 'PeerAuthentication':
    case 'RequestAuthentication':
    case 'Telemetry':
    case 'WasmPlugin':
      return keysOf(resource.selector?.matchLabels, ['spec', 'selector', 'matchLabels'])
    case 'NetworkPolicy':
      return [
        ...keysOfSelector(resource.podSelector, ['spec', 'podSelector']),
        ...(['ingress', 'egress'] as const).flatMap((direction) =>
          resource[direction].flatMap(({ peers }, rule) =>
            (peers ?? []).flatMap(({ podSelector }, peer) =>
              keysOfSelector(podSelector, [
                'spec',
                direction,
                rule,
                direction === 'ingress' ? 'from' : 'to',
                peer,
                'podSelector',
              ]),
            ),
          ),
        ),
      ]
    default:
      return []
  }
}

function keysOf(labels: Labels | undefined, path: FieldPath): SelectorKey[] {
  return Object.keys(labels ?? {}).map((key) => ({ key, path: [...path, key], isEntry: true }))
}

function keysOfSelector(selector: LabelSelector | undefined, path: FieldPath): SelectorKey[] {
  return [
    ...keysOf(selector?.matchLabels, [...path, 'matchLabels']),
    ...(selector?.matchExpressions ?? []).map(({ key }, index) => ({
      key,
      path: [...path, 'matchExpressions', index, 'key'],
      isEntry: false,
    })),
  ]
}
