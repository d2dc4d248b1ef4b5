import { describedForServices, describedForWorkloads } from '../../mesh/described.js'
import type { Mesh } from '../../mesh/mesh.js'
import { scopeOf } from '../../mesh/policies.js'
import { serves as servesTraffic } from '../../mesh/waypoints.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Service } from '../../resources/service.js'
import type { Fix } from '../fix.js'
import { setValue } from '../fixes/didYouMean.js'
import { portMapOf } from '../fixes/portMap.js'
import { defineRule, type Report } from '../rule.js'
import { coverageOf, nameWorkloads } from '../support/coverage.js'
import { isFilledIn, isUndecided } from '../support/filledIn.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'
import { podsThatTellPorts, portEvidence, serves, serviceWithPort } from '../support/servedPorts.js'
import { quoted } from '../support/words.js'
import { attachmentsOf, saidOf } from '../support/attached.js'
import { resolveTarget } from '../../waypoint/attachment.js'

export const portNotServed = defineRule({
  name: 'port-not-served',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const ports = mesh
      .perQuery(attributesOf, policy)
      .filter(
        ({ attribute, rule }) =>
          attribute === 'port' && !isFilledIn(policy, ['spec', 'rules', rule]),
      )
    if (ports.length === 0 || isUndecided(policy)) return
    const judge = policy.targetRefs.length > 0 ? atWaypoint(mesh, policy) : atZtunnel(mesh, policy)
    if (!judge) return
    for (const attribute of ports) {
      for (const [at, value] of attribute.values.entries()) {
        const said =
          /^\d+$/.test(value) && !PROXY_PORTS.has(Number(value)) ? judge(Number(value)) : undefined
        if (!said) continue
        const path = [...attribute.list, at]
        report({
          ...said,
          path,
          fixes: () =>
            said.meant === undefined ? [] : correct(policy, attribute, { path, meant: said.meant }),
        })
      }
    }
  },
})

/** Ports of sidecars for scrapers and probes: policies of meshes that also have sidecars use them on purpose. */
const PROXY_PORTS: ReadonlySet<number> = new Set([15020, 15021, 15090])

type Said = Pick<Report, 'message' | 'certainties' | 'related'> & {
  readonly meant: string | undefined
}
/** The finding about a port; undefined where a target has the port. */
type Judge = (port: number) => Said | undefined

/**
 * Checks container ports of the pods in the scope of a policy. Undefined where the files do not show all pods, or a pod
 * does not declare its ports.
 */
function atZtunnel(mesh: Mesh, policy: AuthorizationPolicy): Judge | undefined {
  if (
    scopeOf(mesh, policy) === 'mesh' ||
    policy.namespace === mesh.settings.rootNamespace ||
    !mesh.get(describedForWorkloads, policy.namespace)
  )
    return undefined
  const coverage = mesh.get(coverageOf, policy)
  const pods = podsThatTellPorts(coverage?.workloads ?? [])
  if (!coverage || pods.length === 0) return undefined
  return (port) => {
    if (pods.some((pod) => serves(mesh, pod, port))) return undefined
    const confused = serviceWithPort(mesh, pods, port)
    const never = `Port ${String(port)} never matches at ztunnel`
    return {
      message: confused
        ? `${never}: Service ${quoted(confused.service.name)} maps it to container port ${String(confused.containerPort)}.`
        : `${never}: no container of ${nameWorkloads(pods)} has this port.`,
      certainties: [coverage.certainty],
      related: [...portEvidence(pods, port, confused), ...coverage.evidence],
      meant: confused && String(confused.containerPort),
    }
  }
}

/**
 * Checks ports of the Services that a policy targets. Undefined where a target is not known, or where a waypoint also
 * serves workloads.
 */
function atWaypoint(mesh: Mesh, policy: AuthorizationPolicy): Judge | undefined {
  const attachments = mesh.get(attachmentsOf, policy)
  const said = saidOf(attachments)
  const chains = attachments.flatMap((attachment) => attachment.chains)
  if (
    !said ||
    attachments.length < policy.targetRefs.length ||
    attachments.some(({ whole, ref }) => whole && !isDescribed(mesh, policy, ref.kind))
  )
    return undefined
  if (
    chains.some(
      ({ gateway, service }) => service === undefined && servesTraffic(mesh, gateway, 'workload'),
    )
  )
    return undefined
  const targets = chains.flatMap(({ service }) => service ?? [])
  const services = targets.filter((target): target is Service => target.type === 'Service')
  const served = new Set(
    targets.flatMap((target) =>
      target.type === 'Service'
        ? target.ports.map(({ port }) => port)
        : target.ports.map(({ number }) => number),
    ),
  )
  if (
    targets.length === 0 ||
    targets.some((target) => target.ports.length === 0 || isFilledIn(target, ['spec', 'ports']))
  )
    return undefined
  const [only, ...others] = targets
  const where = only && others.length === 0 ? `${only.type} ${quoted(only.name)}` : 'the targets'
  const toServicePort = portMapOf(mesh, services)
  return (port) => {
    if (served.has(port)) return undefined
    const meant = toServicePort(String(port))
    const never = `Port ${String(port)} never matches at the waypoint`
    return {
      message: meant
        ? `${never}: it is a container port, not a port of ${where}.`
        : `${never}: it is not a port of ${where}.`,
      certainties: said.certainties,
      related: [
        ...targets.slice(0, 3).map((target) => ({
          resource: target,
          path: ['spec', 'ports'],
          message: `Ports of ${target.type} "${target.name}".`,
        })),
        ...said.evidence,
      ],
      meant: meant?.length === 1 ? meant[0] : undefined,
    }
  }
}

/** Whether the files show every Service that a waypoint serves: all of them are in its own namespace. */
function isDescribed(mesh: Mesh, policy: AuthorizationPolicy, kind: string): boolean {
  if (kind !== 'Gateway' || !mesh.get(describedForServices, policy.namespace)) return false
  const gateways = policy.targetRefs.flatMap((ref) => {
    const target = resolveTarget(mesh, policy, ref)
    return target.kind === 'Gateway' ? [target.gateway] : []
  })
  return gateways.every(({ listeners }) =>
    listeners.every(({ allowedRoutes }) => allowedRoutes.from === 'Same'),
  )
}

function correct(
  policy: AuthorizationPolicy,
  { values, negated }: RuleAttribute,
  { path, meant }: { readonly path: Report['path']; readonly meant: string },
): Fix[] {
  return values.includes(meant)
    ? []
    : [setValue({ resource: policy, path, value: meant }, policy.action === 'DENY' && !negated)]
}
