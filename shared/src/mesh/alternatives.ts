import { indexKeys, keys } from '../inventory/indexKeys.js'
import type { InventoryChange } from '../inventory/inventory.js'
import type { Resource } from '../resources/resource.js'
import { addToGroup, groupBy } from '../text/collections.js'
import { equal } from '../text/equal.js'
import { installChoices } from './installs.js'
import type { Mesh } from './mesh.js'

/** What the files say in several ways, of which one is in the cluster: an object with its variants, or the install. */
export interface Dispute {
  /** Every object that takes part. */
  readonly all: readonly Resource[]
  /** The objects that stand for it, one list for each way. */
  readonly choices: readonly (readonly Resource[])[]
}

/** Which choice of a dispute is taken, where it is not the one that its number gives. */
type Fixed = ReadonlyMap<Dispute, number>

/** Many facts are shared by the objects that are judged in one mesh; a mesh costs what is asked of it. */
const MOST_MESHES = 64

/**
 * The meshes that the files of one may mean (docs/knowledge.md §7): variants are alternatives, so whatever is said of another object must hold in each of them.
 * Made from one snapshot of the inventory.
 */
export class Alternatives {
  readonly #mesh: Mesh
  readonly #disputes: readonly Dispute[]
  readonly #at = new Map<string, Dispute[]>()
  readonly #byResource = new Map<Resource, Dispute>()
  readonly #meshes = new Map<string, Mesh>()

  constructor(mesh: Mesh) {
    this.#mesh = mesh
    this.#disputes = [
      ...installsOf(mesh),
      ...[...mesh.contested].flatMap((name) => variantsAt(mesh, name)),
    ]
    for (const dispute of this.#disputes) {
      for (const resource of dispute.all) this.#byResource.set(resource, dispute)
      for (const key of new Set(dispute.all.flatMap(indexKeys))) addToGroup(this.#at, key, dispute)
    }
  }

  /** Whether the files say everything in one way. */
  get none(): boolean {
    return this.#disputes.length === 0
  }

  disputeOf(resource: Resource): Dispute | undefined {
    return this.#byResource.get(resource)
  }

  /** Whether a key of the inventory lists something disputed. */
  touches(key: string): readonly Dispute[] {
    return this.#at.get(key) ?? []
  }

  /** The mesh in which each dispute is decided by the choice of this number, begun anew where it has fewer. */
  mesh(number: number, fixed: Fixed): Mesh {
    const taken = this.#disputes.map(
      (dispute) => (fixed.get(dispute) ?? number) % dispute.choices.length,
    )
    const key = taken.join()
    const known = this.#meshes.get(key)
    if (known) return known
    const oldest = this.#meshes.size < MOST_MESHES ? undefined : this.#meshes.keys().next().value
    if (oldest !== undefined) this.#meshes.delete(oldest)
    const mesh = this.#mesh.fork(deciding(this.#disputes, taken))
    this.#meshes.set(key, mesh)
    return mesh
  }
}

/** The alternatives of a mesh as it is now. */
export function alternativesOf(mesh: Mesh): Alternatives {
  return mesh.perSnapshot(makeAlternatives)
}

function makeAlternatives(mesh: Mesh): Alternatives {
  return new Alternatives(mesh)
}

function deciding(disputes: readonly Dispute[], taken: readonly number[]): InventoryChange {
  const decided = disputes.map(({ all, choices }, index) => {
    const standing = new Set(choices[taken[index] ?? 0])
    const before = new Set(all)
    return {
      removed: all.filter((resource) => !standing.has(resource)),
      added: [...standing].filter((resource) => !before.has(resource)),
    }
  })
  return {
    removed: decided.flatMap(({ removed }) => removed),
    added: decided.flatMap(({ added }) => added),
  }
}

function installsOf(mesh: Mesh): Dispute[] {
  const all = mesh.inventory
    .at(keys.all('MeshConfig'))
    .filter((resource) => resource.type === 'MeshConfig')
  const choices = installChoices(all, mesh.userSettings)
  return choices.length > 1 ? [{ all, choices }] : []
}

/** The disputed objects of one name: copies that say the same are one choice, other kinds are other objects. */
function variantsAt(mesh: Mesh, name: string): Dispute[] {
  const kinds = groupBy(
    mesh.inventory.at(name).filter(isNamed),
    (resource) => `${resource.group}/${resource.type === 'Other' ? resource.kind : resource.type}`,
  )
  return [...kinds.values()].flatMap((all) => {
    const choices: Resource[][] = []
    for (const resource of all) {
      const copies = choices.find(
        ([first]) => first && equal(contentOf(first), contentOf(resource)),
      )
      if (copies) copies.push(resource)
      else choices.push([resource])
    }
    return choices.length > 1 ? [{ all, choices }] : []
  })
}

/** Objects without a namespace may be meant for several; installs are disputed field by field. */
function isNamed({ type, name, namespaceSource }: Resource): boolean {
  return type !== 'MeshConfig' && name !== '' && namespaceSource !== 'unnamed'
}

function contentOf(resource: Resource): Resource {
  return {
    ...resource,
    apiVersion: '',
    namespaceSource: 'object',
    origin: { file: '', document: 0, ordinal: 0 },
    problems: [],
    placeholders: [],
  }
}
