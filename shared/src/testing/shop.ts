import {
  deployment,
  namespace,
  service,
  waypoint,
  type NamespaceOptions,
  type ServiceOptions,
  type WaypointOptions,
  type WorkloadOptions,
} from './builders.js'
import { documents } from './objectText.js'

/**
 * The ambient namespace `shop`: Deployment `api` with its own service account, and Service `api`
 * behind waypoint `waypoint`. Each part takes the options of its builder; `false` leaves it out.
 */
export function shop(parts: ShopParts = {}): string {
  return documents(
    ...part(parts.namespace, (given) => namespace('shop', { waypoint: 'waypoint', ...given })),
    ...part(parts.waypoint, (given) => waypoint('shop/waypoint', { for: 'service', ...given })),
    ...part(parts.service, (given) => service('shop/api', given)),
    ...part(parts.deployment, (given) =>
      deployment('shop/api', { serviceAccount: 'api', ...given }),
    ),
  )
}

export interface ShopParts {
  readonly namespace?: NamespaceOptions | false | undefined
  readonly waypoint?: WaypointOptions | false | undefined
  readonly service?: ServiceOptions | false | undefined
  readonly deployment?: WorkloadOptions | false | undefined
}

function part<T extends object>(
  options: T | false | undefined,
  build: (options: T | undefined) => string,
): string[] {
  return options === false ? [] : [build(options)]
}
