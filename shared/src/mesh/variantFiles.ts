import type { Inventory } from '../inventory/inventory.js'
import { keys } from '../inventory/indexKeys.js'
import { isWorkload } from '../inventory/workloads.js'
import type { Resource, ResourceType } from '../resources/resource.js'
import { addToGroup, getOrInsert } from '../text/collections.js'
import { KIND_NAMES, roleOf, type KindName, type KindRole } from '../vocabulary/kinds.js'
import type { Definitions } from './definitions.js'

/** Objects that two files must both define to be variants of each other. */
const MIN_COMMON = 2

/** The objects that the same files define, each file once. */
export interface FileGroup {
  readonly id: string
  /** In alphabetical order. */
  readonly files: readonly string[]
  readonly objects: ReadonlySet<Definitions>
}

interface Group extends FileGroup {
  readonly objects: Set<Definitions>
  /** How many of the objects have different definitions. */
  differing: number
  /** How many of them a complete description of an application has. */
  main: number
  hasVariants: boolean
  areVariants: boolean
}

/**
 * The files that are variants of each other: each of them defines the same objects once, several of
 * them, and at least one differently. Only one of these files is applied, so what is in one file
 * belongs together. A file that is a variant of different files is none.
 */
export class VariantFiles {
  readonly #groups = new Map<string, Group>()
  /** The groups with variants that a file has part in. */
  readonly #byFile = new Map<string, Set<Group>>()

  /** The files that are variants of each other, one of which is this file. */
  groupOf(file: string): FileGroup | undefined {
    const [group] = this.#byFile.get(file) ?? []
    return group?.areVariants === true ? group : undefined
  }

  /** Whether the files that define an object are variants of each other. */
  areVariants(definitions: Definitions): boolean {
    return this.#groups.get(groupKey(definitions))?.areVariants === true
  }

  /** Replaces definitions. Returns the files that are variants now, and those that no longer are. */
  update(
    removed: readonly Definitions[],
    added: readonly Definitions[],
  ): { readonly started: readonly FileGroup[]; readonly ended: readonly FileGroup[] } {
    const changed = new Set<Group>()
    for (const definitions of removed) {
      const group = this.#groups.get(groupKey(definitions))
      if (group?.objects.delete(definitions) === true) changed.add(count(group, definitions, -1))
    }
    for (const definitions of added) {
      const key = groupKey(definitions)
      if (key === '') continue
      const group = getOrInsert(this.#groups, key, () => emptyGroup(key))
      group.objects.add(definitions)
      changed.add(count(group, definitions, 1))
    }
    for (const group of [...changed]) for (const other of this.#regroup(group)) changed.add(other)
    const started: FileGroup[] = []
    const ended: FileGroup[] = []
    for (const group of changed) {
      const before = group.areVariants
      group.areVariants =
        group.hasVariants && group.files.every((file) => this.#byFile.get(file)?.size === 1)
      if (group.areVariants !== before) (before ? ended : started).push(group)
      if (group.objects.size === 0) this.#groups.delete(group.id)
    }
    return { started, ended }
  }

  /** Decides whether a group has variants. Returns the groups with a file of which that is new. */
  #regroup(group: Group): readonly Group[] {
    const hasVariants = group.objects.size >= MIN_COMMON && group.differing > 0 && group.main > 0
    if (hasVariants === group.hasVariants) return []
    group.hasVariants = hasVariants
    return group.files.flatMap((file) => {
      const groups = getOrInsert(this.#byFile, file, () => new Set())
      if (hasVariants) groups.add(group)
      else groups.delete(group)
      if (groups.size === 0) this.#byFile.delete(file)
      return [...groups]
    })
  }
}

/** The disputable resources of these files. */
export function resourcesByFile(
  inventory: Inventory,
  files: ReadonlySet<string>,
): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>()
  if (files.size === 0) return found
  for (const type of TYPES)
    for (const resource of inventory.at(keys.all(type)))
      if (files.has(resource.origin.file)) addToGroup(found, resource.origin.file, resource)
  return found
}

/** The disputable resources in the namespace whose Namespace a key lists. */
export function resourcesOfNamespaceAt(inventory: Inventory, key: string): readonly Resource[] {
  const [type, , name = ''] = key.split('|')
  return type === 'Namespace' && name !== ''
    ? TYPES.flatMap((each) => inventory.at(keys.namespace(each, name)))
    : []
}

/** Whether an object is a part of its file. Installs are not: they are disputed field by field. */
export function isPartOfFile({ type }: Resource): boolean {
  return TYPE_SET.has(type)
}

const READ_AS_ANOTHER_TYPE: readonly (KindRole | undefined)[] = [
  'deployer',
  'install',
  'other-network-policy',
]
const TYPES: readonly ResourceType[] = [...KIND_NAMES.filter(isResourceType), 'Other']
const TYPE_SET: ReadonlySet<string> = new Set(TYPES)

function isResourceType(name: KindName): name is KindName & ResourceType {
  return !READ_AS_ANOTHER_TYPE.includes(roleOf(name))
}

/** The files that define an object once each; `''` if it is not so. */
function groupKey({ all }: Definitions): string {
  const files = filesOf(all)
  return files.length === all.length && files.length > 1 ? files.join('\n') : ''
}

function filesOf(all: readonly Resource[]): readonly string[] {
  return [...new Set(all.map(({ origin }) => origin.file))].sort()
}

function emptyGroup(id: string): Group {
  return {
    id,
    files: id.split('\n'),
    objects: new Set(),
    differing: 0,
    main: 0,
    hasVariants: false,
    areVariants: false,
  }
}

function count(group: Group, { all: [first], choices }: Definitions, change: 1 | -1): Group {
  if (choices.length > 1) group.differing += change
  if (first && isMainObject(first)) group.main += change
  return group
}

/** An object that a complete description of an application has. */
function isMainObject(resource: Resource): boolean {
  return resource.type === 'Namespace' || resource.type === 'Service' || isWorkload(resource)
}
