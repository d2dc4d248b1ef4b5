import type { Inventory } from '../inventory/inventory.js'
import { keys } from '../inventory/indexKeys.js'
import { isWorkload } from '../inventory/workloads.js'
import type { Resource, ResourceType } from '../resources/resource.js'
import { addToGroup, groupBy } from '../text/collections.js'
import { KIND_NAMES, roleOf, type KindName, type KindRole } from '../vocabulary/kinds.js'
import type { Dispute } from './alternatives.js'

/** The definitions of one object, in all files. */
export interface Definitions {
  readonly all: readonly Resource[]
  /** The definitions with different content; undefined if all are copies. */
  readonly dispute: Dispute | undefined
}

/** Objects that two files must both define to be variants of each other. */
const MIN_COMMON = 2

/**
 * The disputes, with one for all objects of files that are variants of each other: each of the files
 * defines the same objects once, several of them, and at least one differently. Only one of the files
 * is applied, so what is in one file belongs together.
 */
export function withVariantFiles(
  definitions: readonly Definitions[],
  inventory: Inventory,
): readonly Dispute[] {
  const groups = [...groupBy(definitions, ({ all }) => filesKey(all)).values()].flatMap((group) =>
    areVariants(group) ? [{ group, files: filesOf(group[0]?.all ?? []) }] : [],
  )
  const uses = new Map<string, number>()
  for (const file of groups.flatMap(({ files }) => files)) uses.set(file, (uses.get(file) ?? 0) + 1)
  // A file that is a variant of different files is none.
  const clear = groups.filter(({ files }) => files.every((file) => uses.get(file) === 1))
  if (clear.length === 0) return definitions.flatMap(({ dispute }) => dispute ?? [])
  const whole = new Set(clear.flatMap(({ group }) => group))
  const byFile = resourcesByFile(inventory, new Set(clear.flatMap(({ files }) => files)))
  return [
    ...definitions.flatMap((each) => (whole.has(each) ? [] : (each.dispute ?? []))),
    ...clear.map(({ files }): Dispute => {
      const choices = files.map((file) => byFile.get(file) ?? [])
      return { all: choices.flat(), choices }
    }),
  ]
}

/** The resources of these files, without installs, which are disputed field by field. */
export function resourcesByFile(
  inventory: Inventory,
  files: ReadonlySet<string>,
): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>()
  for (const type of TYPES)
    for (const resource of inventory.at(keys.all(type)))
      if (files.has(resource.origin.file)) addToGroup(found, resource.origin.file, resource)
  return found
}

const READ_AS_ANOTHER_TYPE: readonly (KindRole | undefined)[] = [
  'deployer',
  'install',
  'other-network-policy',
]
const TYPES: readonly ResourceType[] = [...KIND_NAMES.filter(isResourceType), 'Other']

function isResourceType(name: KindName): name is KindName & ResourceType {
  return !READ_AS_ANOTHER_TYPE.includes(roleOf(name))
}

/** The files that define an object once each; `''` if it is not so. */
function filesKey(all: readonly Resource[]): string {
  const files = filesOf(all)
  return files.length === all.length && files.length > 1 ? files.join('\n') : ''
}

function filesOf(all: readonly Resource[]): readonly string[] {
  return [...new Set(all.map(({ origin }) => origin.file))].sort()
}

function areVariants(group: readonly Definitions[]): boolean {
  return (
    group.length >= MIN_COMMON &&
    group.every(({ all }) => filesKey(all) !== '') &&
    group.some(({ dispute }) => dispute !== undefined) &&
    group.some(({ all: [first] }) => first !== undefined && isMainObject(first))
  )
}

/** An object that a complete description of an application has. */
function isMainObject(resource: Resource): boolean {
  return resource.type === 'Namespace' || resource.type === 'Service' || isWorkload(resource)
}
