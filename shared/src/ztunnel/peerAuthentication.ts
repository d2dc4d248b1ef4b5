import type { MutualTlsMode, PeerAuthentication } from '../resources/peerAuthentication.js'
import { isEmptyLabels } from '../resources/selector.js'
import { getOrInsert } from '../text/collections.js'
import { compareText } from '../text/compareText.js'
import { matchesRule } from './rbac.js'
import type { Authorization, AuthorizationRule, Clause } from './authorization.js'

export const STATIC_STRICT_NAME = 'istio_converted_static_strict'
export const CONVERTED_PREFIX = 'converted_peer_authentication_'
const NO_IDENTITY: Clause = [{ notPrincipals: [{ Presence: [] }] }]

/** The PeerAuthentications for a workload, one for each level (docs/semantics.md §6.1). */
export interface PeerAuthenticationLevels {
  readonly mesh: PeerAuthentication | undefined
  readonly namespace: PeerAuthentication | undefined
  readonly workload: PeerAuthentication | undefined
}

/** The effect of PeerAuthentications on a workload. */
export interface EffectivePeerAuthentication extends PeerAuthenticationLevels {
  /** The keys that the workload references (`namespace/name`): the static policy's or its own. */
  readonly policyKeys: readonly string[]
  /** The policies that istiod sends for those keys. */
  readonly policies: readonly Authorization[]
  /**
   * Whether istiod sends no policy for a referenced key: ztunnel skips the key and accepts plaintext
   * (docs/semantics.md §6.5, D2 and D3).
   */
  readonly danglingReference: boolean
}

/** The policy that denies every client without identity (`policies.go:255-287`). */
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
 * The levels of the PeerAuthentications that apply to a workload. Of several at one level the oldest counts. Files
 * have no creation time, so the first by name counts, as for sidecars and equally old ones
 * (`pilot/pkg/model/config.go` sortConfigByCreationTime).
 */
export function levelsOf(
  given: readonly PeerAuthentication[],
  rootNamespace: string,
): PeerAuthenticationLevels {
  const [first = { mesh: undefined, namespace: undefined, workload: undefined }] = possibleLevels(
    given,
    rootNamespace,
  )
  return first
}

/** The same for every order of ages: several where a level has several PeerAuthentications. The first is `levelsOf`. */
export function possibleLevels(
  given: readonly PeerAuthentication[],
  rootNamespace: string,
): readonly PeerAuthenticationLevels[] {
  const applicable = [...given].sort((a, b) => compareText(a.name, b.name))
  const wide = (policy: PeerAuthentication): boolean => isEmptyLabels(policy.selector?.matchLabels)
  const at = (test: (policy: PeerAuthentication) => boolean) => {
    const found = distinctEffects(applicable.filter(test))
    return found.length > 0 ? found : [undefined]
  }
  const meshWide = at((policy) => policy.namespace === rootNamespace && wide(policy))
  const ofNamespace = at((policy) => policy.namespace !== rootNamespace && wide(policy))
  const ofWorkload = at((policy) => policy.namespace !== rootNamespace && !wide(policy))
  return meshWide.flatMap((mesh) =>
    ofNamespace.flatMap((namespace) =>
      ofWorkload.map((workload) => ({ mesh, namespace, workload })),
    ),
  )
}

/** Those with different modes: which of two equal ones counts makes no difference. */
function distinctEffects(policies: readonly PeerAuthentication[]): readonly PeerAuthentication[] {
  const effectOf = ({ mode, portLevelMtls, selector }: PeerAuthentication) =>
    JSON.stringify([mode, [...portLevelMtls], selector === undefined])
  const first = new Map<string, PeerAuthentication>()
  for (const policy of policies) getOrInsert(first, effectOf(policy), () => policy)
  return [...first.values()]
}

const isStrict = (mode: MutualTlsMode): boolean => mode === 'STRICT'
const isPermissive = (mode: MutualTlsMode): boolean => mode === 'PERMISSIVE' || mode === 'DISABLE'

/** Whether the namespace or the mesh rejects plaintext. */
export function inheritedStrict({ mesh, namespace }: PeerAuthenticationLevels): boolean {
  const inherited = namespace && namespace.mode !== 'UNSET' ? namespace : mesh
  return inherited !== undefined && isStrict(inherited.mode)
}

/**
 * `convertedSelectorPeerAuthentications` (authorization.go:81-234), with the policies that istiod sends for its keys.
 */
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
  // With an inherited STRICT, istiod looks only for PERMISSIVE and ignores DISABLE (docs/semantics.md §6.5, D1).
  const excepted =
    workload.mode === 'STRICT' ? ports.some(isPermissive) : ports.includes('PERMISSIVE')
  return { strict: !excepted, workload: excepted }
}

/**
 * `convertPeerAuthentication` (authorization.go:238-396): the DENY policy for a PeerAuthentication with port-level
 * modes; undefined if istiod sends none. Defects of the source are kept (docs/semantics.md §6.5).
 */
export function convertPeerAuthentication(
  policy: PeerAuthentication,
  parents: Pick<PeerAuthenticationLevels, 'mesh' | 'namespace'>,
  rootNamespace: string,
): Authorization | undefined {
  if (policy.namespace === rootNamespace || policy.selector === undefined) return undefined
  const unset = policy.mode === 'UNSET'
  // A PeerAuthentication with an empty selector counts for the namespace in the keys, but not here (policies.go
  // namespaceWithSelector).
  const namespace = parents.namespace?.selector ? undefined : parents.namespace
  const namespaceMode = namespace?.mode ?? 'UNSET'
  const meshStrict = parents.mesh !== undefined && isStrict(parents.mesh.mode)
  const parentStrict = isStrict(namespaceMode) || (namespaceMode === 'UNSET' && meshStrict)
  // The last condition lacks the check for an unset workload mode (D2).
  const strictAnyway =
    isStrict(policy.mode) ||
    (unset && isStrict(namespaceMode)) ||
    (namespaceMode === 'UNSET' && meshStrict)
  // A namespace with UNSET counts as not strict (D3).
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

/** Whether a workload accepts plaintext on a container port. */
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

/**
 * The configured mode, which sidecars enforce: port, else workload, else namespace, else mesh, else PERMISSIVE
 * (docs/semantics.md §6.4).
 */
export function intendedMode(levels: PeerAuthenticationLevels, port: number): MutualTlsMode {
  const modes = [
    levels.workload?.portLevelMtls.get(port),
    levels.workload?.mode,
    levels.namespace?.mode,
    levels.mesh?.mode,
  ]
  return modes.find((mode) => mode !== undefined && mode !== 'UNSET') ?? 'PERMISSIVE'
}
