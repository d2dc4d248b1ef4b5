import { sourceChoices } from '../access/choices.js'
import { clientOf } from '../access/client.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { addToGroup, getOrInsert } from '../text/collections.js'
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

/** The accounts of one mesh, or of a mesh before and after a change. */
export class ClientIndex {
  readonly accounts: readonly KnownAccount[]
  readonly #byNamespace = new Map<string, KnownAccount[]>()
  readonly #byName = new Map<string, KnownAccount>()
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
    for (const account of this.accounts) {
      addToGroup(this.#byNamespace, account.namespace, account)
      this.#byName.set(formatServiceAccount(account), account)
    }
  }

  inNamespace(namespace: string): readonly KnownAccount[] {
    return this.#byNamespace.get(namespace) ?? []
  }

  /** One account for each combination of kinds, among those that `isWanted`. */
  oneOfEachKind(
    accounts: readonly KnownAccount[],
    isWanted: (account: KnownAccount) => boolean,
  ): KnownAccount[] {
    const found = new Map<string, KnownAccount>()
    for (const account of accounts)
      if (!found.has(account.kinds.join()) && isWanted(account))
        getOrInsert(found, account.kinds.join(), () => account)
    return [...found.values()]
  }

  kindsOf(account: ServiceAccountName): readonly ClientKind[] {
    return this.#byName.get(formatServiceAccount(account))?.kinds ?? this.#absent
  }
}
