import { indexKeys } from '../inventory/indexKeys.js'
import { keysOfChange, type InventoryChange } from '../inventory/inventory.js'
import type { Resource } from '../resources/resource.js'
import { AlternativeMeshes, type Alternative } from './alternativeMeshes.js'
import { DisputedKeys } from './disputedKeys.js'
import { Disputes, type Dispute, type DisputedPlace, type Move } from './disputes.js'
import {
  canChangeInstalls,
  installDisputeOf,
  isSameInstallDispute,
  type InstallDispute,
} from './installDispute.js'
import type { Follower, MeshChange } from './follower.js'
import type { Mesh } from './mesh.js'
import type { MeshQuery } from './meshQuery.js'
import { resourcesOfNamespaceAt } from './variantFiles.js'

export type { Dispute } from './disputes.js'

const NO_CHANGE: InventoryChange = { removed: [], added: [] }

/**
 * The meshes that the files can describe (docs/knowledge.md §7): variants are alternatives, so a
 * finding about another object must hold with each variant.
 *
 * They follow the changes of the mesh with all variants. Which facts about an object may differ then?
 *
 * - Facts in a mesh that follows too: those that this mesh drops.
 * - Facts that were read in another mesh: the query that read them depends on the same keys of the
 *   inventory (`dependOnKeysOf`). They may differ also if an object that did not change is in another
 *   choice.
 * - Facts that depend on a key with other disputes than before: other meshes have to be read.
 */
export class Alternatives implements Follower {
  readonly #mesh: Mesh
  readonly #disputes = new Disputes()
  readonly #keys = new DisputedKeys()
  readonly #meshes: AlternativeMeshes
  #installs: InstallDispute | undefined
  /** The keys of the inventory that list the installs of the dispute. */
  #installKeys: ReadonlySet<string>
  /** The facts that were read in the kept meshes. */
  readonly #watched = new Set<MeshQuery<Resource, unknown>>()
  /** The objects about which a fact was read in a mesh that is kept, or in another one. */
  readonly #subjects = { ofKept: new Set<Resource>(), ofOthers: new Set<Resource>() }

  constructor(mesh: Mesh) {
    this.#mesh = mesh
    this.#installs = installDisputeOf(mesh)
    this.#installKeys = keysOfInstalls(this.#installs)
    this.#keys.update(this.#disputes.update(mesh.inventory, mesh.contested, NO_CHANGE))
    const installs = (): InstallDispute | undefined => this.#installs
    this.#meshes = new AlternativeMeshes(mesh, {
      get installs() {
        return installs()
      },
      all: () => this.#disputes.all(),
      placeOf: (resource) => this.#disputes.placeOf(resource),
      concerns: (key) => this.#keys.has(key),
    })
  }

  /** Whether the files define everything in one way. */
  get none(): boolean {
    return this.#disputes.size === 0 && !this.#installs
  }

  /** The number of choices of the dispute that has most of them; 1 without a dispute. */
  get mostChoices(): number {
    return Math.max(1, this.#disputes.mostChoices, this.#installs?.choices.length ?? 0)
  }

  /** How many meshes follow the changes. For tests. */
  get kept(): number {
    return [...this.#meshes.kept].length
  }

  /** Where an object is in a dispute. The choice is -1 for an install of which only parts are chosen. */
  placeOf(resource: Resource): DisputedPlace | undefined {
    const installs = this.#installs
    if (!installs?.all.some((install) => install === resource))
      return this.#disputes.placeOf(resource)
    const choice = installs.choices.findIndex((each) => each.includes(resource))
    return { dispute: installs, choice, of: installs.choices.length }
  }

  /** The disputes whose objects a key of the inventory lists. */
  touches(key: string): readonly Dispute[] {
    const disputes = this.#keys.at(key)
    return this.#installs && this.#installKeys.has(key) ? [this.#installs, ...disputes] : disputes
  }

  mesh(alternative: Alternative): Mesh {
    return this.#meshes.get(alternative).mesh
  }

  /**
   * A fact about an object in one of the meshes, and the disputes that it depends on. The running
   * query of the mesh with all variants depends on both from now on.
   */
  get<V>(
    fact: MeshQuery<Resource, V>,
    subject: Resource,
    alternative: Alternative,
  ): { readonly value: V; readonly disputes: readonly Dispute[] } {
    const { mesh, isKept } = this.#meshes.get(alternative)
    if (isKept) this.#watched.add(fact)
    this.#subjects[isKept ? 'ofKept' : 'ofOthers'].add(subject)
    const value = mesh.get(fact, subject)
    if (!isKept) this.#mesh.dependOnKeysOf(mesh, fact, subject)
    const read = [...mesh.keysOf(fact, subject, { ofVariants: true })]
    return { value, disputes: read.flatMap((key) => this.touches(key)) }
  }

  /** Moves on with the mesh. Returns the objects whose facts in these meshes may differ now. */
  follow({ change, names, readersOf }: MeshChange): ReadonlySet<object | string> {
    this.#meshes.clearOthers()
    const moves = this.#disputes.update(this.#mesh.inventory, names, change)
    const reassigned = reassignedIn(moves, change)
    const installs = this.#followInstalls(change)
    const keys = [...this.#keys.update(moves), ...installs.flatMap(indexKeys)]
    const affected = new Set<object | string>()
    const add = (subjects: Iterable<object | string>): void => {
      for (const subject of subjects) affected.add(subject)
    }
    add(moves.map(({ resource }) => resource))
    add(installs)
    for (const key of keys) add(resourcesOfNamespaceAt(this.#mesh.inventory, key))
    add(readersOf(keys))
    if (installs.length > 0) {
      this.#meshes.clear()
      add(takeAll(this.#subjects.ofKept))
    }
    if (installs.length > 0 || reassigned.length > 0 || (this.#installs && names.size > 0))
      add(takeAll(this.#subjects.ofOthers))
    const changedKeys = new Set([...keysOfChange(change), ...reassigned.flatMap(indexKeys)])
    for (const mesh of this.#meshes.kept) {
      add(mesh.readersOf(keys, this.#watched))
      add(mesh.followWhole({ changedKeys, removed: new Set(change.removed) }, this.#watched))
    }
    if (moves.length > 0) this.#meshes.keepFor(this.#disputes.mostChoices)
    for (const subjects of Object.values(this.#subjects))
      for (const resource of change.removed) subjects.delete(resource)
    return affected
  }

  /** Returns the installs of a dispute that has changed. */
  #followInstalls(change: InventoryChange): readonly Resource[] {
    if (!canChangeInstalls(change)) return []
    const before = this.#installs
    const after = installDisputeOf(this.#mesh)
    this.#installs = after
    this.#installKeys = keysOfInstalls(after)
    return isSameInstallDispute(before, after)
      ? []
      : [...(before?.all ?? []), ...(after?.all ?? [])]
  }
}

/** The alternatives of a mesh. */
export function alternativesOf(mesh: Mesh): Alternatives {
  return mesh.followedBy(makeAlternatives)
}

function makeAlternatives(mesh: Mesh): Alternatives {
  return new Alternatives(mesh)
}

function keysOfInstalls(dispute: InstallDispute | undefined): ReadonlySet<string> {
  return new Set(dispute?.all.flatMap(indexKeys))
}

/** The objects that are in another choice than before without a change of their own. */
function reassignedIn(moves: readonly Move[], { removed, added }: InventoryChange): Resource[] {
  const changed = new Set([...removed, ...added])
  return moves.flatMap(({ resource }) => (changed.has(resource) ? [] : resource))
}

function takeAll<T>(set: Set<T>): readonly T[] {
  const items = [...set]
  set.clear()
  return items
}
