import type { Inventory, InventoryChange } from '../inventory/inventory.js'
import type { Resource } from '../resources/resource.js'
import { addToGroup, getOrInsert, NONE } from '../text/collections.js'
import { definitionsAt, type Definitions } from './definitions.js'
import { isPartOfFile, resourcesByFile, VariantFiles, type FileGroup } from './variantFiles.js'

/**
 * Several definitions of which one is in the cluster: the variants of an object or of files, or the
 * installs. It stays the same JavaScript object while the definitions are edited.
 */
export interface Dispute {
  readonly id: string
  /** One list of objects for each variant. */
  readonly choices: Choices
}

/** Where an object is in a dispute. */
export interface DisputedPlace {
  readonly dispute: Dispute
  /** The number of its choice, from 0. */
  readonly choice: number
  /** How many choices the dispute has. */
  readonly of: number
}

/** An object that takes part in a dispute in another way than before. */
export interface Move {
  readonly resource: Resource
  readonly before: DisputedPlace | undefined
  readonly after: DisputedPlace | undefined
}

type Choices = readonly (readonly Resource[])[]

interface ChangingDispute extends Dispute {
  choices: Choices
}

/** Disputes are in the order of their ids: first those of objects, then those of files. */
const OF_OBJECT = 'object '
const OF_FILES = 'variant files '

/**
 * The disputes about the objects and files of one mesh. A change costs time in proportion to what
 * it concerns: the definitions of the changed names, and the files of the changed objects.
 */
export class Disputes {
  readonly #byId = new Map<string, ChangingDispute>()
  /** By the key of the name. */
  readonly #definitions = new Map<string, readonly Definitions[]>()
  readonly #variantFiles = new VariantFiles()
  readonly #inObjects = new Places()
  readonly #inFiles = new Places()

  get size(): number {
    return this.#byId.size
  }

  /** The number of choices of the dispute that has most of them. */
  get mostChoices(): number {
    let most = 0
    for (const { choices } of this.#byId.values()) most = Math.max(most, choices.length)
    return most
  }

  /** In the order of their ids. */
  all(): readonly Dispute[] {
    return [...this.#byId.values()].sort(({ id: a }, { id: b }) => (a < b ? -1 : 1))
  }

  /** An object in a file that is a variant belongs to its file first. */
  placeOf(resource: Resource): DisputedPlace | undefined {
    return this.#inFiles.get(resource) ?? this.#inObjects.get(resource)
  }

  /**
   * Moves on to the next inventory.
   *
   * @param names the keys of the names that several of the changed objects have, or had.
   */
  update(inventory: Inventory, names: Iterable<string>, change: InventoryChange): readonly Move[] {
    const removed: Definitions[] = []
    const added: Definitions[] = []
    for (const name of names) {
      removed.push(...(this.#definitions.get(name) ?? []))
      const definitions = definitionsAt(inventory, name)
      added.push(...definitions)
      if (definitions.length > 0) this.#definitions.set(name, definitions)
      else this.#definitions.delete(name)
    }
    const { started, ended } = this.#variantFiles.update(removed, added)
    const regrouped = [...started, ...ended].flatMap(({ objects }) => [...objects])
    const concerned = new Map<string, Choices>(removed.map(({ id }) => [id, []]))
    for (const each of [...regrouped, ...added]) concerned.set(each.id, this.#ownChoices(each))
    for (const [id, choices] of concerned) this.#set(this.#inObjects, OF_OBJECT + id, choices)
    for (const { id } of ended) this.#set(this.#inFiles, OF_FILES + id, [])
    this.#editFiles(change, new Set(started))
    this.#addFiles(started, inventory)
    return [...this.#inObjects.takeMoves(), ...this.#inFiles.takeMoves()]
  }

  /** The variants of an object, unless its files are variants as a whole. */
  #ownChoices(definitions: Definitions): Choices {
    const { choices } = definitions
    return choices.length > 1 && !this.#variantFiles.areVariants(definitions) ? choices : []
  }

  #addFiles(groups: readonly FileGroup[], inventory: Inventory): void {
    const byFile = resourcesByFile(inventory, new Set(groups.flatMap(({ files }) => files)))
    for (const { id, files } of groups)
      this.#set(
        this.#inFiles,
        OF_FILES + id,
        files.map((file) => byFile.get(file) ?? NONE),
      )
  }

  /** Replaces the changed objects in files that were variants before and still are. */
  #editFiles({ removed, added }: InventoryChange, started: ReadonlySet<FileGroup>): void {
    const before = new Set(removed)
    const after = new Map<string, Resource[]>()
    for (const { origin } of removed) getOrInsert(after, origin.file, () => [])
    for (const resource of added) addToGroup(after, resource.origin.file, resource)
    for (const [file, resources] of after) {
      const group = this.#variantFiles.groupOf(file)
      const dispute = group && this.#byId.get(OF_FILES + group.id)
      if (!dispute || started.has(group)) continue
      const changed = group.files.indexOf(file)
      const parts = resources.filter(isPartOfFile)
      const { choices } = dispute
      dispute.choices = choices.map((choice, index) =>
        index === changed ? [...choice.filter((each) => !before.has(each)), ...parts] : choice,
      )
      for (const resource of choices[changed] ?? [])
        if (before.has(resource)) this.#inFiles.set(resource, undefined)
      for (const resource of parts)
        this.#inFiles.set(resource, { dispute, choice: changed, of: choices.length })
    }
  }

  /** Sets the choices of a dispute. Without choices there is none. */
  #set(places: Places, id: string, choices: Choices): void {
    const known = this.#byId.get(id)
    for (const resource of known?.choices.flat() ?? [])
      if (places.get(resource)?.dispute === known) places.set(resource, undefined)
    if (choices.length === 0) {
      this.#byId.delete(id)
      return
    }
    const dispute = known ?? { id, choices }
    dispute.choices = choices
    this.#byId.set(id, dispute)
    for (const [choice, resources] of choices.entries())
      for (const resource of resources)
        places.set(resource, { dispute, choice, of: choices.length })
  }
}

/** The places of objects, with their changes since the last call of `takeMoves`. */
class Places {
  readonly #places = new Map<Resource, DisputedPlace>()
  #before = new Map<Resource, DisputedPlace | undefined>()

  get(resource: Resource): DisputedPlace | undefined {
    return this.#places.get(resource)
  }

  set(resource: Resource, place: DisputedPlace | undefined): void {
    if (!this.#before.has(resource)) this.#before.set(resource, this.#places.get(resource))
    if (place) this.#places.set(resource, place)
    else this.#places.delete(resource)
  }

  takeMoves(): readonly Move[] {
    const moves = [...this.#before].map(([resource, before]) => ({
      resource,
      before,
      after: this.#places.get(resource),
    }))
    this.#before = new Map()
    return moves.filter(({ before, after }) => !isSamePlace(before, after))
  }
}

function isSamePlace(a: DisputedPlace | undefined, b: DisputedPlace | undefined): boolean {
  return a?.dispute === b?.dispute && a?.choice === b?.choice && a?.of === b?.of
}
