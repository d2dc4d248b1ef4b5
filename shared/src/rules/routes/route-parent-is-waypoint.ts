import type { Mesh } from '../../mesh/mesh.js'
import type { ParentReference, Route } from '../../resources/route.js'
import { GATEWAY_API } from '../../vocabulary/kinds.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { isEnvoyWaypoint } from '../support/protectedTraffic.js'
import { firstThatFits, quoted } from '../support/words.js'

export const routeParentIsWaypoint = defineRule({
  name: 'route-parent-is-waypoint',
  level: 'error',
  subjects: ['GRPCRoute', 'HTTPRoute', 'TCPRoute', 'TLSRoute'],
  reads: ['Gateway', 'GatewayClass', 'Service'],
  check(route, { mesh, report }) {
    for (const parent of route.parentRefs) {
      const gateway = gatewayOf(mesh, route, parent)
      if (!gateway || !isEnvoyWaypoint(mesh, gateway)) continue
      const name = quoted(gateway.name)
      report({
        message: firstThatFits(
          `Gateway ${name} is a waypoint and takes no routes: this parent has no effect.`,
          'This Gateway is a waypoint and takes no routes: this parent has no effect.',
        ),
        path: [...parent.path, 'name'],
        related: [
          {
            resource: gateway,
            path: ['spec', 'gatewayClassName'],
            message: `Class "${gateway.gatewayClassName}" is for waypoints.`,
          },
        ],
        fixes: () => fixesOf(mesh, route, parent),
      })
    }
  },
})

function gatewayOf(mesh: Mesh, route: Route, ref: ParentReference) {
  const { group, kind, namespace = route.namespace, name } = ref
  return group === GATEWAY_API && kind === 'Gateway' && !isPlaceholder(name)
    ? mesh.named('Gateway', namespace, name)
    : undefined
}

const MOST_OFFERS = 3

/** A Service as the parent; the removal of the parent where another one exists. */
function fixesOf(mesh: Mesh, route: Route, parent: ParentReference): Fix[] {
  const own = route.backendRefs.filter(
    ({ group, kind, namespace, name }) =>
      group === '' &&
      kind === 'Service' &&
      (namespace ?? route.namespace) === route.namespace &&
      mesh.named('Service', route.namespace, name) !== undefined,
  )
  const names = [...new Set(own.map(({ name }) => name))]
  const offers = names
    .slice(0, MOST_OFFERS)
    .map((name) => useService(route, parent, { name, isOnly: names.length === 1 }))
  const removal: Fix[] =
    route.parentRefs.length > 1
      ? [
          {
            title: 'Remove this parent',
            preferred: offers.length === 0,
            safe: true,
            edits: [{ op: 'remove', resource: route, path: parent.path }],
          },
        ]
      : []
  return [...offers, ...removal]
}

/** Traffic takes the route then, so this is never safe. */
function useService(
  route: Route,
  { path }: ParentReference,
  { name, isOnly }: { readonly name: string; readonly isOnly: boolean },
): Fix {
  return {
    title: `Use Service "${name}" as the parent`,
    preferred: isOnly,
    safe: false,
    edits: [
      {
        op: 'set',
        resource: route,
        path,
        value: { group: '', kind: 'Service', name },
      },
    ],
  }
}
