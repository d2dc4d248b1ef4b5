import type { RequestTarget } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { getOrInsert } from '../text/collections.js'
import type { AccessSpace } from './accessSpace.js'
import { allDestinations, destinationKey } from './destinations.js'
import { Planner } from './plan.js'
import { clientSignature, destinationSignature, hasVariants } from './signature.js'
import { spaceOf } from './spaceOf.js'

interface KnownDestination {
  readonly target: RequestTarget
  readonly signature: string
}

/** The destinations that an update touches. */
export interface TouchedDestinations {
  /** New ones, and those whose verdicts may differ now. */
  readonly changed: readonly RequestTarget[]
  readonly removed: readonly RequestTarget[]
}

/**
 * The access spaces of a closed mesh that changes. After an update, only the spaces of the destinations that it can
 * touch are evaluated again. Words and examples of the others can name accounts that were removed since.
 */
export class AccessSpaces {
  readonly #mesh: Mesh
  #clients = ''
  #hadVariants = false
  #known = new Map<string, KnownDestination>()
  readonly #spaces = new Map<string, AccessSpace | string>()
  #planner: Planner | undefined

  constructor(mesh: Mesh) {
    this.#mesh = mesh
  }

  /** Compares the mesh with the one of the last update. Call it after each change of the mesh. */
  update(): TouchedDestinations {
    const mesh = this.#mesh
    this.#planner = undefined
    const clients = mesh.get(clientSignature, '')
    const variants = hasVariants(mesh)
    const isAll = clients !== this.#clients || variants || this.#hadVariants
    this.#hadVariants = variants
    this.#clients = clients
    const known = new Map<string, KnownDestination>()
    const changed: RequestTarget[] = []
    for (const [key, target] of mesh.get(allDestinations, '')) {
      const signature = mesh.get(destinationSignature, key) ?? ''
      known.set(key, { target, signature })
      if (isAll || this.#known.get(key)?.signature !== signature) changed.push(target)
    }
    const removed = [...this.#known].flatMap(([key, { target }]) => (known.has(key) ? [] : target))
    this.#known = known
    for (const target of [...changed, ...removed]) this.#spaces.delete(destinationKey(target))
    return { changed, removed }
  }

  /** The space of a destination as of the last update, or why it is not evaluated. */
  spaceTo(target: RequestTarget): AccessSpace | string {
    return getOrInsert(this.#spaces, destinationKey(target), () => {
      this.#planner ??= new Planner([this.#mesh])
      return spaceOf(this.#planner, target)
    })
  }
}
