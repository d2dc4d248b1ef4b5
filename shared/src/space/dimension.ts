import type { Mesh } from '../mesh/mesh.js'
import { clientOf, type Client } from '../access/client.js'
import type { AccessRequest, RequestTarget } from '../access/request.js'
import { claimsOf } from '../access/requestValues.js'
import type { EnvoyConnection } from '../waypoint/connection.js'
import { vectorOf, type Atom, type DimensionName } from './atom.js'
import type { Candidate, RequestPatch } from './candidate.js'

/** Requests that give every atom of a dimension the same result. */
export interface RequestClass {
  readonly witness: RequestPatch
  /** `GET`, `any other method`, `/orders*`, `any other account of shop`, `clients outside the mesh`. */
  readonly words: string
  /** What all classes with the same group are together. */
  readonly group: string | undefined
  /** The results of the atoms; for clients also the kinds. */
  readonly vector: string
}

export interface Dimension {
  readonly name: DimensionName
  readonly atoms: readonly Atom[]
  readonly classes: readonly RequestClass[]
  /** Whether other parts have more classes of the dimension. */
  readonly isPartial?: boolean
}

/** The connection of a request as the proxies of a mesh see it, with everything that a request can say. */
export function connectionOf(
  { from, to, http }: AccessRequest,
  identity: EnvoyConnection['identity'],
): EnvoyConnection {
  return {
    identity,
    sourceIp: from.ip,
    seesSourceIp: true,
    destinationIp: undefined,
    destinationPort: to.port,
    http: http && {
      method: http.method ?? 'GET',
      path: http.path ?? '/',
      host: http.host ?? '',
      headers: http.headers ?? {},
      claims: http.claims ?? claimsOf(http.requestPrincipal),
    },
  }
}

/** The results of the atoms of a dimension other than the client. */
export function plainVector(atoms: readonly Atom[], request: AccessRequest): string {
  return vectorOf(atoms, connectionOf(request, undefined))
}

/** The kinds of a client in each mesh, and the results of the atoms of each mesh. */
export function clientVector(
  sides: readonly { readonly mesh: Mesh; readonly atoms: readonly Atom[] }[],
  request: AccessRequest,
): string {
  return vectorOfClient(
    sides,
    request,
    sides.map(({ mesh }) => clientOf(mesh, request.from)),
  )
}

/** The same, for clients that are known already: one for each mesh. */
export function vectorOfClient(
  sides: readonly { readonly atoms: readonly Atom[] }[],
  request: AccessRequest,
  clients: readonly Pick<Client, 'kind' | 'identity'>[],
): string {
  return sides
    .map(({ atoms }, index) => {
      const { kind = 'outside', identity } = clients[index] ?? {}
      return `${kind} ${vectorOf(atoms, connectionOf(request, identity))}`
    })
    .join(' ')
}

/**
 * The classes of some candidates. The first candidate of a class is its witness, the most general one names it.
 *
 * @param vectorOfRequest the results of the atoms for a request.
 */
export function classesOf(
  candidates: readonly Candidate[],
  target: RequestTarget,
  vectorOfRequest: (request: AccessRequest) => string,
): RequestClass[] {
  const classes = new Map<string, { witness: RequestPatch; named: Candidate }>()
  for (const candidate of candidates) {
    const vector = vectorOfRequest(requestOf(target, candidate.patch))
    const known = classes.get(vector)
    if (!known) classes.set(vector, { witness: candidate.patch, named: candidate })
    else if (candidate.generality < known.named.generality) known.named = candidate
  }
  return [...classes].map(([vector, { witness, named }]) => ({
    witness,
    words: named.words,
    group: named.group,
    vector,
  }))
}

/** The request of a patch. */
export function requestOf(target: RequestTarget, { from = {}, http }: RequestPatch): AccessRequest {
  return http ? { from, to: target, http } : { from, to: target }
}
