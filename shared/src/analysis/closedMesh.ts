import { Mesh } from '../mesh/mesh.js'
import type { FileFacts } from '../resources/readFile.js'
import type { Resource } from '../resources/resource.js'
import { predictedStatus } from '../status/predictStatus.js'
import type { Analysis } from './analysis.js'
import { InventoryChangeCollector } from './inventoryChange.js'

/**
 * The files of an analysis taken as the whole mesh: what they do not show is not there, and a namespace that nobody names is `default`. Answers about
 * requests, status and what ztunnel receives are answers about it. Follows the analysis file by file when it is asked for.
 */
export class ClosedMesh {
  readonly #analysis: Analysis
  readonly #mesh: Mesh
  readonly #taken = new Map<string, FileFacts>()
  /** Objects without a namespace and what stands for them here. */
  readonly #named = new WeakMap<Resource, Resource>()
  #inventory: unknown

  constructor(analysis: Analysis) {
    this.#analysis = analysis
    this.#mesh = new Mesh(analysis.mesh.userSettings, 'closed')
  }

  /** The mesh of the present texts. Places of its resources are places of the analysis. */
  get mesh(): Mesh {
    if (this.#inventory !== this.#analysis.mesh.inventory) this.#follow()
    return this.#mesh
  }

  /** The resource of `mesh` that an object of the analysis is. */
  resource<R extends Resource>(resource: R): R {
    if (resource.namespaceSource !== 'unnamed') return resource
    const known = this.#named.get(resource)
    if (isCopyOf(known, resource)) return known
    const named = { ...resource, namespace: 'default' }
    this.#named.set(resource, named)
    return named
  }

  #follow(): void {
    const collector = new InventoryChangeCollector()
    const { files } = this.#analysis
    for (const file of new Set([...this.#taken.keys(), ...files.keys()])) {
      const before = this.#taken.get(file)
      const after = files.get(file)
      if (before === after) continue
      collector.replace(before, after)
      if (after) this.#taken.set(file, after)
      else this.#taken.delete(file)
    }
    const { removed, added, opaque } = collector.result()
    const here = (resource: Resource): Resource => this.resource(resource)
    this.#mesh.apply(
      { removed: removed.map(here), added: added.map(here), ...(opaque ? { opaque } : {}) },
      predictedStatus,
    )
    this.#inventory = this.#analysis.mesh.inventory
  }
}

function isCopyOf<R extends Resource>(copy: Resource | undefined, original: R): copy is R {
  return copy?.type === original.type
}
