import { sourceChoices } from '../access/choices.js'
import { clientOf } from '../access/client.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { getOrInsert, groupBy } from '../text/collections.js'
import { formatServiceAccount, type ServiceAccountName } from '../vocabulary/serviceAccountName.js'
import type { ClientKind } from './reach.js'

/** The kind of the clients of each account of the files. */
export const accountKinds = query(
  'account kinds',
  (mesh, _: ''): ReadonlyMap<string, ClientKind> =>
    new Map(
      mesh
        .get(sourceChoices, '')
        .map((account) => [formatServiceAccount(account), clientOf(mesh, account).kind]),
    ),
)

/** An account of the files, with the kinds of its clients in each mesh. */
export interface KnownAccount extends ServiceAccountName {
  readonly kinds: readonly ClientKind[]
}

/** Accounts by the kinds of their clients, joined. */
type ByKinds = ReadonlyMap<string, readonly KnownAccount[]>

/** The accounts of one mesh, or of a mesh before and after a change. */
export class ClientIndex {
  readonly accounts: readonly KnownAccount[]
  readonly #byKinds: ByKinds
  readonly #byNamespace: ReadonlyMap<string, readonly KnownAccount[]>
  readonly #namespaces = new Map<string, ByKinds>()
  readonly #byName: ReadonlyMap<string, KnownAccount>
  readonly #absent: readonly ClientKind[]

  constructor(meshes: readonly Mesh[]) {
    const kinds = meshes.map((mesh) => mesh.get(accountKinds, ''))
    // An account that the files do not have is assumed to be in ambient mode (access/client.ts).
    this.#absent = meshes.map(() => 'ambient')
    const names = [...new Set(kinds.flatMap((known) => [...known.keys()]))].sort()
    this.accounts = names.map((name) => {
      const slash = name.indexOf('/')
      return {
        namespace: name.slice(0, slash),
        serviceAccount: name.slice(slash + 1),
        kinds: kinds.map((known) => known.get(name) ?? 'ambient'),
      }
    })
    this.#byKinds = byKinds(this.accounts)
    this.#byNamespace = groupBy(this.accounts, ({ namespace }) => namespace)
    this.#byName = new Map(this.accounts.map((each) => [formatServiceAccount(each), each]))
  }

  /** The combinations of kinds that occur. */
  get kinds(): readonly (readonly ClientKind[])[] {
    return [...this.#byKinds.values()].flatMap(([first]) => (first ? [first.kinds] : []))
  }

  /** The first account that is wanted, for each combination of kinds. */
  oneOfEachKind(isWanted: (account: KnownAccount) => boolean): KnownAccount[] {
    return firstOfEach(this.#byKinds, isWanted)
  }

  /** The same among the accounts of a namespace. */
  oneOfEachKindIn(namespace: string, isWanted: (account: KnownAccount) => boolean): KnownAccount[] {
    const groups = getOrInsert(this.#namespaces, namespace, () =>
      byKinds(this.#byNamespace.get(namespace) ?? []),
    )
    return firstOfEach(groups, isWanted)
  }

  kindsOf(account: ServiceAccountName): readonly ClientKind[] {
    return this.#byName.get(formatServiceAccount(account))?.kinds ?? this.#absent
  }
}

function byKinds(accounts: readonly KnownAccount[]): ByKinds {
  return groupBy(accounts, ({ kinds }) => kinds.join())
}

function firstOfEach(
  groups: ByKinds,
  isWanted: (account: KnownAccount) => boolean,
): KnownAccount[] {
  return [...groups.values()].flatMap((accounts) => accounts.find(isWanted) ?? [])
}
