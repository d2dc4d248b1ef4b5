import {
  Inventory,
  keysOfChange,
  type InventoryChange,
  type InventoryView,
} from '../inventory/inventory.js'
import { CountedWork } from '../inventory/countedWork.js'
import { keys, type InventoryKey } from '../inventory/indexKeys.js'
import { Queries } from '../inventory/queries.js'
import { together, type Invalidated, type SnapshotChange } from '../inventory/query.js'
import type { Workload } from '../inventory/workloads.js'
import type { Resource, ResourceOf, ResourceType } from '../resources/resource.js'
import { withoutRejected } from '../resources/rejected.js'
import { query, type MeshClassQuery, type MeshQuery } from './meshQuery.js'
import type { MeshSettings } from './meshSettings.js'
import { effectiveSettings, type EffectiveSettings } from './settings.js'
import { Followers, type Follower } from './follower.js'
import type { MeshOptions, World } from './meshOptions.js'
import { SharedFacts } from './sharedFacts.js'
import { ContestedNames } from './contestedNames.js'

export { classQuery, query, type MeshClassQuery, type MeshQuery } from './meshQuery.js'
export type { World } from './meshOptions.js'

const settingsOf = query('settings', (mesh, _: ''): EffectiveSettings =>
  effectiveSettings(mesh.all('MeshConfig'), mesh.userSettings),
)

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
  readonly #contested = new ContestedNames()
  readonly #followers = new Followers()
  #inventory = Inventory.empty()
  /** The mesh of which this one is a part that follows it. */
  #part?: { readonly of: Mesh; readonly view: InventoryView; readonly facts: SharedFacts }

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
    return this.#contested.names
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
    return this.contested.size > 0 && this.contested.has(keys.named(type, namespace, name))
  }

  /**
   * Takes the objects of another mesh, with a difference. This mesh is empty.
   *
   * @param difference as a change of the other mesh.
   */
  startFrom(other: Mesh, difference: InventoryChange, inventory: Inventory): void {
    this.#inventory = inventory
    this.#contested.startFrom(other.#contested)
    this.#contested.update(inventory, difference)
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
    this.#followers.endSnapshot()
    const { names, haveChanged } = this.#contested.update(this.#inventory, change)
    const removed = new Set(change.removed)
    const first = this.#queries.invalidate(
      {
        changedKeys: haveChanged ? [...changedKeys, keys.disputes()] : changedKeys,
        removed,
        recheck: [...names].flatMap((name) => this.#inventory.at(name)),
      },
      watched,
      this,
    )
    const readersOf = (inventoryKeys: Iterable<string>): readonly A[] =>
      this.readersOf(inventoryKeys, watched)
    const recheck = this.#followers.follow({ change, names, readersOf })
    if (recheck.length === 0) return first
    const second = this.#queries.invalidate({ changedKeys: [], removed, recheck }, watched, this)
    return together(first, second)
  }

  get<A extends string | object, V>(fact: MeshQuery<A, V> | MeshClassQuery<A, V>, argument: A): V {
    if ('ofClass' in fact)
      return this.#queries.get(fact.ofClass, fact.classOf(this, argument), this)
    const part = fact.ofAllVariants === true ? this.#part : undefined
    if (!part || typeof argument !== 'string') return this.#queries.get(fact, argument, this)
    this.#queries.read(part.facts.keyOf(fact as MeshQuery<string, V>, argument))
    return part.of.get(fact, argument)
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

  /**
   * Every inventory key that a result depends on. Needs the option `record`.
   *
   * @param options.ofVariants without the keys of facts that are the same in every variant.
   */
  keysOf<A extends string | object, V>(
    fact: MeshQuery<A, V>,
    argument: A,
    options?: { readonly ofVariants: boolean },
  ): ReadonlySet<string> {
    return this.#queries.keysOf(fact, argument, options)
  }

  /** The arguments whose result of a fact, or of one of several, may depend on one of these inventory keys. */
  readersOf<A extends string | object, V>(
    inventoryKeys: Iterable<string>,
    facts: MeshQuery<A, V> | ReadonlySet<MeshQuery<A, V>>,
  ): readonly A[] {
    return this.#queries.readersOf(inventoryKeys, facts)
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

  /**
   * This mesh without the objects that a view leaves out. It has its own facts. In the open world, it
   * can follow the changes of this mesh and of the view: `followWhole` must be called after each.
   */
  seenThrough(view: InventoryView): Mesh {
    const mesh = new Mesh(this.userSettings, this.world, { record: true, work: this.work })
    mesh.#inventory = this.#inventory.seenThrough(view)
    if (this.world === 'open') mesh.#part = { of: this, view, facts: new SharedFacts(this) }
    return mesh
  }

  /** Moves a part on with the whole mesh. Returns the arguments whose watched results may differ now. */
  followWhole<A extends string | object, V>(
    { changedKeys, removed }: SnapshotChange,
    watched: ReadonlySet<MeshQuery<A, V>>,
  ): readonly A[] {
    if (!this.#part) return []
    const { of, view, facts } = this.#part
    this.#inventory = of.#inventory.seenThrough(view)
    const { dropped, moved } = this.#queries.invalidate(
      { changedKeys: [...changedKeys, ...facts.takeChanged()], removed },
      watched,
      this,
    )
    return [...dropped, ...moved]
  }

  /** Records that the running query depends on everything that a fact in a part of this mesh depends on. */
  dependOnKeysOf<A extends string | object, V>(
    part: Mesh,
    fact: MeshQuery<A, V>,
    argument: A,
  ): void {
    for (const key of part.keysOf(fact, argument))
      if (part.#part?.facts.read(key) !== true) this.#queries.read(key)
  }

  /**
   * A value of the present snapshot, dropped with every change. No dependency is recorded: a query
   * that uses it must call `dependOn`.
   */
  perSnapshot<V extends object>(make: (mesh: Mesh) => V): V {
    return this.#followers.ofSnapshot(make, this)
  }

  /** A value that this mesh keeps, and that follows its changes. The first call makes it. */
  followedBy<V extends Follower>(make: (mesh: Mesh) => V): V {
    return this.#followers.get(make, this)
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
}
