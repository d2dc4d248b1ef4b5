import {
  Inventory,
  keysOfChange,
  type InventoryChange,
  type InventoryView,
} from '../inventory/inventory.js'
import { CountedWork } from '../inventory/countedWork.js'
import { keys, type InventoryKey } from '../inventory/indexKeys.js'
import { Queries } from '../inventory/queries.js'
import type { Invalidated } from '../inventory/query.js'
import type { Workload } from '../inventory/workloads.js'
import type { Resource, ResourceOf, ResourceType } from '../resources/resource.js'
import { isRejected } from '../resources/rejected.js'
import { query, type MeshClassQuery, type MeshQuery } from './meshQuery.js'
import type { MeshSettings } from './meshSettings.js'
import { effectiveSettings, type EffectiveSettings } from './settings.js'
import { resourcesByFile } from './variantFiles.js'

export { classQuery, query, type MeshClassQuery, type MeshQuery } from './meshQuery.js'

/**
 * `open`: other objects may exist elsewhere, so an absent object is unknown. `closed`: the files
 * are the whole mesh.
 */
export type World = 'open' | 'closed'

interface MeshOptions {
  /** Whether `keysOf` can be called. It costs memory. */
  readonly record?: boolean
  /** Counts each fact and each inventory key that is read. */
  readonly work?: CountedWork
}

const settingsOf = query('settings', (mesh, _: ''): EffectiveSettings =>
  effectiveSettings(mesh.all('MeshConfig'), mesh.userSettings),
)

/** The objects that are in the cluster. */
function withoutRejected(resources: readonly Resource[]): readonly Resource[] {
  return resources.some(isRejected) ? resources.filter((each) => !isRejected(each)) : resources
}

/**
 * One mesh root: an immutable inventory, the settings, and the facts derived from them. Objects that
 * the API server rejects take part in no fact: only `written` lists them.
 */
export class Mesh {
  /** What the user sets. `settings` has what applies. */
  readonly userSettings: MeshSettings
  readonly world: World
  /** Counts the facts of this mesh and its variants together. */
  readonly work: CountedWork
  readonly #queries: Queries<Mesh, readonly Resource[]>
  readonly #contested = new Set<string>()
  readonly #snapshots = new Map<object, unknown>()
  #inventory = Inventory.empty()

  constructor(
    settings: MeshSettings,
    world: World,
    { record = false, work = new CountedWork() }: MeshOptions = {},
  ) {
    this.userSettings = settings
    this.world = world
    this.work = work
    this.#queries = new Queries((key) => withoutRejected(this.#inventory.at(key)), record, work)
  }

  get inventory(): Inventory {
    return this.#inventory
  }

  /** The settings that apply. A query that reads them depends on the installs in the files. */
  get settings(): EffectiveSettings {
    return this.get(settingsOf, '')
  }

  /**
   * Keys of the names that several objects have. `alternatives.ts` decides which of these are
   * variants.
   */
  get contested(): ReadonlySet<string> {
    return this.#contested
  }

  /** How many results were computed so far. For tests. */
  get runs(): number {
    return this.#queries.runs
  }

  /** How many results and inventory keys were read so far. For tests. */
  get reads(): number {
    return this.#queries.reads
  }

  /** How many inventory keys are remembered. For tests. */
  get keys(): number {
    return this.#queries.keys
  }

  /** How many results are remembered. For tests. */
  get size(): number {
    return this.#queries.size
  }

  /**
   * Whether several objects have the name of this one. No dependency is recorded: when such a name
   * changes, `apply` checks every object that has it again. Unique names, which are almost all,
   * need no memory.
   */
  isContested({ type, namespace, name }: Resource): boolean {
    return this.#contested.size > 0 && this.#contested.has(keys.named(type, namespace, name))
  }

  /**
   * Takes the objects of another mesh, with a difference. This mesh is empty.
   *
   * @param difference as a change of the other mesh.
   */
  startFrom(other: Mesh, difference: InventoryChange, inventory: Inventory): void {
    this.#inventory = inventory
    for (const name of other.contested) this.#contested.add(name)
    for (const resource of [...difference.removed, ...difference.added])
      this.#updateContested(resource)
  }

  /**
   * Moves on to the next inventory.
   *
   * @param inventory the next inventory, if it is known: it must be this one with the change.
   * @returns the arguments whose result of `watched` was dropped: it may differ now.
   */
  apply<A extends string | object, V>(
    change: InventoryChange,
    watched: MeshQuery<A, V>,
    inventory?: Inventory,
  ): Invalidated<A> {
    const next = inventory
      ? { inventory, changedKeys: this.#queries.keys === 0 ? [] : keysOfChange(change) }
      : this.#inventory.apply(change)
    const { changedKeys } = next
    this.#inventory = next.inventory
    this.#snapshots.clear()
    const disputedNames = new Set(
      [...change.removed, ...change.added]
        .filter((resource) => this.#updateContested(resource))
        .map(({ type, namespace, name }) => keys.named(type, namespace, name)),
    )
    return this.#queries.invalidate(
      {
        changedKeys: disputedNames.size > 0 ? [...changedKeys, keys.disputes()] : changedKeys,
        removed: new Set(change.removed),
        recheck: this.#sharingFilesWith(disputedNames),
      },
      watched,
      this,
    )
  }

  get<A extends string | object, V>(fact: MeshQuery<A, V> | MeshClassQuery<A, V>, argument: A): V {
    return 'ofClass' in fact
      ? this.#queries.get(fact.ofClass, fact.classOf(this, argument), this)
      : this.#queries.get(fact, argument, this)
  }

  /**
   * A value that follows from one object alone, computed once for each outermost query. It is not
   * kept longer: that would need more memory than it saves time.
   *
   * @param compute reads nothing but its argument.
   */
  perQuery<A extends object, V>(compute: (argument: A) => V, argument: A): V {
    return this.#queries.perQuery(compute, argument)
  }

  /** Every inventory key that a result depends on. Needs the option `record`. */
  keysOf<A extends string | object, V>(fact: MeshQuery<A, V>, argument: A): ReadonlySet<string> {
    return this.#queries.keysOf(fact, argument)
  }

  /** The same without the keys of facts that are the same in every variant of the mesh. */
  variantKeysOf<A extends string | object, V>(
    fact: MeshQuery<A, V>,
    argument: A,
  ): ReadonlySet<string> {
    return this.#queries.keysOf(fact, argument, { ofVariants: true })
  }

  /** The arguments whose result may depend on one of these inventory keys. */
  readersOf<A extends string | object, V>(
    inventoryKeys: Iterable<string>,
    fact: MeshQuery<A, V>,
  ): readonly A[] {
    return this.#queries.readersOf(inventoryKeys, fact)
  }

  /**
   * A fork of this mesh with the change applied. It has its own facts and records their
   * dependencies.
   */
  fork(change: InventoryChange): Mesh {
    const mesh = new Mesh(this.userSettings, this.world, { record: true, work: this.work })
    mesh.#inventory = this.#inventory.apply(change).inventory
    return mesh
  }

  /** This mesh without the objects that a view leaves out. It has its own facts. */
  seenThrough(view: InventoryView): Mesh {
    const mesh = new Mesh(this.userSettings, this.world, { record: true, work: this.work })
    mesh.#inventory = this.#inventory.seenThrough(view)
    return mesh
  }

  /**
   * A value of the present snapshot, dropped with every change. No dependency is recorded: a query
   * that uses it must call `dependOn`.
   */
  perSnapshot<V extends object>(compute: (mesh: Mesh) => V): V {
    const known = this.#snapshots.get(compute)
    if (known !== undefined) return known as V
    const value = compute(this)
    this.#snapshots.set(compute, value)
    return value
  }

  /** Records that the running query depends on these inventory keys. */
  dependOn(inventoryKeys: Iterable<string>): void {
    for (const key of inventoryKeys) this.#queries.read(key)
  }

  /** The resources under an inventory key that lists only this type. */
  at<T extends ResourceType>(_: T, key: InventoryKey<T>): readonly ResourceOf<T>[] {
    return this.#queries.read(key) as readonly ResourceOf<T>[]
  }

  /** The definitions under a key, also those that this variant of the mesh leaves out. */
  everyDefinition<T extends ResourceType>(_: T, key: InventoryKey<T>): readonly ResourceOf<T>[] {
    this.#queries.read(key)
    return this.#inventory.everyAt(key) as readonly ResourceOf<T>[]
  }

  /** The resources under a key as the files have them: those that the API server rejects too. */
  written<T extends ResourceType>(_: T, key: InventoryKey<T>): readonly ResourceOf<T>[] {
    this.#queries.read(key)
    return this.#inventory.at(key) as readonly ResourceOf<T>[]
  }

  all<T extends ResourceType>(type: T): readonly ResourceOf<T>[] {
    return this.at(type, keys.all(type))
  }

  inNamespace<T extends ResourceType>(type: T, namespace: string): readonly ResourceOf<T>[] {
    return this.at(type, keys.namespace(type, namespace))
  }

  /** The object with a name; the first definition if there are several. */
  named<T extends ResourceType>(
    type: T,
    namespace: string,
    name: string,
  ): ResourceOf<T> | undefined {
    return this.at(type, keys.named(type, namespace, name))[0]
  }

  /** The workloads under an inventory key that lists workloads. */
  workloadsAt(key: InventoryKey<'Workload' | 'Identity'>): readonly Workload[] {
    return this.#queries.read(key) as readonly Workload[]
  }

  /** Whether a template renders to this kind, so that an absent object may exist. */
  hasOpaque(kind: string): boolean {
    this.#queries.read(keys.opaque(kind))
    return this.#inventory.opaqueCount(kind) > 0
  }

  /** The objects with these names, and those in their files: such files may be variants. */
  #sharingFilesWith(names: ReadonlySet<string>): readonly Resource[] {
    if (names.size === 0) return []
    const files = [...names].flatMap((name) =>
      this.#inventory.at(name).map(({ origin }) => origin.file),
    )
    return [...resourcesByFile(this.#inventory, new Set(files)).values()].flat()
  }

  /**
   * Updates `contested` for an added or removed resource. True where its name is or was disputed.
   */
  #updateContested({ type, namespace, name }: Resource): boolean {
    const key = keys.named(type, namespace, name)
    const before = this.#contested.has(key)
    const now = this.#inventory.at(key).length > 1
    if (now) this.#contested.add(key)
    else this.#contested.delete(key)
    return before || now || type === 'MeshConfig'
  }
}
