import type { Resource } from '../resources/resource.js'
import { getOrInsert } from '../text/collections.js'
import type { Dispute, DisputedPlace } from './disputes.js'
import type { InstallDispute } from './installDispute.js'
import type { Mesh } from './mesh.js'

/** Which choice of each dispute a mesh takes. */
export interface Alternative {
  /** The choice of the disputes that are not in `fixed`: from 0, modulo the number of their choices. */
  readonly number: number
  readonly fixed: ReadonlyMap<Dispute, number>
}

/** The disputes of the present snapshot. */
export interface PresentDisputes {
  readonly installs: InstallDispute | undefined
  all(): readonly Dispute[]
  placeOf(resource: Resource): DisputedPlace | undefined
  /** Whether a key of the inventory lists objects of a dispute. */
  concerns(key: string): boolean
}

/**
 * So many meshes in which no choice is fixed follow the changes of the files. In the closed world none
 * does: what is read there is about requests, which are not kept.
 */
const MOST_KEPT = 16
/** How many other meshes are remembered for one snapshot. */
const MOST_OTHERS = 64

/** Makes and remembers the meshes with one choice of each dispute. */
export class AlternativeMeshes {
  readonly #mesh: Mesh
  readonly #disputes: PresentDisputes
  readonly #kept = new Map<number, Mesh>()
  readonly #others = new Map<string, Mesh>()

  constructor(mesh: Mesh, disputes: PresentDisputes) {
    this.#mesh = mesh
    this.#disputes = disputes
  }

  /** The meshes that follow the changes of the mesh with all variants. */
  get kept(): Iterable<Mesh> {
    return this.#kept.values()
  }

  /** Forgets the meshes that do not follow. */
  clearOthers(): void {
    this.#others.clear()
  }

  /**
   * Forgets the meshes that no object needs. An object without variants reads one mesh for each choice of a dispute.
   * One with variants reads only meshes with its own choice: it starts with this number, and its dispute has at least
   * one choice less than the largest if it reads more than one of them.
   *
   * The facts in the other meshes are read again, because a dispute that has fewer choices than before has moved.
   *
   * @param mostChoices of one dispute.
   */
  keepFor(mostChoices: number): void {
    const last = mostChoices - 2 + (mostChoices - 1)
    for (const number of this.#kept.keys()) if (number > last) this.#kept.delete(number)
  }

  clear(): void {
    this.#kept.clear()
    this.#others.clear()
  }

  /** A mesh, and whether it is one of those in `kept`. */
  get(alternative: Alternative): { readonly mesh: Mesh; readonly isKept: boolean } {
    const { installs } = this.#disputes
    return installs ? this.#forkOf(alternative, installs) : this.#viewOf(alternative)
  }

  /** A mesh that leaves out what is not chosen when a key is read: no inventory is made. */
  #viewOf({ number, fixed }: Alternative): { mesh: Mesh; isKept: boolean } {
    const others = new Map(
      [...fixed]
        .map(([dispute, choice]) => [dispute, choice % dispute.choices.length] as const)
        .filter(([dispute, choice]) => choice !== number % dispute.choices.length),
    )
    const make = (): Mesh =>
      this.#mesh.seenThrough({
        concerns: (key) => this.#disputes.concerns(key),
        includes: (resource) => {
          const place = this.#disputes.placeOf(resource)
          return !place || place.choice === (others.get(place.dispute) ?? number % place.of)
        },
      })
    if (others.size === 0 && number < MOST_KEPT && this.#mesh.world === 'open')
      return { mesh: getOrInsert(this.#kept, number, make), isKept: true }
    const key = [number, ...[...others].map(([{ id }, choice]) => `${String(choice)} ${id}`).sort()]
    return this.#remembered(JSON.stringify(key), make)
  }

  /** A mesh of its own, because merged installs are in no file. */
  #forkOf({ number, fixed }: Alternative, installs: InstallDispute) {
    const disputes = [
      { dispute: installs, all: installs.all },
      ...this.#disputes.all().map((dispute) => ({ dispute, all: dispute.choices.flat() })),
    ]
    const taken = disputes.map(
      ({ dispute }) => (fixed.get(dispute) ?? number) % dispute.choices.length,
    )
    return this.#remembered(taken.join(), () => {
      const changes = disputes.map(({ dispute, all }, index) => {
        const chosen = new Set(dispute.choices[taken[index] ?? 0])
        const before = new Set<Resource>(all)
        return {
          removed: all.filter((resource) => !chosen.has(resource)),
          added: [...chosen].filter((resource) => !before.has(resource)),
        }
      })
      return this.#mesh.fork({
        removed: changes.flatMap(({ removed }) => removed),
        added: changes.flatMap(({ added }) => added),
      })
    })
  }

  #remembered(key: string, make: () => Mesh): { mesh: Mesh; isKept: boolean } {
    const known = this.#others.get(key)
    if (known) return { mesh: known, isKept: false }
    const oldest = this.#others.size < MOST_OTHERS ? undefined : this.#others.keys().next().value
    if (oldest !== undefined) this.#others.delete(oldest)
    const mesh = make()
    this.#others.set(key, mesh)
    return { mesh, isKept: false }
  }
}
