import { indexKeys, keys } from '../inventory/indexKeys.js'
import type { InventoryChange } from '../inventory/inventory.js'
import type { Resource } from '../resources/resource.js'
import { ruleTests } from '../resources/attributeTests.js'
import { isRejected } from '../resources/rejected.js'
import { addToGroup, groupBy } from '../text/collections.js'
import { isEqual } from '../text/isEqual.js'
import { parsePrincipal } from '../vocabulary/principal.js'
import { installChoices } from './installs.js'
import { DEFAULT_TRUST_DOMAIN } from './settings.js'
import type { Mesh } from './mesh.js'
import { withVariantFiles, type Definitions } from './variantFiles.js'

/** Several definitions of which one is in the cluster: the variants of an object, or the installs. */
export interface Dispute {
  /** Every object of every choice. */
  readonly all: readonly Resource[]
  /** One list of objects for each variant. */
  readonly choices: readonly (readonly Resource[])[]
}

/** The disputes whose choice is fixed, with the number of the choice. */
type Fixed = ReadonlyMap<Dispute, number>

/** How many meshes are kept. The facts of a mesh are shared by all objects that are checked in it. */
const MOST_MESHES = 64

/**
 * The meshes that the files can describe (docs/knowledge.md §7): variants are alternatives, so a
 * finding about another object must hold with each variant. Made from one snapshot of the inventory.
 */
export class Alternatives {
  readonly #mesh: Mesh
  readonly #disputes: readonly Dispute[]
  readonly #at = new Map<string, Dispute[]>()
  readonly #byResource = new Map<Resource, Dispute>()
  readonly #meshes = new Map<string, Mesh>()
  /** The number of the choice of each object. */
  readonly #choiceOf = new Map<Resource, number>()
  readonly #numberOf = new Map<Dispute, number>()
  /** Whether each choice is a part of the objects in the files. Merged installs are not. */
  #hasOnlyParts = true

  constructor(mesh: Mesh) {
    this.#mesh = mesh
    this.#disputes = [
      ...installsOf(mesh),
      ...withVariantFiles(
        [...mesh.contested].flatMap((name) => definitionsAt(mesh, name)),
        mesh.inventory,
      ),
    ]
    for (const dispute of this.#disputes) {
      for (const resource of dispute.all) this.#byResource.set(resource, dispute)
      for (const key of new Set(dispute.all.flatMap(indexKeys))) addToGroup(this.#at, key, dispute)
      for (const [index, choice] of dispute.choices.entries())
        for (const resource of choice) this.#choiceOf.set(resource, index)
      this.#numberOf.set(dispute, this.#numberOf.size)
      const known = new Set(dispute.all)
      if (dispute.choices.some((choice) => choice.some((resource) => !known.has(resource))))
        this.#hasOnlyParts = false
    }
  }

  /** Whether the files define everything in one way. */
  get none(): boolean {
    return this.#disputes.length === 0
  }

  disputeOf(resource: Resource): Dispute | undefined {
    return this.#byResource.get(resource)
  }

  /** The disputes whose objects a key of the inventory lists. */
  touches(key: string): readonly Dispute[] {
    return this.#at.get(key) ?? []
  }

  /**
   * The mesh that takes choice `number` of each dispute (counted from 0, modulo the number of its
   * choices), except for the disputes in `fixed`.
   */
  mesh(number: number, fixed: Fixed): Mesh {
    return this.#hasOnlyParts ? this.#viewOf(number, fixed) : this.#forkOf(number, fixed)
  }

  /** A mesh that leaves out what is not chosen when a key is read: no inventory is made. */
  #viewOf(number: number, fixed: Fixed): Mesh {
    const others = new Map(
      [...fixed]
        .map(([dispute, choice]) => [dispute, choice % dispute.choices.length] as const)
        .filter(([dispute, choice]) => choice !== number % dispute.choices.length),
    )
    const key = [
      number,
      ...[...others].map(([dispute, choice]) => `${this.#numberOf.get(dispute)}=${choice}`).sort(),
    ].join()
    return this.#remembered(key, () =>
      this.#mesh.seenThrough({
        concerns: (at) => this.#at.has(at),
        includes: (resource) => {
          const dispute = this.#byResource.get(resource)
          return (
            !dispute ||
            this.#choiceOf.get(resource) ===
              (others.get(dispute) ?? number % dispute.choices.length)
          )
        },
      }),
    )
  }

  #forkOf(number: number, fixed: Fixed): Mesh {
    const taken = this.#disputes.map(
      (dispute) => (fixed.get(dispute) ?? number) % dispute.choices.length,
    )
    return this.#remembered(taken.join(), () => this.#mesh.fork(changeFor(this.#disputes, taken)))
  }

  #remembered(key: string, make: () => Mesh): Mesh {
    const known = this.#meshes.get(key)
    if (known) return known
    const oldest = this.#meshes.size < MOST_MESHES ? undefined : this.#meshes.keys().next().value
    if (oldest !== undefined) this.#meshes.delete(oldest)
    const mesh = make()
    this.#meshes.set(key, mesh)
    return mesh
  }
}

/** The alternatives of the present snapshot of a mesh. */
export function alternativesOf(mesh: Mesh): Alternatives {
  return mesh.perSnapshot(makeAlternatives)
}

function makeAlternatives(mesh: Mesh): Alternatives {
  return new Alternatives(mesh)
}

function changeFor(disputes: readonly Dispute[], taken: readonly number[]): InventoryChange {
  const changes = disputes.map(({ all, choices }, index) => {
    const chosen = new Set(choices[taken[index] ?? 0])
    const before = new Set(all)
    return {
      removed: all.filter((resource) => !chosen.has(resource)),
      added: [...chosen].filter((resource) => !before.has(resource)),
    }
  })
  return {
    removed: changes.flatMap(({ removed }) => removed),
    added: changes.flatMap(({ added }) => added),
  }
}

function installsOf(mesh: Mesh): Dispute[] {
  const all = mesh.inventory
    .at(keys.all('MeshConfig'))
    .filter((resource) => resource.type === 'MeshConfig')
  const choices = installChoices(all, mesh.userSettings, () => possibleTrustDomains(mesh))
  return choices.length > 1 ? [{ all, choices }] : []
}

/** The trust domain by default, those that policies name, and one that no policy names. */
function possibleTrustDomains(mesh: Mesh): string[] {
  const named = mesh
    .all('AuthorizationPolicy')
    .flatMap(({ rules }) => rules.flatMap(ruleTests).flat())
    .flatMap(({ attribute, values, notValues }) => {
      const all = [...values, ...notValues]
      if (attribute === 'trustDomain') return all
      return attribute === 'principal'
        ? all.flatMap((value) => parsePrincipal(value)?.trustDomain ?? [])
        : []
    })
    .filter((name) => name !== '' && !name.includes('*'))
  return [...new Set([DEFAULT_TRUST_DOMAIN, ...named, 'another.invalid'])]
}

/** The definitions at a key, by kind. Copies with the same content are one choice. */
function definitionsAt(mesh: Mesh, name: string): Definitions[] {
  const kinds = groupBy(
    mesh.inventory.at(name).filter(isNamed),
    (resource) => `${resource.group}/${resource.type === 'Other' ? resource.kind : resource.type}`,
  )
  return [...kinds.values()].map((all) => {
    const choices: Resource[][] = []
    for (const resource of all) {
      const copies = choices.find(
        ([first]) => first && isEqual(contentOf(first), contentOf(resource)),
      )
      if (copies) copies.push(resource)
      else choices.push([resource])
    }
    return { all, dispute: choices.length > 1 ? { all, choices } : undefined }
  })
}

/** Installs are disputed field by field. */
function isNamed(resource: Resource): boolean {
  return resource.type !== 'MeshConfig' && resource.name !== '' && !isRejected(resource)
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
