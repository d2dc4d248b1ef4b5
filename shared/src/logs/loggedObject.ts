import { keys } from '../inventory/indexKeys.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Workload } from '../inventory/workloads.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { PeerAuthentication } from '../resources/peerAuthentication.js'
import type { FieldPath } from '../yaml/node.js'
import { peerAuthenticationOf } from '../ztunnel/enforcement.js'
import { CONVERTED_PREFIX, STATIC_STRICT_NAME } from '../ztunnel/peerAuthentication.js'

/** An object of the files that a log names, and the field that decided. */
export interface LoggedObject {
  readonly resource: AuthorizationPolicy | PeerAuthentication
  readonly path: FieldPath
}

/** A policy that istiod generates has another name than the object in the files. */
export function isGenerated(name: string): boolean {
  return name === STATIC_STRICT_NAME || name.startsWith(CONVERTED_PREFIX)
}

/** The AuthorizationPolicy with a name, at a rule or at its rules. */
export function authorizationPolicyNamed(
  mesh: Mesh,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  rule: number | undefined,
): LoggedObject | undefined {
  const resource = mesh.named('AuthorizationPolicy', namespace, name)
  if (!resource) return undefined
  if (rule !== undefined && rule < resource.rules.length)
    return { resource, path: ['spec', 'rules', rule] }
  return { resource, path: resource.rules.length > 0 ? ['spec', 'rules'] : ['metadata', 'name'] }
}

/**
 * The PeerAuthentication behind a policy that istiod generates: the one that it converts, or the one that makes mutual
 * TLS STRICT for a workload.
 */
export function peerAuthenticationNamed(
  mesh: Mesh,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  at: { readonly workload: Workload; readonly port: number | undefined } | undefined,
): LoggedObject | undefined {
  if (name === STATIC_STRICT_NAME) return at && strictSource(mesh, at.workload)
  const resource = mesh.named('PeerAuthentication', namespace, name.slice(CONVERTED_PREFIX.length))
  if (!resource) return undefined
  const hasPort = at?.port !== undefined && resource.portLevelMtls.has(at.port)
  return {
    resource,
    path: hasPort
      ? ['spec', 'portLevelMtls', String(at.port), 'mode']
      : resource.mode === 'UNSET'
        ? ['spec', 'portLevelMtls']
        : ['spec', 'mtls', 'mode'],
  }
}

/** The PeerAuthentication whose mode is STRICT for all ports of a workload. */
function strictSource(mesh: Mesh, workload: Workload): LoggedObject | undefined {
  const levels = mesh.get(peerAuthenticationOf, workload)
  const source = [levels.workload, levels.namespace, levels.mesh].find(
    (level) => level !== undefined && level.mode !== 'UNSET',
  )
  return source?.mode === 'STRICT'
    ? { resource: source, path: ['spec', 'mtls', 'mode'] }
    : undefined
}

/** Another AuthorizationPolicy or PeerAuthentication with the same name, in another namespace. */
export function sameNameElsewhere(mesh: Mesh, namespace: string, name: string): string | undefined {
  const other = mesh
    .at('AuthorizationPolicy', keys.all('AuthorizationPolicy'))
    .find((policy) => policy.name === name && policy.namespace !== namespace)
  return other && `${other.namespace}/${other.name}`
}
