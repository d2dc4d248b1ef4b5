import type { InventoryChange } from '../inventory/inventory.js'
import { mentionsIstio } from '../resources/mentionsIstio.js'
import { KINDS } from '../vocabulary/kinds.js'

/** Kinds of objects that only Istio has. */
const ISTIO_KINDS: ReadonlySet<string> = new Set(
  Object.values(KINDS)
    .filter(({ group, role }) => group.endsWith('.istio.io') && role !== 'istio-gateway')
    .map(({ kind }) => kind),
)

/** The difference in the number of objects and templates that show that Istio is used. */
export function signsOfIstioIn({ added, removed, opaque }: InventoryChange): number {
  const templates = [...(opaque ?? [])].map(([kind, difference]) =>
    ISTIO_KINDS.has(kind) ? difference : 0,
  )
  return templates.reduce(
    (sum, difference) => sum + difference,
    added.filter(mentionsIstio).length - removed.filter(mentionsIstio).length,
  )
}
