/**
 * The namespace of objects that do not name one: one id for each folder, because the objects of a
 * folder are probably applied together. No Kubernetes name contains `?`, so the id is never the
 * name of a namespace.
 */
export function unnamedNamespace(folder: string): string {
  return `?${folder}`
}

export function isUnnamed(namespace: string): boolean {
  return namespace.startsWith('?')
}

/** The namespace in a message. */
export function namespaceLabel(namespace: string): string {
  return isUnnamed(namespace) ? 'the namespace it is applied to' : `namespace "${namespace}"`
}
