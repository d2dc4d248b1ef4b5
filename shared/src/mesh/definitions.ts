import type { Inventory, InventoryChange } from '../inventory/inventory.js'
import { isRejected } from '../resources/rejected.js'
import type { Resource } from '../resources/resource.js'
import { groupBy } from '../text/collections.js'
import { isEqual } from '../text/isEqual.js'

/** The definitions of one object, in all files. */
export interface Definitions {
  /** The name and the kind of the object. */
  readonly id: string
  readonly all: readonly Resource[]
  /** One list for each different content: copies are in the same list. */
  readonly choices: readonly (readonly Resource[])[]
}

/** The definitions under the key of a name, by kind. Names with one definition have none. */
export function definitionsAt(inventory: Inventory, name: string): Definitions[] {
  const all = inventory.at(name)
  if (all.length < 2) return []
  const kinds = groupBy(
    all.filter(isNamed),
    (resource) => `${resource.group}/${resource.type === 'Other' ? resource.kind : resource.type}`,
  )
  return [...kinds].map(([kind, definitions]) => ({
    id: `${name} ${kind}`,
    all: definitions,
    choices: choicesOf(definitions),
  }))
}

function choicesOf(definitions: readonly Resource[]): Resource[][] {
  const choices: Resource[][] = []
  for (const resource of definitions) {
    const copies = choices.find(
      ([first]) => first && isEqual(contentOf(first), contentOf(resource)),
    )
    if (copies) copies.push(resource)
    else choices.push([resource])
  }
  return choices
}

/**
 * Whether a change replaces each object by the same definition, for example with another version of its API. Then no
 * verdict differs.
 */
export function changesNoDefinition({ removed, added, opaque }: InventoryChange): boolean {
  if (removed.length !== added.length) return false
  if (opaque && [...opaque.values()].some((difference) => difference !== 0)) return false
  const after = groupBy(added, idOf)
  return [...groupBy(removed, idOf)].every(([id, before]) => {
    const now = after.get(id) ?? []
    return (
      now.length === before.length &&
      before.every((resource, index) => isSameDefinition(resource, now[index]))
    )
  })
}

function idOf({ type, namespace, name, origin }: Resource): string {
  return JSON.stringify([origin.file, type, namespace, name])
}

function isSameDefinition(one: Resource, other: Resource | undefined): boolean {
  return (
    other !== undefined &&
    isEqual(contentOf(one), contentOf(other)) &&
    one.namespaceSource === other.namespaceSource &&
    isEqual(one.problems, other.problems) &&
    isEqual(one.placeholders, other.placeholders)
  )
}

/** Installs are disputed field by field. */
function isNamed(resource: Resource): boolean {
  return resource.type !== 'MeshConfig' && resource.name !== '' && !isRejected(resource)
}

function contentOf(resource: Resource): Resource {
  return {
    ...resource,
    apiVersion: '',
    namespaceSource: 'object',
    origin: { file: '', document: 0, ordinal: 0 },
    problems: [],
    placeholders: [],
    isPartial: true,
  }
}
