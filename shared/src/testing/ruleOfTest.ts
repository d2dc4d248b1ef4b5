import { clientOf } from '../access/client.js'
import { sourceChoices } from '../access/choices.js'
import type { AccessRequest, RequestTarget } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { allDestinations, destinationKey } from '../space/destinations.js'
import { matchesPath, normalizePath } from '../waypoint/path.js'

/** The requests of a rule of a policy test, as they are written. */
export interface WrittenSelection {
  readonly from?: readonly string[]
  readonly notFrom?: readonly string[]
  readonly to?: readonly string[]
  readonly http?: {
    readonly method?: readonly string[]
    readonly path?: readonly string[]
    readonly host?: readonly string[]
    readonly headers?: Readonly<Record<string, string>>
  }
}

/** Whether a rule is about a request, as its documentation says it. */
export function isSelectedBy(
  mesh: Mesh,
  { from, notFrom, to, http }: WrittenSelection,
  request: AccessRequest,
): boolean {
  return (
    isClient(mesh, from, request.from) &&
    !(notFrom ?? []).some((text) => isNamed(mesh, text, request.from)) &&
    isTarget(mesh, to, request.to) &&
    (http === undefined || (request.http !== undefined && isHttp(http, request.http)))
  )
}

/** A rule about an account without an identity is about all clients without one. */
function isClient(
  mesh: Mesh,
  from: readonly string[] | undefined,
  client: AccessRequest['from'],
): boolean {
  if (from === undefined || from.some((text) => isNamed(mesh, text, client))) return true
  const isPlaintext = (text: string): boolean =>
    mesh
      .get(sourceChoices, '')
      .filter(({ namespace, serviceAccount }) =>
        [`namespace:${namespace}`, `${namespace}/${serviceAccount}`].includes(text),
      )
      .some(
        ({ namespace, serviceAccount }) =>
          clientOf(mesh, { namespace, serviceAccount }).identity === undefined,
      )
  return clientOf(mesh, client).identity === undefined && from.some(isPlaintext)
}

function isNamed(mesh: Mesh, text: string, client: AccessRequest['from']): boolean {
  const { identity } = clientOf(mesh, client)
  if (text === 'outside' || !identity) return text === 'outside' && !identity
  const { namespace, serviceAccount, trustDomain } = identity
  return (
    trustDomain === mesh.settings.trustDomain &&
    [`namespace:${namespace}`, `${namespace}/${serviceAccount}`].includes(text)
  )
}

function isTarget(mesh: Mesh, to: readonly string[] | undefined, target: RequestTarget): boolean {
  const [kind, name] =
    'service' in target
      ? ['service', target.service]
      : 'workload' in target
        ? ['workload', target.workload]
        : ['host', target.host]
  const exact = `${kind} ${name}:${target.port}`
  if (to?.includes(exact) === true) return true
  // Without a port, a rule is about the ports that the files declare.
  if (!mesh.get(allDestinations, '').has(destinationKey(target))) return false
  const wide = [`${kind} ${name}`, ...(kind === 'host' ? [] : [`namespace:${name.split('/')[0]}`])]
  return to === undefined || wide.some((text) => to.includes(text))
}

function isHttp(
  { method, path, host, headers }: NonNullable<WrittenSelection['http']>,
  request: NonNullable<AccessRequest['http']>,
): boolean {
  const written = Object.entries(request.headers ?? {})
  return (
    (method?.some((pattern) => isLike(pattern, request.method ?? 'GET')) ?? true) &&
    (path?.some((pattern) => matchesPath(pattern, normalizePath(request.path ?? '/'))) ?? true) &&
    (host?.some((pattern) => isLike(pattern, (request.host ?? '').toLowerCase())) ?? true) &&
    Object.entries(headers ?? {}).every(([name, pattern]) =>
      written.some(
        ([key, value]) =>
          key.toLowerCase() === name && [value].flat().some((each) => isLike(pattern, each)),
      ),
    )
  )
}

function isLike(pattern: string, value: string): boolean {
  const [start = '', end] = pattern.split('*')
  if (end === undefined) return value === pattern
  return value !== '' && value.startsWith(start) && value.endsWith(end)
}
