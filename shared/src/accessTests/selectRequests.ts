import { sourceChoices } from '../access/choices.js'
import { clientOf } from '../access/client.js'
import type { AccessRequest, RequestHttp } from '../access/request.js'
import { exampleOf } from '../access/requestValues.js'
import type { Atom, DimensionName } from '../space/atom.js'
import { connectionOf, requestOf, type Dimension } from '../space/dimension.js'
import type { PartPlan } from '../space/plan.js'
import { pathPattern, textPattern } from '../space/textPattern.js'
import type { Mesh } from '../mesh/mesh.js'
import { getOrInsert } from '../text/collections.js'
import type { ServiceAccountName } from '../vocabulary/serviceAccountName.js'
import type { EnvoyConnection } from '../waypoint/connection.js'
import { matchesPath, normalizePath } from '../waypoint/path.js'
import { matchesPattern } from '../waypoint/stringMatch.js'
import type { ClientSelector, HttpSelector, RequestSelection } from './testFile.js'

/** Atoms of one dimension: a request is selected if one of them is true, or none for `isExcluded`. */
interface AtomGroup {
  readonly atoms: readonly Atom[]
  readonly isExcluded?: true
}

/** A selection for the spaces of all requests. */
export class RequestSelector {
  readonly #selection: RequestSelection
  readonly #groups: readonly AtomGroup[]

  constructor(mesh: Mesh, selection: RequestSelection) {
    const { from, notFrom, http } = selection
    this.#selection = selection
    this.#groups = [
      { atoms: withPlaintext(mesh, from).map((client) => clientAtom(mesh, client)) },
      { atoms: notFrom.map((client) => clientAtom(mesh, client)), isExcluded: true as const },
      ...(http ? httpGroups(http) : []),
    ].filter(({ atoms }) => atoms.length > 0)
  }

  /** For the planner, so that every class lies inside or outside of the selection. */
  get atoms(): Atom[] {
    return this.#groups.flatMap(({ atoms }) => atoms)
  }

  /** The parts with the classes that are selected. */
  restrict(parts: readonly PartPlan[]): PartPlan[] {
    const { http } = this.#selection
    const isHttp = http !== undefined
    if (http && !hasRequests(http)) return []
    return parts
      .filter((part) => part.form !== 'tcp' || !isHttp)
      .filter((part) => this.#groups.every((group) => couldMatch(part, group)))
      .map((part) => ({ ...part, dimensions: part.dimensions.map((each) => this.#restrict(each)) }))
      .filter(({ dimensions }) => dimensions.every(({ classes }) => classes.length > 0))
  }

  /** The request, with the HTTP values of the selection where no proxy reads HTTP. */
  complete(request: AccessRequest): AccessRequest {
    const { http } = this.#selection
    return !http || this.selectsHttp(request)
      ? request
      : { ...request, http: { ...request.http, ...exampleHttp(http) } }
  }

  /** Whether the HTTP part of a request is selected. */
  selectsHttp(request: AccessRequest): boolean {
    if (this.#selection.http === undefined) return true
    const connection = connectionOf(request, undefined)
    return (
      request.http !== undefined &&
      this.#groups.every(
        ({ atoms }) =>
          atoms[0]?.dimension === 'client' || atoms.some((atom) => atom.test(connection) === true),
      )
    )
  }

  #restrict(dimension: Dimension): Dimension {
    const groups = this.#groups.flatMap((group) => {
      const ids = new Set(group.atoms.map(({ id }) => id))
      const places = dimension.atoms.flatMap(({ id }, index) => (ids.has(id) ? [index] : []))
      return places.length > 0 ? [{ places, isExcluded: group.isExcluded === true }] : []
    })
    if (groups.length === 0) return dimension
    const isClient = dimension.name === 'client'
    return {
      ...dimension,
      classes: dimension.classes.flatMap((each) => {
        const bits = isClient ? each.vector.slice(each.vector.indexOf(' ') + 1) : each.vector
        const isSelected = groups.every(
          ({ places, isExcluded }) => places.some((place) => bits[place] === '1') !== isExcluded,
        )
        // The words of a group would name clients that are not selected.
        return isSelected ? [isClient ? { ...each, group: undefined } : each] : []
      }),
    }
  }
}

/** Whether an HTTP request can match. Proxies normalise paths, so that no path matches `/./x`. */
export function hasRequests({ path }: HttpSelector): boolean {
  return path.length === 0 || path.some(isPossible)
}

function isPossible(pattern: string): boolean {
  return matchesPath(pattern, normalizePath(examplePath(pattern)))
}

/** A path that the pattern matches, if there is one. */
function examplePath(pattern: string): string {
  const example = exampleOf(pattern)
  return example.startsWith('/') ? example : `/${example}`
}

function exampleHttp({ method, path, host, headers }: HttpSelector): RequestHttp {
  const [authority] = host
  return {
    method: exampleOf(method[0] ?? 'GET'),
    path: examplePath(path.find(isPossible) ?? '/'),
    ...(authority === undefined ? {} : { host: exampleOf(authority) }),
    ...(headers.length === 0
      ? {}
      : {
          headers: Object.fromEntries(
            headers.map(({ name, patterns: [first = ''] }) => [name, exampleOf(first)]),
          ),
        }),
  }
}

/** Without classes in a part, all of its requests have the same result. */
function couldMatch(part: PartPlan, { atoms }: AtomGroup): boolean {
  const [first] = atoms
  if (!first || part.form === 'any' || first.dimension === 'client') return true
  if (part.dimensions.some(({ name }) => name === first.dimension)) return true
  const connection = connectionOf(requestOf({ host: '', port: 1 }, part.base), undefined)
  return atoms.some((atom) => atom.test(connection) === true)
}

/** Clients that send plaintext have no identity, so all clients without one are selected with them. */
function withPlaintext(mesh: Mesh, clients: readonly ClientSelector[]): readonly ClientSelector[] {
  const isPlaintext = (account: ServiceAccountName): boolean =>
    clientOf(mesh, account).identity === undefined
  const sends = clients.some((client) => {
    if (client === 'outside') return false
    if ('account' in client) return isPlaintext(client.account)
    return mesh
      .get(sourceChoices, '')
      .some((source) => source.namespace === client.namespace && isPlaintext(source))
  })
  return sends ? [...clients, 'outside'] : clients
}

/** Accounts and namespaces are those of the mesh, and not of other trust domains. */
function clientAtom(mesh: Mesh, client: ClientSelector): Atom {
  const { trustDomain } = mesh.settings
  if (client === 'outside')
    return {
      id: 'test outside',
      dimension: 'client',
      constant: { type: 'identity' },
      test: ({ identity }) => identity === undefined,
    }
  if ('namespace' in client)
    return {
      id: `test namespace ${client.namespace}`,
      dimension: 'client',
      constant: { type: 'namespace', value: client.namespace },
      test: ({ identity }) =>
        identity?.namespace === client.namespace && identity.trustDomain === trustDomain,
    }
  const { namespace, serviceAccount } = client.account
  return {
    id: `test account ${namespace}/${serviceAccount}`,
    dimension: 'client',
    constant: { type: 'account', namespace, serviceAccount },
    test: ({ identity }) =>
      identity?.namespace === namespace &&
      identity.serviceAccount === serviceAccount &&
      identity.trustDomain === trustDomain,
  }
}

function httpGroups({ method, path, host, headers }: HttpSelector): AtomGroup[] {
  const byName = new Map<string, string[]>()
  for (const { name, patterns } of headers) getOrInsert(byName, name, () => []).push(...patterns)
  return [
    group('method', method, (http, pattern) => matchesPattern(pattern, http.method)),
    {
      atoms: path.map((pattern): Atom => ({
        id: `test path ${pattern}`,
        dimension: 'path',
        constant: { type: 'text', pattern: pathPattern(pattern), isRaw: false },
        test: ({ http }) => http !== undefined && matchesPath(pattern, normalizePath(http.path)),
      })),
    },
    group('host', host, (http, pattern) => matchesPattern(pattern, http.host.toLowerCase())),
    ...[...byName].map(([name, patterns]) =>
      group(`header ${name}`, patterns, (http, pattern) =>
        valuesOf(http, name).some((value) => matchesPattern(pattern, value)),
      ),
    ),
  ]
}

type Http = NonNullable<EnvoyConnection['http']>

function group(
  dimension: DimensionName,
  patterns: readonly string[],
  matches: (http: Http, pattern: string) => boolean,
): AtomGroup {
  return {
    atoms: patterns.map((pattern): Atom => ({
      id: `test ${dimension} ${pattern}`,
      dimension,
      constant: { type: 'text', pattern: textPattern(pattern), isRaw: false },
      test: ({ http }) => http !== undefined && matches(http, pattern),
    })),
  }
}

function valuesOf({ headers }: Http, name: string): readonly string[] {
  return Object.entries(headers).flatMap(([key, value]) =>
    key.toLowerCase() === name ? value : [],
  )
}
