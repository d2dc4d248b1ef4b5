import type { MutualTlsMode, PeerAuthentication } from '../resources/peerAuthentication.js'
import { isEmptyLabels } from '../resources/selector.js'
import { inOrder } from '../text/inOrder.js'
import { matchesRule } from './rbac.js'
import type { Authorization, AuthorizationRule, Clause } from './authorization.js'

const STATIC_STRICT_NAME = 'istio_converted_static_strict'
export const CONVERTED_PREFIX = 'converted_peer_authentication_'
const NO_IDENTITY: Clause = [{ notPrincipals: [{ Presence: [] }] }]

/** The PeerAuthentications that decide for a workload, one a level (docs/semantics.md §6.1). */
export interface PeerAuthenticationLevels {
  readonly mesh: PeerAuthentication | undefined
  readonly namespace: PeerAuthentication | undefined
  readonly workload: PeerAuthentication | undefined
}

/** What PeerAuthentication makes of a workload. */
export interface EffectivePeerAuthentication extends PeerAuthenticationLevels {
  /** The key that the workload references (`namespace/name`), if any: the static policy's or its own. */
  readonly policyKeys: readonly string[]
  /** What is really sent under those keys. */
  readonly policies: readonly Authorization[]
  /** A referenced key under which nothing is sent: ztunnel skips it, and plaintext passes (docs/semantics.md §6.5, D2 and D3). */
  readonly danglingReference: boolean
}

/** DENY everything without an identity (`policies.go:255-287`). */
export function staticStrict(rootNamespace: string): Authorization {
  return {
    name: STATIC_STRICT_NAME,
    namespace: rootNamespace,
    scope: 'WorkloadSelector',
    action: 'Deny',
    dryRun: false,
    rules: [[NO_IDENTITY]],
  }
}

/**
 * The levels among the PeerAuthentications that apply to a workload. Of several at one level the oldest counts; files have no creation time, so the first
 * by name is taken, as sidecars take it among equally old ones (`pilot/pkg/model/config.go` sortConfigByCreationTime).
 */
export function levelsOf(
  given: readonly PeerAuthentication[],
  rootNamespace: string,
): PeerAuthenticationLevels {
  const applicable = [...given].sort((a, b) => inOrder(a.name, b.name))
  const wide = (policy: PeerAuthentication): boolean => isEmptyLabels(policy.selector?.matchLabels)
  return {
    mesh: applicable.find((policy) => policy.namespace === rootNamespace && wide(policy)),
    namespace: applicable.find((policy) => policy.namespace !== rootNamespace && wide(policy)),
    workload: applicable.find((policy) => policy.namespace !== rootNamespace && !wide(policy)),
  }
}

const isStrict = (mode: MutualTlsMode): boolean => mode === 'STRICT'
const isPermissive = (mode: MutualTlsMode): boolean => mode === 'PERMISSIVE' || mode === 'DISABLE'

/** Whether plaintext is refused before any port-level mode is looked at. */
export function inheritedStrict({ mesh, namespace }: PeerAuthenticationLevels): boolean {
  const inherited = namespace && namespace.mode !== 'UNSET' ? namespace : mesh
  return inherited !== undefined && isStrict(inherited.mode)
}

/** `convertedSelectorPeerAuthentications` (authorization.go:81-234) and what is sent under its keys. */
export function effectivePeerAuthentication(
  levels: PeerAuthenticationLevels,
  rootNamespace: string,
): EffectivePeerAuthentication {
  const keys = policyKeys(levels)
  const converted =
    levels.workload && keys.workload
      ? convertPeerAuthentication(levels.workload, levels, rootNamespace)
      : undefined
  const own =
    levels.workload && keys.workload
      ? [`${levels.workload.namespace}/${CONVERTED_PREFIX}${levels.workload.name}`]
      : []
  return {
    ...levels,
    policyKeys: [...(keys.strict ? [`${rootNamespace}/${STATIC_STRICT_NAME}`] : []), ...own],
    policies: [
      ...(keys.strict ? [staticStrict(rootNamespace)] : []),
      ...(converted ? [converted] : []),
    ],
    danglingReference: keys.workload && converted === undefined,
  }
}

/** Whether the workload references the static strict policy, and its own converted one. */
function policyKeys(levels: PeerAuthenticationLevels): {
  readonly strict: boolean
  readonly workload: boolean
} {
  const { workload } = levels
  const inherited = inheritedStrict(levels)
  if (!workload) return { strict: inherited, workload: false }
  const strict = workload.mode === 'UNSET' ? inherited : isStrict(workload.mode)
  const ports = [...workload.portLevelMtls.values()]
  if (!strict) return { strict: false, workload: ports.some(isStrict) }
  // An inherited STRICT looks for PERMISSIVE only and so misses DISABLE (docs/semantics.md §6.5, D1).
  const excepted =
    workload.mode === 'STRICT' ? ports.some(isPermissive) : ports.includes('PERMISSIVE')
  return { strict: !excepted, workload: excepted }
}

/**
 * `convertPeerAuthentication` (authorization.go:238-396): the DENY policy for a PeerAuthentication with port-level modes; undefined where istiod
 * sends none. Mistakes of the source are kept (docs/semantics.md §6.5).
 */
export function convertPeerAuthentication(
  policy: PeerAuthentication,
  parents: Pick<PeerAuthenticationLevels, 'mesh' | 'namespace'>,
  rootNamespace: string,
): Authorization | undefined {
  if (policy.namespace === rootNamespace || policy.selector === undefined) return undefined
  const unset = policy.mode === 'UNSET'
  // One with an empty selector is the namespace's for the workload's keys, and is not looked up here (policies.go namespaceWithSelector).
  const namespace = parents.namespace?.selector ? undefined : parents.namespace
  const namespaceMode = namespace?.mode ?? 'UNSET'
  const meshStrict = parents.mesh !== undefined && isStrict(parents.mesh.mode)
  const parentStrict = isStrict(namespaceMode) || (namespaceMode === 'UNSET' && meshStrict)
  // The last part should ask for an unset workload mode too, and does not (D2).
  const strictAnyway =
    isStrict(policy.mode) ||
    (unset && isStrict(namespaceMode)) ||
    (namespaceMode === 'UNSET' && meshStrict)
  // A namespace that is there but UNSET counts as not strict (D3).
  const strictBase =
    isStrict(policy.mode) ||
    (unset && isStrict(namespaceMode)) ||
    (unset && namespace === undefined && meshStrict)
  const rules: AuthorizationRule[] = []
  const exceptions: Clause[] = []
  for (const [port, mode] of policy.portLevelMtls) {
    if (isStrict(mode) && !strictAnyway)
      rules.push([[{ notPrincipals: [{ Presence: [] }], destinationPorts: [port] }]])
    if (isPermissive(mode) && strictBase) exceptions.push([{ notDestinationPorts: [port] }])
  }
  if (exceptions.length > 0)
    rules.push([
      ...(isStrict(policy.mode) ? [NO_IDENTITY] : []),
      ...exceptions,
      ...(parentStrict ? [NO_IDENTITY] : []),
    ])
  if (rules.length === 0) return undefined
  return {
    name: `${CONVERTED_PREFIX}${policy.name}`,
    namespace: policy.namespace,
    scope: 'WorkloadSelector',
    action: 'Deny',
    dryRun: false,
    rules,
  }
}

/** Whether a plaintext connection to a container port is let through by PeerAuthentication. */
export function acceptsPlaintext(
  effective: Pick<EffectivePeerAuthentication, 'policies'>,
  port: number,
): boolean {
  const connection = {
    sourceIp: undefined,
    destinationIp: undefined,
    destinationPort: port,
    identity: undefined,
  }
  return !effective.policies.some((policy) =>
    policy.rules.some((rule) => matchesRule(rule, connection)),
  )
}

/** What the modes mean on paper (and at a sidecar): port, else workload, else namespace, else mesh, else PERMISSIVE (docs/semantics.md §6.4). */
export function intendedMode(levels: PeerAuthenticationLevels, port: number): MutualTlsMode {
  const modes = [
    levels.workload?.portLevelMtls.get(port),
    levels.workload?.mode,
    levels.namespace?.mode,
    levels.mesh?.mode,
  ]
  return modes.find((mode) => mode !== undefined && mode !== 'UNSET') ?? 'PERMISSIVE'
}
