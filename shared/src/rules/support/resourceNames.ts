import { isUnnamed, namespaceLabel } from '../../resources/namespaceId.js'
import type { Gateway } from '../../resources/gateway.js'
import { accountPath } from '../../vocabulary/principal.js'

/** `shop/waypoint`; only the name where the namespace is not known from the files. */
export function shownName(resource: { readonly namespace: string; readonly name: string }): string {
  return isUnnamed(resource.namespace) || resource.namespace === ''
    ? resource.name
    : `${resource.namespace}/${resource.name}`
}

/** A Gateway's service account as in its SPIFFE identity: `ns/shop/sa/waypoint`. */
export function shownIdentity(gateway: Gateway, serviceAccount: string): string {
  return isUnnamed(gateway.namespace)
    ? `sa/${serviceAccount}`
    : accountPath({ namespace: gateway.namespace, serviceAccount })
}

/** `in namespace "shop"`, or `in the namespace it is applied to`. */
export function inNamespace(namespace: string): string {
  return `in ${namespaceLabel(namespace)}`
}

export function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
