import { indexKeys, keys } from '../../inventory/indexKeys.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { qualifiedName } from '../../resources/resource.js'
import { isRejected } from '../../resources/rejected.js'
import { matchesLabels } from '../../resources/selector.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import type { Mesh } from '../mesh.js'
import { podLabels } from '../pods.js'
import { DRY_RUN } from '../../vocabulary/annotations.js'
import { openRules, type Extreme } from './openRules.js'

type Policy = AuthorizationPolicy | PeerAuthentication

/** The meshes that are possible where another tool fills in fields of policies. */
export interface FilledIn {
  /** The policies, as `kind namespace/name`, in alphabetical order. */
  readonly policies: readonly string[]
  /** Every verdict that is possible is the verdict in one of these meshes; none if no field is filled in. */
  readonly meshes: readonly Mesh[]
  /** The keys of the inventory that list a policy with such a field. */
  readonly keys: ReadonlySet<string>
}

const NOTHING: FilledIn = { policies: [], meshes: [], keys: new Set() }

/** What another tool may make of the policies in the present snapshot of a mesh. */
export function filledInMeshes(mesh: Mesh): FilledIn {
  return mesh.perSnapshot(makeFilledIn)
}

function makeFilledIn(mesh: Mesh): FilledIn {
  const policies = [...mesh.all('AuthorizationPolicy'), ...mesh.all('PeerAuthentication')].filter(
    (policy) => !isRejected(policy) && policy.placeholders.some(decides),
  )
  if (policies.length === 0) return NOTHING
  const readings = policies.map((policy) => readingsOf(mesh, policy))
  const ways: readonly Exclude<keyof Reading, 'mayBeAbsent'>[] = readings.some(
    ({ mayBeAbsent }) => mayBeAbsent,
  )
    ? ['closed', 'open', 'closedOrAbsent', 'openOrAbsent']
    : ['closed', 'open']
  const meshes = ways.map((way) =>
    mesh.fork({
      removed: policies,
      added: readings.map((reading) => reading[way]).filter((each) => each !== undefined),
    }),
  )
  const added = readings.flatMap(({ closed, open }) => [closed, open])
  return {
    policies: policies.map((policy) => `${policy.type} ${qualifiedName(policy)}`).sort(),
    meshes,
    keys: new Set([...policies, ...added].flatMap(indexKeys)),
  }
}

/** Whether a placeholder can decide a verdict. */
function decides([first, second, third]: readonly unknown[]): boolean {
  return first === 'spec' || (second === 'annotations' && third === DRY_RUN)
}

interface Reading {
  /** With the values that deny the most requests. */
  readonly closed: Policy
  /** With the values that allow the most requests. */
  readonly open: Policy
  readonly closedOrAbsent: Policy | undefined
  readonly openOrAbsent: Policy | undefined
  /** Whether the policy may apply to other workloads than those in question. */
  readonly mayBeAbsent: boolean
}

function readingsOf(mesh: Mesh, policy: Policy): Reading {
  const { attached, mayBeAbsent } = attachmentsOf(mesh, policy)
  const [closed, open] =
    attached.type === 'AuthorizationPolicy'
      ? [policyAs(attached, 'closed'), policyAs(attached, 'open')]
      : [modesAs(attached, 'STRICT'), modesAs(attached, 'PERMISSIVE')]
  return {
    closed,
    open,
    closedOrAbsent: mayBeAbsent ? undefined : closed,
    openOrAbsent: mayBeAbsent ? undefined : open,
    mayBeAbsent,
  }
}

/** The policy, applied to everything to which it can apply. */
function attachmentsOf<P extends Policy>(
  mesh: Mesh,
  policy: P,
): { readonly attached: P; readonly mayBeAbsent: boolean } {
  const isOpen = (...path: readonly string[]): boolean =>
    policy.placeholders.some((each) => path.every((segment, index) => each[index] === segment))
  const labels = policy.selector?.matchLabels
  const selectsNone = !mesh
    .workloadsAt(keys.workloads(policy.namespace))
    .some((workload) => matchesLabels(labels, podLabels(workload)))
  const isOtherAction = isOpen('spec', 'action') || isOpen('metadata', 'annotations', DRY_RUN)
  if (isOpen('spec', 'selector') && labels && selectsNone) {
    const known = Object.entries(labels).filter(([, value]) => !isPlaceholder(value))
    const selector = known.length > 0 ? { matchLabels: Object.fromEntries(known) } : undefined
    return { attached: { ...policy, selector }, mayBeAbsent: true }
  }
  if (policy.type !== 'AuthorizationPolicy' || !isOpen('spec', 'targetRefs'))
    return { attached: policy, mayBeAbsent: isOtherAction }
  const targetRefs = policy.targetRefs.flatMap((ref) => targetsOf(mesh, policy.namespace, ref))
  const isChanged = targetRefs.some((ref) => !policy.targetRefs.includes(ref))
  return isChanged
    ? { attached: { ...policy, targetRefs }, mayBeAbsent: true }
    : { attached: policy, mayBeAbsent: isOtherAction }
}

const TARGETS = ['Service', 'ServiceEntry', 'Gateway'] as const

/** Every object that a reference can name. */
function targetsOf(
  mesh: Mesh,
  namespace: string,
  ref: PolicyTargetReference,
): readonly PolicyTargetReference[] {
  const kind = TARGETS.find((each) => each === ref.kind)
  if (kind === undefined || !isPlaceholder(ref.name) || mesh.named(kind, namespace, ref.name))
    return [ref]
  return mesh.inNamespace<(typeof TARGETS)[number]>(kind, namespace).map(({ name }) => ({
    ...ref,
    name,
  }))
}

function policyAs(policy: AuthorizationPolicy, side: 'closed' | 'open'): AuthorizationPolicy {
  const isOpenAction = policy.placeholders.some((path) => path.join('.') === 'spec.action')
  const action = isOpenAction ? (side === 'closed' ? 'DENY' : 'ALLOW') : policy.action
  const extreme: Extreme = (action === 'ALLOW') === (side === 'open') ? 'most' : 'fewest'
  return { ...policy, action, rules: openRules(policy.rules, extreme) }
}

/** The PeerAuthentication with a mode in each place that another tool fills in. */
function modesAs(policy: PeerAuthentication, mode: 'STRICT' | 'PERMISSIVE'): PeerAuthentication {
  const open = new Set(policy.placeholders.map((path) => path.join('.')))
  return {
    ...policy,
    mode: open.has('spec.mtls.mode') ? mode : policy.mode,
    portLevelMtls: new Map(
      [...policy.portLevelMtls].map(([port, known]) => [
        port,
        open.has(`spec.portLevelMtls.${port}.mode`) ? mode : known,
      ]),
    ),
  }
}
