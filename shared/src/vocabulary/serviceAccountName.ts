/** A service account, without a trust domain. */
export interface ServiceAccountName {
  readonly namespace: string
  readonly serviceAccount: string
}

/** A service account as `serviceAccounts` writes it: `shop/web`. */
export function formatServiceAccount({ namespace, serviceAccount }: ServiceAccountName): string {
  return `${namespace}/${serviceAccount}`
}

/**
 * The service account that a value of `serviceAccounts` names: `namespace/name`, or `name` of the
 * policy's own namespace.
 */
export function parseServiceAccount(text: string, ownNamespace: string): ServiceAccountName {
  const slash = text.indexOf('/')
  return {
    namespace: slash < 0 ? ownNamespace : text.slice(0, slash),
    serviceAccount: text.slice(slash + 1),
  }
}

/** Whether a value of `serviceAccounts` has a namespace. */
export function hasNamespace(text: string): boolean {
  return text.includes('/')
}
