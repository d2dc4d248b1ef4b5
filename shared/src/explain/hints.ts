import { isWorkload } from '../inventory/workloads.js'
import { whyUncaptured } from '../mesh/hostAddress.js'
import type { Mesh } from '../mesh/mesh.js'
import { targetPortOf, workloadsOfService } from '../mesh/services.js'
import { waypointOfNamespace, waypointOfService, waypointOfWorkload } from '../mesh/waypoints.js'
import type { WaypointBinding } from '../mesh/waypointBinding.js'
import type { AuthorizationPolicy, Rule } from '../resources/authorizationPolicy.js'
import { isRejectedIn } from '../mesh/discovery.js'
import type { Labels, Resource } from '../resources/resource.js'
import type { Service, ServicePort } from '../resources/service.js'
import { OPERATION_FIELDS, SOURCE_FIELDS } from '../vocabulary/attributeFields.js'
import type { FieldPath } from '../yaml/node.js'
import { layerOfKey } from '../ztunnel/attributes.js'
import { explainAuthorizationPolicy } from './explainAuthorizationPolicy.js'
import type { EnforcedBy, RuleExplanation } from './explanation.js'
import { explainLabel } from './explainLabel.js'
import { listedUpTo, sentence, shownName } from './support/notes.js'
import { USE_WAYPOINT } from '../vocabulary/labels.js'
import { resolveTarget, serviceOf } from '../waypoint/attachment.js'

/** A few words beside a field, which its text does not say. */
export interface Hint {
  /** The setting that switches it off. */
  readonly kind: 'ruleLayer' | 'waypoint' | 'containerPort'
  readonly path: FieldPath
  /** After the value of the field, or at the end of the line in which the value starts. */
  readonly at: 'value' | 'line'
  readonly text: string
  /** In Markdown; empty where there is no more to say. */
  readonly tooltip: string
}

/** The inlay hints of one object, in no particular order. */
export function hintsFor(mesh: Mesh, resource: Resource): readonly Hint[] {
  if (isRejectedIn(mesh, resource)) return []
  switch (resource.type) {
    case 'AuthorizationPolicy':
      return [...ruleHints(mesh, resource), ...policyPortHints(mesh, resource)]
    case 'Service':
      return [
        ...waypointHints(mesh, resource, { labels: resource.labels, path: [] }),
        ...portHints(mesh, resource),
      ]
    case 'ServiceEntry':
    case 'Namespace':
      return waypointHints(mesh, resource, { labels: resource.labels, path: [] })
    default:
      if (!isWorkload(resource)) return []
      return resource.type === 'WorkloadEntry'
        ? waypointHints(mesh, resource, { labels: resource.labels, path: [] })
        : waypointHints(mesh, resource, {
            labels: resource.template.labels,
            path: resource.templatePath,
          })
  }
}

function ruleHints(mesh: Mesh, policy: AuthorizationPolicy): Hint[] {
  if (policy.rules.length === 0) return []
  const { targets, rules } = explainAuthorizationPolicy(mesh, policy)
  const enforcers = [...new Set(targets.map(({ enforcedBy }) => enforcedBy))]
  return rules.flatMap((outcome): Hint[] => {
    const text =
      policy.targetRefs.length > 0
        ? atTargets(enforcers)
        : atPods(enforcers, outcome, policy.rules[outcome.index])
    return text === undefined
      ? []
      : [
          {
            kind: 'ruleLayer',
            path: ['spec', 'rules', outcome.index],
            at: 'line',
            text,
            tooltip: outcome.note === '' ? '' : sentence(outcome.note),
          },
        ]
  })
}

function atTargets(enforcers: readonly EnforcedBy[]): string | undefined {
  const known = enforcers.filter((enforcer) => enforcer !== 'unknown' && enforcer !== 'nobody')
  if (known.length > 0) return listedUpTo(known, 'and')
  return enforcers.includes('unknown') ? undefined : 'not enforced'
}

/** The effect of a rule in a policy without targetRefs, which only the proxies of the pods enforce. */
function atPods(
  enforcers: readonly EnforcedBy[],
  outcome: RuleExplanation,
  rule: Rule | undefined,
): string | undefined {
  if (outcome.ztunnel === 'not sent') return undefined
  const others = enforcers.filter((enforcer) => enforcer === 'sidecar' || enforcer === 'gateway')
  const atZtunnel =
    enforcers.length === 0 ||
    enforcers.some((enforcer) => enforcer === 'destination ztunnel' || enforcer === 'unknown')
  const words: Readonly<Record<Exclude<RuleExplanation['ztunnel'], 'not sent'>, string>> = {
    kept: 'ztunnel',
    dropped: 'dropped by ztunnel',
    erased: `ztunnel, without ${erasedWords(rule)}`,
    'never matches': 'ztunnel, never matches',
  }
  return (
    listedUpTo([...(atZtunnel ? [words[outcome.ztunnel]] : []), ...others], 'and') || 'not enforced'
  )
}

function erasedWords(rule: Rule | undefined): string {
  const sources = (rule?.from ?? []).flatMap((source) =>
    SOURCE_FIELDS.filter(({ field, layer }) => source?.[field] && layer !== 'L4'),
  )
  const operations = (rule?.to ?? []).flatMap((operation) =>
    OPERATION_FIELDS.filter(({ field, layer }) => operation?.[field] && layer !== 'L4'),
  )
  const conditions = (rule?.when ?? []).flatMap(({ key }) =>
    layerOfKey(key) === 'L4' ? [] : [key],
  )
  const fields = [...sources, ...operations].map(({ field }) => field)
  return listedUpTo([...new Set<string>([...fields, ...conditions])], 'and', 3)
}

/** The Gateway of a `use-waypoint` label, and whether it is used. */
function waypointHints(
  mesh: Mesh,
  resource: Resource,
  { labels, path }: { readonly labels: Labels | undefined; readonly path: FieldPath },
): Hint[] {
  const name = labels?.[USE_WAYPOINT]
  const binding = name === undefined || name === 'none' ? undefined : bindingOf(mesh, resource)
  const text =
    binding &&
    (resource.type === 'ServiceEntry' && binding.status === 'bound' && whyUncaptured(mesh, resource)
      ? `→ ${shownName(binding.gateway)}, bypassed`
      : bindingText(binding))
  if (text === undefined) return []
  const label = [...path, 'metadata', 'labels', USE_WAYPOINT]
  return [
    {
      kind: 'waypoint',
      path: label,
      at: 'value',
      text,
      tooltip: explainLabel(mesh, resource, label) ?? '',
    },
  ]
}

function bindingOf(mesh: Mesh, resource: Resource): WaypointBinding | undefined {
  if (resource.type === 'Service' || resource.type === 'ServiceEntry')
    return mesh.get(waypointOfService, resource)
  if (resource.type === 'Namespace') return mesh.get(waypointOfNamespace, resource.name)
  return isWorkload(resource) ? mesh.get(waypointOfWorkload, resource) : undefined
}

function bindingText(binding: WaypointBinding): string | undefined {
  switch (binding.status) {
    case 'bound':
      return `→ ${shownName(binding.gateway)}`
    case 'error':
      return binding.gateway
        ? `→ ${shownName(binding.gateway)}, not used`
        : `→ no Gateway ${shownName(binding.choice)}`
    case 'none':
      return '→ not used'
    case 'unknown':
      return binding.choice ? `→ ${shownName(binding.choice)}, not in the workspace` : undefined
  }
}

/** The number of a named target port, which ztunnel compares. */
function portHints(mesh: Mesh, service: Service): Hint[] {
  return service.ports.flatMap((port, index): Hint[] => {
    if (port.targetPort === port.port || typeof port.targetPort === 'number') return []
    const targets = containerPorts(mesh, service, port)
    return targets.length === 0
      ? []
      : [
          {
            kind: 'containerPort',
            path: ['spec', 'ports', index, 'targetPort'],
            at: 'value',
            text: `→ ${listedUpTo(targets, 'or')}`,
            tooltip: PORT_TOOLTIP,
          },
        ]
  })
}

const PORT_TOOLTIP =
  'The container port. ztunnel and `selector` policies compare it; a waypoint compares the Service port.'

/** The container port behind a Service port in a policy with targetRefs. */
function policyPortHints(mesh: Mesh, policy: AuthorizationPolicy): Hint[] {
  const services = policy.targetRefs.flatMap((ref) => {
    const service = serviceOf(resolveTarget(mesh, policy, ref))
    return service?.type === 'Service' ? [service] : []
  })
  if (services.length === 0) return []
  return policy.rules.flatMap((rule, index) =>
    (rule.to ?? []).flatMap((operation, at) =>
      (['ports', 'notPorts'] as const).flatMap((field) =>
        (operation?.[field] ?? []).flatMap((value, item): Hint[] => {
          const targets = [
            ...new Set(
              services.flatMap((service) =>
                service.ports
                  .filter(({ port }) => String(port) === value)
                  .flatMap((port) => containerPorts(mesh, service, port)),
              ),
            ),
          ]
          if (targets.length === 0 || targets.every((target) => target === value)) return []
          return [
            {
              kind: 'containerPort',
              path: ['spec', 'rules', index, 'to', at, 'operation', field, item],
              at: 'value',
              text: `→ ${listedUpTo(targets, 'or')}`,
              tooltip: PORT_TOOLTIP,
            },
          ]
        }),
      ),
    ),
  )
}

function containerPorts(mesh: Mesh, service: Service, { targetPort }: ServicePort): string[] {
  const ports = mesh
    .get(workloadsOfService, service)
    .flatMap((workload) => targetPortOf(workload, targetPort) ?? [])
  const numbers = ports.length === 0 && typeof targetPort === 'number' ? [targetPort] : ports
  return [...new Set(numbers)].sort((a, b) => a - b).map(String)
}
