import { splitOnce } from '../../text/splitOnce.js'
import { describedForServices, describedForWorkloads } from '../../mesh/described.js'
import { query, type Mesh } from '../../mesh/mesh.js'
import { scopeOf } from '../../mesh/policies.js'
import { serves as servesTraffic } from '../../mesh/waypointGateway.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Service } from '../../resources/service.js'
import type { Fix } from '../fix.js'
import { setValue } from '../fixes/setValue.js'
import { servicePortsOf } from '../fixes/portMap.js'
import { defineRule, type Report } from '../rule.js'
import {
  nameWorkloads,
  coverageKeyOf,
  NO_COVERAGE,
  selectionCoverage,
} from '../support/coverage.js'
import { isFilledIn, isActionFilledIn } from '../support/filledIn.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'
import {
  podsDeclaringPorts,
  portEvidence,
  mayListenOn,
  serviceMappingPort,
} from '../support/servedPorts.js'
import { quoted } from '../support/words.js'
import { attachmentsOf, reportableAttachments } from '../support/waypointAttachments.js'
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
    if (ports.length === 0 || isActionFilledIn(policy)) return
    const checkPort =
      policy.targetRefs.length > 0
        ? servicePortCheck(mesh, policy)
        : containerPortCheck(mesh, policy)
    if (!checkPort) return
    for (const attribute of ports) {
      for (const [at, value] of attribute.values.entries()) {
        const problem =
          /^\d+$/.test(value) && !PROXY_PORTS.has(Number(value))
            ? checkPort(Number(value))
            : undefined
        if (!problem) continue
        const path = [...attribute.list, at]
        report({
          ...problem,
          path,
          fixes: () =>
            problem.correctPort === undefined
              ? []
              : fixesFor(policy, attribute, { path, correctPort: problem.correctPort }),
        })
      }
    }
  },
})

/**
 * Ports of sidecars for scrapers and probes: policies of meshes that also have sidecars use them on
 * purpose.
 */
const PROXY_PORTS: ReadonlySet<number> = new Set([15020, 15021, 15090])

type PortProblem = Pick<Report, 'message' | 'certainties' | 'related'> & {
  readonly correctPort: string | undefined
}
/** The finding about a port; undefined where a target has the port. */
type PortCheck = (port: number) => PortProblem | undefined

/**
 * Checks container ports of the pods in the scope of a policy. Undefined where the files do not
 * show all pods, or a pod does not declare its ports.
 */
function containerPortCheck(mesh: Mesh, policy: AuthorizationPolicy): PortCheck | undefined {
  if (
    scopeOf(mesh, policy) === 'mesh' ||
    policy.namespace === mesh.settings.rootNamespace ||
    !mesh.get(describedForWorkloads, policy.namespace)
  )
    return undefined
  const key = mesh.get(coverageKeyOf, policy)
  return key === NO_COVERAGE
    ? undefined
    : (port) => mesh.get(containerPortProblem, `${String(port)} ${key}`)
}

/** What is wrong with a port for all policies that cover the same pods. */
const containerPortProblem = query(
  'problem of container port',
  (mesh, argument: `${string} ${string}`): PortProblem | undefined => {
    const [number, key] = splitOnce(argument, ' ')
    const port = Number(number)
    const coverage = mesh.get(selectionCoverage, key)
    const pods = podsDeclaringPorts(coverage?.workloads ?? [])
    if (!coverage || pods.length === 0) return undefined
    if ([...pods, ...coverage.others].some((workload) => mayListenOn(mesh, workload, port)))
      return undefined
    const mapped = serviceMappingPort(mesh, pods, port)
    const never = `Port ${String(port)} never matches at ztunnel`
    return {
      message: mapped
        ? `${never}: Service ${quoted(mapped.service.name)} maps it to container port ${String(mapped.containerPort)}.`
        : `${never}: no container of ${nameWorkloads(pods)} has this port.`,
      certainties: [coverage.certainty],
      related: [...portEvidence(pods, port, mapped), ...coverage.evidence],
      correctPort: mapped && String(mapped.containerPort),
    }
  },
)

/**
 * Checks ports of the Services that a policy targets. Undefined where a target is not known, or
 * where a waypoint also serves workloads.
 */
function servicePortCheck(mesh: Mesh, policy: AuthorizationPolicy): PortCheck | undefined {
  const attachments = mesh.get(attachmentsOf, policy)
  const reported = reportableAttachments(attachments)
  const chains = attachments.flatMap((attachment) => attachment.chains)
  if (
    !reported ||
    attachments.length < policy.targetRefs.length ||
    attachments.some(({ allTraffic, ref }) => allTraffic && !isDescribed(mesh, policy, ref.kind))
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
  const toServicePort = servicePortsOf(mesh, services)
  return (port) => {
    if (served.has(port)) return undefined
    const mapped = toServicePort(String(port))
    const never = `Port ${String(port)} never matches at the waypoint`
    return {
      message: mapped
        ? `${never}: it is a container port, not a port of ${where}.`
        : `${never}: it is not a port of ${where}.`,
      certainties: reported.certainties,
      related: [
        ...targets.slice(0, 3).map((target) => ({
          resource: target,
          path: ['spec', 'ports'],
          message: `Ports of ${target.type} "${target.name}".`,
        })),
        ...reported.evidence,
      ],
      correctPort: mapped?.length === 1 ? mapped[0] : undefined,
    }
  }
}

/**
 * Whether the files show every Service that a waypoint serves: all of them are in its own
 * namespace.
 */
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

function fixesFor(
  policy: AuthorizationPolicy,
  { values, negated }: RuleAttribute,
  { path, correctPort }: { readonly path: Report['path']; readonly correctPort: string },
): Fix[] {
  return values.includes(correctPort)
    ? []
    : [
        setValue(
          { resource: policy, path, value: correctPort },
          policy.action === 'DENY' && !negated,
        ),
      ]
}
