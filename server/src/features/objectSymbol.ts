import {
  isUnnamed,
  roleOf,
  type Analysis,
  type Range,
  type Resource,
} from '@istio-ambient-policy/shared'
import { SymbolKind } from '../lsp.js'

/** The symbol that stands for objects of a kind. */
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

/** `AuthorizationPolicy · shop`, or the kind alone where no namespace is given. */
export function kindAndNamespace({ type, namespace }: Resource): string {
  return namespace === '' || isUnnamed(namespace) ? type : `${type} · ${namespace}`
}

/** Where an object stands, and its name in it. */
export function placeOfObject(
  analysis: Analysis,
  resource: Resource,
): { readonly file: string; readonly range: Range; readonly selectionRange: Range } | undefined {
  const whole = analysis.locate({ kind: 'field', resource, path: [], on: 'key' })
  const name = analysis.locate({ kind: 'field', resource, path: ['metadata', 'name'], on: 'value' })
  if (!whole || !name) return undefined
  if (name.file !== whole.file) return { ...whole, selectionRange: whole.range }
  // The name may stand before what is found of the object where the object has no first line of its own.
  const isInside =
    name.range.start.line > whole.range.end.line || name.range.end.line > whole.range.end.line
  return {
    file: whole.file,
    range: isInside ? { start: whole.range.start, end: name.range.end } : whole.range,
    selectionRange: name.range,
  }
}
