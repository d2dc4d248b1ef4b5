import type { InventoryChange } from '../inventory/inventory.js'
import { Mesh } from '../mesh/mesh.js'
import type { FileFacts } from '../resources/fileFacts.js'
import type { Resource } from '../resources/resource.js'
import { predictedStatus } from '../status/predictStatus.js'
import type { Analysis } from './analysis.js'
import { getOrInsert } from '../text/collections.js'
import { InventoryChangeCollector } from './inventoryChange.js'

/**
 * The files of an analysis as the whole mesh: an object that is not in the files does not exist,
 * and an unnamed namespace is `default`. Requests, status and the configuration of ztunnel are
 * evaluated in this mesh. It is updated file by file when it is used.
 */
export class ClosedMesh {
  readonly #analysis: Analysis
  readonly #mesh: Mesh
  readonly #files = new Map<string, FileFacts>()
  /** Objects in an unnamed namespace → their copies in namespace `default`. */
  readonly #copies = new WeakMap<Resource, Resource>()
  /** The inventory of the analysis at the last update. */
  #inventory: unknown

  constructor(analysis: Analysis) {
    this.#analysis = analysis
    this.#mesh = new Mesh(analysis.mesh.userSettings, 'closed')
  }

  /** The mesh of the present texts. The analysis can locate its resources. */
  get mesh(): Mesh {
    if (this.#inventory !== this.#analysis.mesh.inventory) this.#update()
    return this.#mesh
  }

  /**
   * Calls `read` while the mesh has a change of the analysis (`Analysis.preview`). Afterwards it is as before.
   */
  withChange<T>(change: InventoryChange, read: (mesh: Mesh) => T): T {
    const undo = this.#apply(change)
    try {
      return read(this.#mesh)
    } finally {
      undo()
    }
  }

  /** The same in steps. Nothing else may use the mesh between them. */
  *withChangeInSteps<T>(
    change: InventoryChange,
    read: (mesh: Mesh) => Generator<void, T, undefined>,
  ): Generator<void, T, undefined> {
    const undo = this.#apply(change)
    try {
      return yield* read(this.#mesh)
    } finally {
      undo()
    }
  }

  /** Returns what makes the mesh as it was before. */
  #apply(change: InventoryChange): () => void {
    const { mesh } = this
    const inMesh = (resource: Resource): Resource => this.resource(resource)
    const removed = change.removed.map(inMesh)
    const added = change.added.map(inMesh)
    const opaque = change.opaque ?? new Map<string, number>()
    mesh.apply({ removed, added, opaque }, predictedStatus)
    return () => {
      const back = new Map([...opaque].map(([kind, difference]) => [kind, -difference]))
      mesh.apply({ removed: added, added: removed, opaque: back }, predictedStatus)
    }
  }

  /** The resource of `mesh` for a resource of the analysis. */
  resource<R extends Resource>(resource: R): R {
    if (resource.namespaceSource !== 'unnamed') return resource
    const known = this.#copies.get(resource)
    if (isCopyOf(known, resource)) return known
    const copy = { ...resource, namespace: 'default' }
    this.#copies.set(resource, copy)
    return copy
  }

  #update(): void {
    const collector = new InventoryChangeCollector()
    const files = this.#analysis.visibleFiles
    for (const file of new Set([...this.#files.keys(), ...files.keys()])) {
      const before = this.#files.get(file)
      const after = files.get(file)
      if (before === after) continue
      collector.replaceFile(before, after)
      if (after) this.#files.set(file, after)
      else this.#files.delete(file)
    }
    const { removed, added, opaque } = collector.result()
    const inMesh = (resource: Resource): Resource => this.resource(resource)
    this.#mesh.apply(
      { removed: removed.map(inMesh), added: added.map(inMesh), ...(opaque ? { opaque } : {}) },
      predictedStatus,
    )
    this.#inventory = this.#analysis.mesh.inventory
  }
}

const MESHES = new WeakMap<Analysis, ClosedMesh>()

/** The closed mesh of an analysis, which its features share. */
export function closedMeshOf(analysis: Analysis): ClosedMesh {
  return getOrInsert(MESHES, analysis, () => new ClosedMesh(analysis))
}

function isCopyOf<R extends Resource>(copy: Resource | undefined, original: R): copy is R {
  return copy?.type === original.type
}
