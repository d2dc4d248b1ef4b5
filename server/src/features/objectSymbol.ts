import {
  printable,
  isUnnamed,
  roleOf,
  type Analysis,
  type Range,
  type Resource,
} from '@istio-ambient-policy/shared'
import { SymbolKind } from '../lsp.js'

/** The symbol kind of an object. */
export function symbolKindOf(resource: Resource): SymbolKind {
  switch (roleOf(resource.type)) {
    case 'namespace':
      return SymbolKind.Namespace
    case 'service':
      return SymbolKind.Interface
    case 'account':
      return SymbolKind.Constant
    case 'gateway':
      return SymbolKind.Module
    case 'policy':
      return SymbolKind.Key
    default:
      return SymbolKind.Class
  }
}

/** `AuthorizationPolicy · shop`, or only the kind without a namespace. */
export function kindAndNamespace({ type, namespace }: Resource): string {
  return namespace === '' || isUnnamed(namespace) ? type : printable(`${type} · ${namespace}`)
}

/** The place of an object and of its name. */
export function placeOfObject(
  analysis: Analysis,
  resource: Resource,
): { readonly file: string; readonly range: Range; readonly selectionRange: Range } | undefined {
  const whole = analysis.locate({ kind: 'field', resource, path: [], on: 'key' })
  const name = analysis.locate({ kind: 'field', resource, path: ['metadata', 'name'], on: 'value' })
  if (!whole || !name) return undefined
  if (name.file !== whole.file) return { ...whole, selectionRange: whole.range }
  // An object without a line of its own can start after its name.
  const isInside =
    name.range.start.line > whole.range.end.line || name.range.end.line > whole.range.end.line
  return {
    file: whole.file,
    range: isInside ? { start: whole.range.start, end: name.range.end } : whole.range,
    selectionRange: name.range,
  }
}
