import { formatServiceAccount, type ServiceAccountName } from '../vocabulary/serviceAccountName.js'
import type { Atom } from './atom.js'
import { OTHER_IPV4 } from './addresses.js'
import { GENERALITY, type Candidate } from './candidate.js'
import type { ClientIndex, KnownAccount } from './clientIndex.js'
import { checkCount } from './limits.js'
import { principalPatterns } from './principalPatterns.js'
import { textCandidates } from './strings.js'
import { textPattern, type TextPattern } from './textPattern.js'
import type { ClientKind } from './reach.js'

/** What the atoms name of identities. */
interface Named {
  /** Accounts with both parts. */
  readonly accounts: readonly ServiceAccountName[]
  readonly namespaces: readonly TextPattern[]
  readonly serviceAccounts: readonly TextPattern[]
  readonly trustDomains: readonly TextPattern[]
}

/**
 * Clients: none with an identity; the accounts that policies name, in the files or not; one account of each kind in
 * each namespace that policies name; one other account of each kind; and accounts that no file has, so that every
 * combination of trust domain, namespace and name occurs.
 *
 * @param trustDomains those of the meshes. An identity without a trust domain has the one of its mesh.
 * @throws TooManyValues where the names have more than `most` combinations.
 */
export function clientCandidates(
  atoms: readonly Atom[],
  index: ClientIndex,
  trustDomains: readonly string[],
  most: number,
): Candidate[] {
  const named = namedBy(atoms)
  const isNamed = new Set(named.accounts.map(formatServiceAccount))
  const namespaces = new Set(
    named.namespaces.flatMap(({ kind, text }) => (kind === 'exact' ? text : [])),
  )
  const accountsIn = new Set(named.accounts.map(({ namespace }) => namespace))
  const isOther = (account: ServiceAccountName): boolean =>
    !isNamed.has(formatServiceAccount(account))
  const hasPatterns = [...named.namespaces, ...named.serviceAccounts].some(
    ({ kind }) => kind !== 'exact',
  )
  const others = index.oneOfEachKind(
    (account) =>
      isOther(account) && !namespaces.has(account.namespace) && !accountsIn.has(account.namespace),
  )
  const inNamespaces = [...new Set([...namespaces, ...accountsIn])].flatMap((namespace) =>
    index.oneOfEachKindIn(namespace, isOther),
  )
  const ofNamed = (account: KnownAccount): Candidate =>
    ofNamespace(account, accountsIn.has(account.namespace))
  const anyName = hasPatterns || named.serviceAccounts.length > 0 ? index.accounts : []
  const ofPattern = (account: KnownAccount): Candidate => accountCandidate(account, GENERALITY.part)
  const known: Candidate[] = [
    ...named.accounts.map((account) => accountCandidate(account, GENERALITY.exact)),
    ...inNamespaces.map(ofNamed),
    ...others.map(ofKind),
    ...anyName.map(ofPattern),
    { patch: { from: { ip: OTHER_IPV4 } }, words: OUTSIDE, generality: GENERALITY.rest },
  ]
  const invented = inventedAccounts(named, {
    index,
    most,
    samples: samplesOf(index, hasPatterns, namespaces),
  })
  const domains = domainsOf(named, trustDomains, most)
  checkCount(domains.length * (known.length + invented.length), most)
  const candidates = [
    ...known,
    ...invented,
    ...domains.flatMap((domain) =>
      [
        ...named.accounts.map((account) => accountCandidate(account, GENERALITY.exact)),
        ...others.filter(({ traits }) => traits === '').map(ofKind),
        ...invented,
        ...others.filter(({ traits }) => traits !== '').map(ofKind),
        ...inNamespaces.filter(isSpecial).map(ofNamed),
        ...anyName.filter(isSpecial).map(ofPattern),
      ].map((candidate) => inDomain(candidate, domain)),
    ),
  ]
  return candidates.map((each) => ({ ...each, group: groupOf(each, index, trustDomains) }))
}

/** Whether the clients of an account differ from those of an account that no file has. */
function isSpecial({ kinds, traits }: KnownAccount): boolean {
  return traits !== '' || kinds.some((kind) => kind !== 'ambient')
}

function groupOf(
  { patch: { from = {} } }: Candidate,
  index: ClientIndex,
  trustDomains: readonly string[],
): string | undefined {
  const { namespace, serviceAccount, trustDomain } = from
  if (namespace === undefined || serviceAccount === undefined) return OUTSIDE
  const [kind, ...others] = new Set(index.kindsOf({ namespace, serviceAccount }))
  if (kind === undefined || others.length > 0) return undefined
  return trustDomain === undefined || trustDomains.includes(trustDomain)
    ? GROUPS[kind]
    : OTHER_DOMAIN
}

const OUTSIDE = 'clients outside the mesh'
const OTHER_DOMAIN = 'clients of another trust domain'

function namedBy(atoms: readonly Atom[]): Named {
  const accounts = new Map<string, ServiceAccountName>()
  const namespaces: TextPattern[] = []
  const serviceAccounts: TextPattern[] = []
  const trustDomains: TextPattern[] = []
  for (const { constant } of atoms) {
    if (constant.type === 'account') accounts.set(formatServiceAccount(constant), constant)
    else if (constant.type === 'namespace') namespaces.push(...globPatterns(constant.value))
    else if (constant.type === 'trust domain') trustDomains.push(...globPatterns(constant.value))
    else if (constant.type === 'principal') {
      const parts = principalPatterns(constant.value)
      const [namespace, serviceAccount] = [parts.namespace[0], parts.serviceAccount[0]]
      trustDomains.push(...parts.trustDomain)
      if (namespace?.kind === 'exact' && serviceAccount?.kind === 'exact') {
        const account = { namespace: namespace.text, serviceAccount: serviceAccount.text }
        accounts.set(formatServiceAccount(account), account)
      } else {
        namespaces.push(...parts.namespace)
        serviceAccounts.push(...parts.serviceAccount)
      }
    }
  }
  return {
    accounts: [...accounts.values()].filter(
      ({ namespace, serviceAccount }) => namespace !== '' && serviceAccount !== '',
    ),
    namespaces,
    serviceAccounts,
    trustDomains,
  }
}

/** A `*` in the middle matches any text in namespaces and trust domains. */
function globPatterns(value: string): TextPattern[] {
  if (!value.slice(1, -1).includes('*')) return [textPattern(value)]
  return ['', 'z'].map((text) => ({ kind: 'exact', text: value.replaceAll('*', text) }))
}

/** Namespaces of the files, so that some are read by istiod and some are not: all of them where patterns can match. */
function samplesOf(
  index: ClientIndex,
  hasPatterns: boolean,
  named: ReadonlySet<string>,
): readonly string[] {
  const others = index.namespaces().filter((namespace) => !named.has(namespace))
  return hasPatterns
    ? others
    : [...new Map(others.map((each) => [index.unreadInWords(each), each])).values()]
}

function accountCandidate(
  { namespace, serviceAccount }: ServiceAccountName,
  generality: Candidate['generality'],
): Candidate {
  return {
    patch: { from: { namespace, serviceAccount } },
    words: formatServiceAccount({ namespace, serviceAccount }),
    generality,
  }
}

function ofNamespace(account: KnownAccount, hasNamed: boolean): Candidate {
  return {
    ...accountCandidate(account, account.traits === '' ? GENERALITY.group : GENERALITY.part),
    words: `any ${hasNamed ? 'other ' : ''}account of ${account.namespace}${kindsInWords(account.kinds)}${account.traits}`,
  }
}

function ofKind(account: KnownAccount): Candidate {
  return {
    ...accountCandidate(account, account.traits === '' ? GENERALITY.rest : GENERALITY.part),
    words: `any other account${kindsInWords(account.kinds)}${account.traits}`,
  }
}

const KIND_IN_WORDS: Readonly<Record<ClientKind, string>> = {
  ambient: 'in ambient mode',
  sidecar: 'with a sidecar',
  ingress: 'of an ingress gateway',
  outside: 'whose pods are not in the mesh',
}

const GROUPS: Readonly<Record<ClientKind, string>> = {
  ambient: 'clients in ambient mode',
  sidecar: 'clients with a sidecar',
  ingress: 'ingress gateways',
  outside: OUTSIDE,
}

function kindsInWords(kinds: readonly ClientKind[]): string {
  const distinct = new Set(kinds)
  const [only] = distinct
  if (distinct.size === 1 && only) return only === 'ambient' ? '' : ` ${KIND_IN_WORDS[only]}`
  return ` ${kinds.map((kind) => KIND_IN_WORDS[kind]).join(' before, ')} after`
}

/** Accounts of every combination of names that the patterns can tell apart. No file needs to have them. */
function inventedAccounts(
  { accounts, namespaces, serviceAccounts }: Named,
  {
    index,
    most,
    samples,
  }: {
    readonly index: ClientIndex
    readonly most: number
    readonly samples: readonly string[]
  },
): Candidate[] {
  const names = (patterns: readonly TextPattern[]): ReturnType<typeof textCandidates> =>
    textCandidates(patterns, '', most).filter(({ text }) => text !== '')
  const inNamespace = new Set(accounts.map(({ namespace }) => namespace))
  const named = names([
    ...namespaces,
    ...[...inNamespace].map((text): TextPattern => ({ kind: 'exact', text })),
  ])
  const sampled = samples.map((text) => ({ text, words: '', generality: GENERALITY.rest }))
  const places = [...named, ...sampled]
  const inPlace = names(serviceAccounts)
  checkCount(places.length * inPlace.length, most)
  return places.flatMap((namespace) =>
    inPlace.map((serviceAccount): Candidate => {
      const { words, generality } = wordsOf(
        namespace,
        serviceAccount,
        inNamespace.has(namespace.text),
      )
      const unread = index.unreadInWords(namespace.text)
      return {
        patch: { from: { namespace: namespace.text, serviceAccount: serviceAccount.text } },
        words: `${words}${unread}`,
        generality: unread === '' ? generality : GENERALITY.part,
      }
    }),
  )
}

function wordsOf(
  namespace: Pick<Candidate, 'words' | 'generality'>,
  serviceAccount: Pick<Candidate, 'words' | 'generality'>,
  hasNamed: boolean,
): Pick<Candidate, 'words' | 'generality'> {
  if (serviceAccount.words !== '') {
    const words = `${namespace.words === '' ? 'any namespace' : namespace.words}/${serviceAccount.words}`
    return { words, generality: GENERALITY.pattern }
  }
  return namespace.words === ''
    ? { words: 'any other account', generality: GENERALITY.rest }
    : {
        words: `any ${hasNamed ? 'other ' : ''}account of ${namespace.words}`,
        generality: GENERALITY.group,
      }
}

/** Trust domains other than the meshes' own. */
function domainsOf({ trustDomains }: Named, own: readonly string[], most: number): string[] {
  const found = textCandidates(
    [...trustDomains, ...own.map((text): TextPattern => ({ kind: 'exact', text }))],
    '',
    most,
  ).map(({ text }) => text)
  return [...new Set(found)].filter(
    (text) => text !== '' && (own.length > 1 || !own.includes(text)),
  )
}

function inDomain({ patch, words }: Candidate, trustDomain: string): Candidate {
  return {
    patch: { from: { ...patch.from, trustDomain } },
    words: `${words} of another trust domain (${trustDomain})`,
    generality: GENERALITY.part,
  }
}
