import { reasonInWords } from '../access/reasonInWords.js'
import type { Hop } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { qualifiedName } from '../resources/resource.js'
import { enrolmentOf } from '../mesh/enrolment.js'
import { peerAuthenticationOf } from '../ztunnel/enforcement.js'
import { isGenerated, sameNameElsewhere, type LoggedObject } from './loggedObject.js'
import type { LoggedProxy } from './loggedProxy.js'
import type { LogLine } from './logLine.js'
import { hasAllowPolicies, policiesAtProxy, proxyInWords } from './predictedHops.js'

interface Explained {
  readonly line: LogLine
  readonly proxy: LoggedProxy
  readonly hops: readonly Hop[]
  readonly policy: string | null
  readonly decidedBy: LoggedObject | undefined
}

/** Why the line and the files differ, most likely reason first. Empty if they agree, or the files say nothing. */
export function differencesOf(mesh: Mesh, explained: Explained): string[] {
  const { line } = explained
  if (line.verdict === 'failed' || line.isDryRun) return []
  return [
    ...(line.decision.kind === 'policy' ? aboutPolicy(mesh, explained) : []),
    ...(line.decision.kind === 'no ALLOW matched' ? aboutNoAllow(mesh, explained) : []),
    ...aboutVerdict(explained),
    ...aboutCapture(mesh, explained),
  ]
}

/** The policy that the line names. */
function aboutPolicy(mesh: Mesh, { line, proxy, decidedBy }: Explained): string[] {
  const { decision } = line
  if (decision.kind !== 'policy') return []
  const name = `${decision.namespace}/${decision.name}`
  if (!decidedBy) return [notInFiles(mesh, decision)]
  const { resource } = decidedBy
  if (resource.type === 'PeerAuthentication') {
    const isSent =
      proxy.point !== 'ztunnel' ||
      mesh.get(peerAuthenticationOf, proxy.workload).policyKeys.includes(name)
    return isSent ? [] : [`no PeerAuthentication of these files makes istiod send ${name}`]
  }
  const { action, rules } = resource
  if (decision.rule !== undefined && decision.rule >= rules.length)
    return [
      `${name} has no rule ${decision.rule} in these files: it has ${rules.length === 1 ? '1 rule' : `${rules.length} rules`}`,
    ]
  if ((line.verdict === 'deny') === (action === 'ALLOW'))
    return [`${name} has the action ${action} in these files`]
  if (proxy.point === 'unknown') return []
  if (!policiesAtProxy(mesh, proxy).includes(resource))
    return [`${name} does not apply to the ${proxyInWords(proxy)} in these files`]
  return []
}

function notInFiles(
  mesh: Mesh,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): string {
  if (isGenerated(name))
    return `no PeerAuthentication of these files makes istiod send ${namespace}/${name}`
  const other = sameNameElsewhere(mesh, namespace, name)
  const hint = other === undefined ? '' : `; these files have ${other}`
  return `the AuthorizationPolicy ${namespace}/${name} is not in these files${hint}`
}

/** ALLOW policies that the line is about. */
function aboutNoAllow(mesh: Mesh, { proxy }: Explained): string[] {
  return proxy.point === 'unknown' || hasAllowPolicies(mesh, proxy)
    ? []
    : [`no ALLOW policy of these files applies to the ${proxyInWords(proxy)}`]
}

/** The verdict that the files predict for the same connection. */
function aboutVerdict({ line, hops, policy }: Explained): string[] {
  const others = hops.filter(({ verdict }) => verdict !== 'undecided' && verdict !== line.verdict)
  const [hop] = others
  if (!hop || others.length < hops.length) {
    const [same] = hops
    return line.decision.kind === 'no ALLOW matched' && same && same.policy !== null
      ? [`these files deny it for another reason: ${reasonInWords(same)}`]
      : []
  }
  // A policy that is missing is named above.
  return policy !== null && line.decision.kind === 'policy' && hop.verdict === 'allow'
    ? [`${policy} does not match this connection in these files`]
    : [
        `these files ${hop.verdict === 'allow' ? 'allow' : 'deny'} this connection: ${reasonInWords(hop)}`,
      ]
}

/** ztunnel enforces policies only for pods in ambient mode. */
function aboutCapture(mesh: Mesh, { line, proxy }: Explained): string[] {
  if (proxy.point !== 'ztunnel' || line.direction === 'outbound') return []
  const { mode } = mesh.get(enrolmentOf, proxy.workload)
  return mode === 'ambient' || mode === 'unknown'
    ? []
    : [`${qualifiedName(proxy.workload)} is not in ambient mode in these files`]
}
