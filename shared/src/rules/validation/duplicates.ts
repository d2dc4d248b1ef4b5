import { keys } from '../../inventory/indexKeys.js'
import type { Inventory } from '../../inventory/inventory.js'
import type { Follower, MeshChange } from '../../mesh/follower.js'
import type { Mesh } from '../../mesh/mesh.js'
import { folderOf } from '../../resources/paths.js'
import { isRejected } from '../../resources/rejected.js'
import type { Resource, ResourceOf } from '../../resources/resource.js'
import { WORKLOAD_KINDS } from '../../resources/workload.js'
import { getOrInsert } from '../../text/collections.js'
import { compareText } from '../../text/compareText.js'
import { isEqual } from '../../text/isEqual.js'
import { contentOf } from './duplicateContent.js'

/** The kinds whose content affects other findings. */
export const DUPLICATE_KINDS = [
  'AuthorizationPolicy',
  'Gateway',
  'GatewayClass',
  'Namespace',
  'PeerAuthentication',
  'Service',
  'ServiceEntry',
  'WorkloadEntry',
  ...WORKLOAD_KINDS,
] as const

export type Duplicate = ResourceOf<(typeof DUPLICATE_KINDS)[number]>

/** The first definition of an object that is defined differently, with the folders of its definitions. */
interface Entry {
  readonly first: Duplicate
  readonly folders: string
}

/**
 * The objects that the same folders define differently. One finding names all of them, at the first
 * one. A change costs time in proportion to the changed objects.
 */
class Duplicates implements Follower {
  readonly #inventory: () => Inventory
  /** By the key of the name. */
  readonly #entries = new Map<string, Entry>()
  /** By folders. Each group is in the order of file, document and position. */
  readonly #groups = new Map<string, Duplicate[]>()

  constructor(mesh: Mesh) {
    this.#inventory = () => mesh.inventory
    for (const name of mesh.contested) this.#update(name)
  }

  /** The objects that are reported together with this one, each by its first definition. */
  groupOf({ type, namespace, name }: Duplicate): readonly Duplicate[] {
    const entry = this.#entries.get(keys.named(type, namespace, name))
    return (entry && this.#groups.get(entry.folders)) ?? []
  }

  /** Returns the objects that are, or were, the first of a group that has changed. */
  follow({ names }: MeshChange): Iterable<Resource> {
    return new Set([...names].flatMap((name) => this.#update(name)))
  }

  #update(name: string): readonly Resource[] {
    const before = this.#entries.get(name)
    const after = entryOf(this.#inventory().at(name))
    const firsts = this.#firstsOf(before, after)
    if (before) this.#remove(before)
    if (after) {
      this.#entries.set(name, after)
      insert(
        getOrInsert(this.#groups, after.folders, () => []),
        after.first,
      )
    } else this.#entries.delete(name)
    return [...firsts, ...this.#firstsOf(before, after)]
  }

  #remove({ first, folders }: Entry): void {
    const group = this.#groups.get(folders) ?? []
    group.splice(group.indexOf(first), 1)
    if (group.length === 0) this.#groups.delete(folders)
  }

  #firstsOf(...entries: readonly (Entry | undefined)[]): readonly Resource[] {
    return entries.flatMap((entry) => (entry && this.#groups.get(entry.folders)?.[0]) ?? [])
  }
}

/** The duplicates of a mesh. */
export function duplicatesOf(mesh: Mesh): Duplicates {
  return new Duplicates(mesh)
}

function entryOf(definitions: readonly Resource[]): Entry | undefined {
  const subjects = definitions.filter(isDuplicate)
  const [first] = subjects
  const others = othersOf(subjects)
  return first && others.length > 0 ? { first, folders: foldersOf(first, others) } : undefined
}

/** The definitions that differ from the first one. */
export function othersOf<R extends Resource>(definitions: readonly R[]): readonly R[] {
  const [first] = definitions
  if (!first || !isComplete(first)) return []
  const content = contentOf(first)
  return definitions.filter((other) => isComplete(other) && !isEqual(contentOf(other), content))
}

/** The folders of the definitions, as a key. */
function foldersOf(first: Resource, others: readonly Resource[]): string {
  const folders = [first, ...others].map(({ origin }) => folderOf(origin.file))
  return JSON.stringify([...new Set(folders)].sort())
}

function isDuplicate(resource: Resource): resource is Duplicate {
  return (
    KIND_SET.has(resource.type) &&
    resource.namespaceSource !== 'unnamed' &&
    resource.name !== '' &&
    !isRejected(resource)
  )
}

const KIND_SET: ReadonlySet<string> = new Set(DUPLICATE_KINDS)

/** Values that another tool fills in may make two definitions equal. */
function isComplete({ placeholders }: Resource): boolean {
  return placeholders.length === 0
}

/** Adds an object to a group, in the order of file, document and position. */
function insert(group: Duplicate[], added: Duplicate): void {
  let low = 0
  let high = group.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = group[middle]
    if (other && byOrigin(other, added) <= 0) low = middle + 1
    else high = middle
  }
  group.splice(low, 0, added)
}

function byOrigin({ origin: a }: Resource, { origin: b }: Resource): number {
  return compareText(a.file, b.file) || a.document - b.document || a.ordinal - b.ordinal
}
