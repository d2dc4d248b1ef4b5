import type { FieldPath } from '../yaml/node.js'

/** `AuthorizationPolicy shop/readers spec.rules[0]`. */
export function partInWords(
  object: { readonly kind: string; readonly namespace: string; readonly name: string },
  path: FieldPath,
): string {
  const { kind, namespace, name } = object
  const field = path
    .map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${segment}`))
    .join('')
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}${field === '' ? '' : ` ${field.slice(1)}`}`
}
