import { keys } from '../inventory/indexKeys.js'
import type { Inventory, InventoryChange } from '../inventory/inventory.js'
import { InventoryDifference } from '../inventory/inventoryDifference.js'
import { alternativesOf } from '../mesh/alternatives.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Resource } from '../resources/resource.js'
import { LazyFinding, type Finding } from '../rules/finding.js'
import { confirmedFindings } from './variants/confirmedFindings.js'

/** What a mesh takes from another one, its lender. */
interface Loan {
  readonly lender: ObjectFindings
  /** The inventory of the lender at the last change of this mesh. */
  readonly base: Inventory
  readonly difference: InventoryDifference
  /** False if objects with several definitions can make any finding different. */
  readonly isValid: boolean
}

/** A change of the lender. */
interface ChangeOfLender {
  readonly change: InventoryChange
  /** Objects whose findings in the lender may differ now. */
  readonly dropped: readonly Resource[]
  /** Objects whose findings are the same, but may depend on other keys now. */
  readonly moved: readonly Resource[]
}

const NO_CHANGE: InventoryChange = { removed: [], added: [] }

/**
 * The findings about the objects of one mesh. Overlays of one base have most objects in common, so a
 * mesh can take findings from another one, its lender. Example:
 *
 * ```text
 * overlays/dev    base, and Deployment "debug" in Namespace "tools"
 * overlays/prod   base
 * ```
 *
 * The inventory keys with different content are few: `Deployment`, `Deployment|tools`, and so on. A
 * finding about an object of the base that depends on none of them is the same in both meshes. `prod`
 * takes it from `dev`, and keeps neither the finding nor the facts behind it. It computes itself only
 * what depends on the different keys.
 */
export class ObjectFindings {
  readonly #mesh: Mesh
  readonly #borrowers: ObjectFindings[] = []
  #loan: Loan | undefined
  /** The changes of the lender since the last change of this mesh. */
  #changesOfLender: ChangeOfLender[] = []

  /** @param mesh has the option `record` if it lends. */
  constructor(mesh: Mesh) {
    this.#mesh = mesh
  }

  /**
   * Gives the mesh, which is empty, its first objects, and takes findings from a lender from now on.
   * After each change of the lender, `apply` must be called: with no objects if the lender alone has
   * changed.
   *
   * @param change turns the objects of the lender into those of this mesh.
   */
  borrow(lender: ObjectFindings, change: InventoryChange): void {
    lender.#borrowers.push(this)
    const difference = new InventoryDifference(change)
    this.#mesh.startFrom(lender.#mesh, change, lender.#mesh.inventory.with(difference))
    this.#setLoan(lender, difference)
  }

  /**
   * Moves the mesh on.
   *
   * @returns the objects whose findings may differ now; undefined for all objects.
   */
  apply(change: InventoryChange): readonly Resource[] | undefined {
    if (this.#loan) return this.#applyWithLoan(this.#loan, change)
    const { dropped, moved } = this.#mesh.apply(change, confirmedFindings)
    for (const borrower of this.#borrowers)
      borrower.#changesOfLender.push({ change, dropped, moved })
    return dropped
  }

  /** The findings about an object of the mesh. */
  about(subject: Resource): readonly Finding[] {
    return this.#borrowed(subject) ?? this.#mesh.get(confirmedFindings, subject)
  }

  #applyWithLoan(
    { lender, difference: before, isValid }: Loan,
    change: InventoryChange,
  ): readonly Resource[] | undefined {
    const changes = this.#changesOfLender
    this.#changesOfLender = []
    const difference = changes
      .slice(0, -1)
      .reduce((earlier, ofLender) => earlier.after(NO_CHANGE, ofLender.change), before)
      .after(change, changes.at(-1)?.change)
    const { dropped } = this.#mesh.apply(
      change,
      confirmedFindings,
      lender.#mesh.inventory.with(difference),
    )
    this.#setLoan(lender, difference)
    if (isValid && this.#loan?.isValid !== true) return undefined
    const differing =
      difference === before ? [] : [...difference.keys].filter((key) => !before.concerns(key))
    const isDifferent = (resource: Resource): boolean =>
      difference.concernsAny(lender.#mesh.keysOf(confirmedFindings, resource))
    const stale = new Set([
      ...dropped,
      ...changes.flatMap((ofLender) => ofLender.dropped),
      ...changes.flatMap(({ moved }) => moved.filter(isDifferent)),
      ...lender.#mesh.readersOf(differing, confirmedFindings),
    ])
    return [...stale].filter((resource) => !difference.lacks(resource))
  }

  #setLoan(lender: ObjectFindings, difference: InventoryDifference): void {
    this.#loan = {
      lender,
      base: lender.#mesh.inventory,
      difference,
      isValid: this.#canBorrow(lender.#mesh, difference),
    }
  }

  #canBorrow(lender: Mesh, difference: InventoryDifference): boolean {
    return (
      alternativesOf(lender).none &&
      alternativesOf(this.#mesh).none &&
      ![...lender.contested, ...this.#mesh.contested].some((name) => difference.concerns(name))
    )
  }

  /** The findings about an object that the lender has in the same way; undefined if it does not. */
  #borrowed(subject: Resource): readonly Finding[] | undefined {
    if (this.#loan?.isValid !== true) return undefined
    const { base, difference } = this.#loan
    const lender = this.#loan.lender.#mesh
    const { type, namespace, name } = subject
    if (lender.inventory !== base || difference.concerns(keys.named(type, namespace, name)))
      return undefined
    const findings = lender.get(confirmedFindings, subject)
    if (difference.concernsAny(lender.keysOf(confirmedFindings, subject))) return undefined
    return findings.length === 0
      ? findings
      : findings.map((finding, index) => this.#withOwnFixes(finding, subject, index))
  }

  /** Fixes read facts that the finding does not depend on, so this mesh makes them itself. */
  #withOwnFixes(finding: Finding, subject: Resource, index: number): Finding {
    return new LazyFinding(
      finding,
      () => this.#mesh.get(confirmedFindings, subject)[index]?.fixes ?? [],
    )
  }
}
