/**
 * The namespace of objects that name none, one for each folder: what lies together is taken to be applied together.
 * `?` can stand in no Kubernetes name, so no named namespace is ever mistaken for it.
 */
export function unnamedNamespace(folder: string): string {
  return `?${folder}`
}

export function isUnnamed(namespace: string): boolean {
  return namespace.startsWith('?')
}

/** How messages call a namespace. */
export function namespaceLabel(namespace: string): string {
  return isUnnamed(namespace) ? 'the namespace it is applied to' : `namespace "${namespace}"`
}
