import { Inventory, type InventoryChange } from '../inventory/inventory.js'
import { keys, type InventoryKey } from '../inventory/indexKeys.js'
import { Queries, type Query } from '../inventory/queries.js'
import { sameAnswer } from '../inventory/sameAnswer.js'
import type { Workload } from '../inventory/workloads.js'
import type { Resource, ResourceOf, ResourceType } from '../resources/resource.js'
import type { MeshSettings } from './meshSettings.js'
import { effectiveSettings, type EffectiveSettings } from './settings.js'

/**
 * How the files are taken: `open`, some things are elsewhere and nothing follows from an absence; `closed`, the files are the whole mesh.
 */
export type World = 'open' | 'closed'

/** A fact about a mesh, computed when asked for and remembered until something that it rests on changes. */
export type MeshQuery<A extends string | object, V> = Query<Mesh, A, V>

/** @param options.lazy worked out only when somebody asks again: for answers that are read by nobody but whoever asks. */
export function query<A extends string | object, V>(
  name: string,
  compute: (mesh: Mesh, argument: A) => V,
  options: { readonly lazy?: boolean } = {},
): MeshQuery<A, V> {
  return options.lazy === true ? { name, compute } : { name, compute, same: sameAnswer }
}

const settingsOf = query('settings', (mesh, _: ''): EffectiveSettings =>
  effectiveSettings(mesh.all('MeshConfig'), mesh.userSettings),
)

/** One mesh root: an immutable inventory, the settings, and the facts derived from them. */
export class Mesh {
  /** What the user sets. `settings` has what applies. */
  readonly userSettings: MeshSettings
  readonly world: World
  readonly #queries: Queries<Mesh, readonly Resource[]>
  readonly #contested = new Set<string>()
  readonly #snapshots = new Map<object, unknown>()
  #inventory = Inventory.empty()

  /** @param options.record whether `keysOf` can be asked; for tests. */
  constructor(settings: MeshSettings, world: World, options: { readonly record?: boolean } = {}) {
    this.userSettings = settings
    this.world = world
    this.#queries = new Queries((key) => this.#inventory.at(key), options.record ?? false)
  }

  get inventory(): Inventory {
    return this.#inventory
  }

  /** The settings that apply. A query that reads them depends on the installs in the files. */
  get settings(): EffectiveSettings {
    return this.get(settingsOf, '')
  }

  /** Keys of the names that several objects bear; `alternatives.ts` says which of them are variants. */
  get contested(): ReadonlySet<string> {
    return this.#contested
  }

  /** How many facts were computed so far, for tests that count. */
  get runs(): number {
    return this.#queries.runs
  }

  /** How many facts are remembered, for tests that count. */
  get size(): number {
    return this.#queries.size
  }

  /**
   * Whether several objects bear the name of this one. No fact rests on it: with each change of such a name, `apply` has all who bear it judged again, so that
   * nothing has to be remembered of the many names that are borne once.
   */
  isContested({ type, namespace, name }: Resource): boolean {
    return this.#contested.size > 0 && this.#contested.has(keys.named(type, namespace, name))
  }

  /** Moves on to the next inventory and returns the arguments of `judged` whose answers may have changed. */
  apply<A extends string | object, V>(
    change: InventoryChange,
    judged: MeshQuery<A, V>,
  ): readonly A[] {
    const { inventory, touched } = this.#inventory.apply(change)
    this.#inventory = inventory
    this.#snapshots.clear()
    const disputed = new Set(
      [...change.removed, ...change.added]
        .filter((resource) => this.#contest(resource))
        .map(({ type, namespace, name }) => keys.named(type, namespace, name)),
    )
    const concerned = [...disputed].flatMap((name) => inventory.at(name))
    return this.#queries.invalidate(
      {
        touched: disputed.size > 0 ? [...touched, keys.disputes()] : touched,
        gone: new Set(change.removed),
        concerned,
      },
      judged,
      this,
    )
  }

  get<A extends string | object, V>(asked: MeshQuery<A, V>, argument: A): V {
    return this.#queries.get(asked, argument, this)
  }

  /**
   * What an object alone says, worked out once for all who ask while one question is answered: remembering it for good would take more room than it saves
   * time.
   *
   * @param compute reads nothing but its argument.
   */
  perQuery<A extends object, V>(compute: (argument: A) => V, argument: A): V {
    return this.#queries.briefly(compute, argument)
  }

  /** Every inventory key that an answer rests on. */
  keysOf<A extends string | object, V>(asked: MeshQuery<A, V>, argument: A): ReadonlySet<string> {
    return this.#queries.keysOf(asked, argument)
  }

  /** What the inventory would be after a change, as a mesh with facts of its own, of which it is kept what they rest on. */
  fork(change: InventoryChange): Mesh {
    const mesh = new Mesh(this.userSettings, this.world, { record: true })
    mesh.#inventory = this.#inventory.apply(change).inventory
    return mesh
  }

  /** A value of the present inventory, computed once and forgotten with any change. No fact rests on it: who uses it for one notes the keys. */
  perSnapshot<V extends object>(compute: (mesh: Mesh) => V): V {
    const known = this.#snapshots.get(compute)
    if (known !== undefined) return known as V
    const value = compute(this)
    this.#snapshots.set(compute, value)
    return value
  }

  /** Records that the running query rests on keys that it has read elsewhere. */
  dependOn(read: Iterable<string>): void {
    for (const key of read) this.#queries.read(key)
  }

  /** The resources of a type under a key of the inventory that lists this type alone. */
  at<T extends ResourceType>(_: T, key: InventoryKey<T>): readonly ResourceOf<T>[] {
    return this.#queries.read(key) as readonly ResourceOf<T>[]
  }

  all<T extends ResourceType>(type: T): readonly ResourceOf<T>[] {
    return this.at(type, keys.all(type))
  }

  inNamespace<T extends ResourceType>(type: T, namespace: string): readonly ResourceOf<T>[] {
    return this.at(type, keys.namespace(type, namespace))
  }

  /** The object of a name; the first where the files define it twice. */
  named<T extends ResourceType>(
    type: T,
    namespace: string,
    name: string,
  ): ResourceOf<T> | undefined {
    return this.at(type, keys.named(type, namespace, name))[0]
  }

  /** The workloads under a key that lists workloads. */
  workloadsAt(key: InventoryKey<'Workload' | 'Identity'>): readonly Workload[] {
    return this.#queries.read(key) as readonly Workload[]
  }

  /** Whether a template renders to this kind, so that its absence is unknown. */
  hasOpaque(kind: string): boolean {
    this.#queries.read(keys.opaque(kind))
    return this.#inventory.opaqueCount(kind) > 0
  }

  /** Whether a resource that comes or goes is, or was, one of several ways to say something. */
  #contest({ type, namespace, name }: Resource): boolean {
    const key = keys.named(type, namespace, name)
    const before = this.#contested.has(key)
    const now = this.#inventory.at(key).length > 1
    if (now) this.#contested.add(key)
    else this.#contested.delete(key)
    return before || now || type === 'MeshConfig'
  }
}
