import { sourceChoices } from '../access/choices.js'
import { clientOf, type Client } from '../access/client.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { isDiscovered } from '../mesh/namespaces.js'
import { getOrInsert, groupBy } from '../text/collections.js'
import { METADATA_NAME } from '../vocabulary/labels.js'
import {
  formatServiceAccount,
  parseServiceAccount,
  type ServiceAccountName,
} from '../vocabulary/serviceAccountName.js'
import type { ClientKind } from './reach.js'

/** What decides how the clients of an account get to a destination. */
interface AccountClients {
  readonly kind: ClientKind
  readonly dnsCapture: Client['dnsCapture']
}

const ABSENT: AccountClients = { kind: 'ambient', dnsCapture: [undefined] }

/** The clients of each account of the files. */
export const accountClients = query(
  'account clients',
  (mesh, _: ''): ReadonlyMap<string, AccountClients> =>
    new Map(
      mesh.get(sourceChoices, '').map((account) => {
        const { kind, dnsCapture } = clientOf(mesh, account)
        return [
          formatServiceAccount(account),
          { kind, dnsCapture: kind === 'ambient' ? dnsCapture : ABSENT.dnsCapture },
        ]
      }),
    ),
)

/** The values of DNS capture that the pods of the files have, with the one of pods that leave it to the CNI. */
export const dnsCaptures = query(
  'DNS captures',
  (mesh, _: ''): readonly Client['dnsCapture'][number][] => [
    ...new Set([
      undefined,
      ...[...mesh.get(accountClients, '').values()].flatMap(({ dnsCapture }) => dnsCapture),
    ]),
  ],
)

/** An account of the files, with the kinds of its clients in each mesh. */
export interface KnownAccount extends ServiceAccountName {
  readonly kinds: readonly ClientKind[]
  /** What its clients have other than most: values of DNS capture, and a namespace that istiod does not read. */
  readonly traits: string
}

/** Accounts by the kinds and traits of their clients, joined. */
type ByKinds = ReadonlyMap<string, readonly KnownAccount[]>

/** The accounts of one mesh, or of a mesh before and after a change. */
export class ClientIndex {
  readonly accounts: readonly KnownAccount[]
  readonly #byKinds: ByKinds
  readonly #byNamespace: ReadonlyMap<string, readonly KnownAccount[]>
  readonly #namespaces = new Map<string, ByKinds>()
  readonly #byName: ReadonlyMap<string, KnownAccount>
  readonly #absent: readonly ClientKind[]
  readonly #meshes: readonly Mesh[]

  constructor(meshes: readonly Mesh[]) {
    this.#meshes = meshes
    const clients = meshes.map((mesh) => mesh.get(accountClients, ''))
    // An account that the files do not have is assumed to be in ambient mode (access/client.ts).
    this.#absent = meshes.map(() => ABSENT.kind)
    const names = [...new Set(clients.flatMap((known) => [...known.keys()]))].sort()
    this.accounts = names.map((name) => {
      const account = parseServiceAccount(name, '')
      const found = clients.map((known) => known.get(name) ?? ABSENT)
      return {
        ...account,
        kinds: found.map(({ kind }) => kind),
        traits: [dnsInWords(found), this.unreadInWords(account.namespace)].join(''),
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

  /** If istiod reads only some namespaces: those of the files, and those that the settings name. */
  namespaces(): string[] {
    const named = this.#meshes.flatMap((mesh) => {
      const selectors = mesh.settings.discoverySelectors ?? []
      if (selectors.length === 0) return []
      return [
        ...mesh.all('Namespace').map(({ name }) => name),
        ...selectors.flatMap(({ matchLabels, matchExpressions }) => [
          ...[matchLabels?.[METADATA_NAME] ?? []].flat(),
          ...matchExpressions.flatMap(({ key, values }) => (key === METADATA_NAME ? values : [])),
        ]),
      ]
    })
    return [...new Set(named)]
  }

  /** Empty for a namespace that istiod reads. */
  unreadInWords(namespace: string): string {
    const isUnread = this.#meshes.map((mesh) => !mesh.get(isDiscovered, namespace))
    if (!isUnread.includes(true)) return ''
    const when = isUnread.includes(false) ? (isUnread[0] ? ' before' : ' after') : ''
    return ` in a namespace that istiod does not read${when}`
  }

  /** Whether a client of this account is surely the same in all meshes. */
  isSame(account: ServiceAccountName): boolean {
    const known = this.#byName.get(formatServiceAccount(account))
    const traits = known?.traits ?? this.unreadInWords(account.namespace)
    return traits === '' && new Set(known?.kinds).size <= 1
  }

  kindsOf(account: ServiceAccountName): readonly ClientKind[] {
    return this.#byName.get(formatServiceAccount(account))?.kinds ?? this.#absent
  }
}

function byKinds(accounts: readonly KnownAccount[]): ByKinds {
  return groupBy(accounts, ({ kinds, traits }) => kinds.join() + traits)
}

/** Empty if the pods of the clients leave DNS capture to the CNI. */
function dnsInWords(sides: readonly AccountClients[]): string {
  const words = sides.map(({ dnsCapture }) =>
    dnsCapture.map((value) => (value === undefined ? 'default' : value ? 'on' : 'off')).sort(),
  )
  if (words.every((each) => each.join() === 'default')) return ''
  return ` with DNS capture ${[...new Set(words.map((each) => each.join(' or ')))].join(' before, ')}`
}

function firstOfEach(
  groups: ByKinds,
  isWanted: (account: KnownAccount) => boolean,
): KnownAccount[] {
  return [...groups.values()].flatMap((accounts) => accounts.find(isWanted) ?? [])
}
