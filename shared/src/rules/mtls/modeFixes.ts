import type { Mesh } from '../../mesh/mesh.js'
import type { MutualTlsMode, PeerAuthentication } from '../../resources/peerAuthentication.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { FieldPath } from '../../yaml/node.js'
import { listed } from '../../text/words.js'
import { titleWithEffect, type Edit, type Fix, type PlainObject } from '../fix.js'
import { authorizationPolicy, freePolicyName, metadataBeside } from '../fixes/newObject.js'

const MODE: FieldPath = ['spec', 'mtls', 'mode']

/** Removes DISABLE, so that the mode is inherited. Safe: DISABLE accepts plaintext, and no other mode accepts more. */
export function removeDisableMode(mesh: Mesh, policy: PeerAuthentication): Fix | undefined {
  if (affectsPortLevelModes(mesh, policy)) return undefined
  return {
    title: 'Remove DISABLE mode',
    preferred: true,
    safe: true,
    edits: [{ op: 'remove', resource: policy, path: MODE }],
  }
}

/** Replaces DISABLE with the mode that has the same effect in ambient mode. */
export function replaceDisableWithPermissive(policy: PeerAuthentication): Fix {
  return replaceMode(policy, 'PERMISSIVE')
}

/** Replaces DISABLE with STRICT, which denies plaintext. */
export function replaceDisableWithStrict(mesh: Mesh, policy: PeerAuthentication): Fix | undefined {
  return affectsPortLevelModes(mesh, policy) ? undefined : replaceMode(policy, 'STRICT')
}

function replaceMode(policy: PeerAuthentication, mode: MutualTlsMode): Fix {
  return {
    title: `Replace DISABLE with ${mode}`,
    preferred: false,
    safe: true,
    edits: [{ op: 'set', resource: policy, path: MODE, value: mode }],
  }
}

/**
 * Whether this policy, or one that inherits from it, has port-level modes. Another mode can then trigger a
 * defect in their conversion (docs/semantics.md §6.5).
 */
function affectsPortLevelModes(mesh: Mesh, policy: PeerAuthentication): boolean {
  if (!isEmptyLabels(policy.selector?.matchLabels)) return policy.portLevelMtls.size > 0
  const inRoot = policy.namespace === mesh.settings.rootNamespace
  const inheriting =
    inRoot && policy.selector === undefined
      ? mesh.all('PeerAuthentication')
      : mesh.inNamespace('PeerAuthentication', policy.namespace)
  return inheriting.some((other) => other.portLevelMtls.size > 0)
}

/**
 * Sets the inherited STRICT explicitly, so that istiod converts the port-level modes correctly
 * (docs/semantics.md §6.5).
 *
 * @param plaintextPorts the ports whose own mode then takes effect and accepts plaintext.
 */
export function setModeStrict(
  policy: PeerAuthentication,
  plaintextPorts: readonly number[] = [],
): Fix {
  const opens = plaintextPorts.length > 0
  return {
    ...titleWithEffect(
      'Set the mode to STRICT',
      opens ? plaintextEffect(plaintextPorts) : undefined,
    ),
    preferred: !opens,
    safe: !opens,
    edits: [{ op: 'set', resource: policy, path: MODE, value: 'STRICT' }],
  }
}

/** The effect of a fix that accepts plaintext on ports. */
export function plaintextEffect(ports: readonly number[]): string {
  return `plaintext is then accepted on port${ports.length > 1 ? 's' : ''} ${listed(ports.map(String))}`
}

/** Removes port-level modes that have no effect. */
export function removePortModes(policy: PeerAuthentication, ports: readonly number[]): Fix {
  const edits = [...ports].reverse().map((port): Edit => ({
    op: 'remove',
    resource: policy,
    path: ['spec', 'portLevelMtls', String(port)],
  }))
  return {
    title: ports.length > 1 ? 'Remove the port-level modes' : 'Remove the port-level mode',
    preferred: false,
    safe: true,
    edits,
  }
}

/**
 * Denies plaintext on container ports, or on all other ports, with an AuthorizationPolicy. Unlike port-level
 * modes, this is always enforced (docs/semantics.md §6.5).
 */
export function denyPlaintext(
  mesh: Mesh,
  policy: PeerAuthentication,
  operation: { readonly ports: readonly number[] } | { readonly notPorts: readonly number[] },
): Fix {
  const name = freePolicyName(mesh, policy.namespace, `${policy.name}-deny-plaintext`)
  const ports: PlainObject =
    'ports' in operation
      ? { ports: operation.ports.map(String) }
      : { notPorts: operation.notPorts.map(String) }
  const labels = policy.selector?.matchLabels
  const denying = authorizationPolicy(metadataBeside(policy, name), {
    ...(labels ? { selector: { matchLabels: { ...labels } } } : {}),
    action: 'DENY',
    rules: [{ from: [{ source: { notPrincipals: ['*'] } }], to: [{ operation: ports }] }],
  })
  return {
    title: 'Deny plaintext with an AuthorizationPolicy',
    preferred: false,
    safe: true,
    edits: [{ op: 'add', after: policy, objects: [denying] }],
  }
}
