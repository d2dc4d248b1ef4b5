import { keys } from '../../inventory/indexKeys.js'
import type { Labels, Resource } from '../../resources/resource.js'
import { qualifiedName } from '../../resources/resource.js'
import { WORKLOAD_KINDS, type PodTemplate } from '../../resources/workload.js'
import { isEqual } from '../../text/isEqual.js'
import { defineRule } from '../rule.js'
import { quoted } from '../support/words.js'

/** The kinds whose content affects other findings. */
const KINDS = [
  'AuthorizationPolicy',
  'Gateway',
  'GatewayClass',
  'Namespace',
  'PeerAuthentication',
  'Service',
  'ServiceEntry',
  'WorkloadEntry',
  ...WORKLOAD_KINDS,
] as const

export const duplicateDefinition = defineRule({
  name: 'duplicate-definition',
  level: 'information',
  subjects: KINDS,
  reads: [...KINDS].sort(),
  check(subject, { mesh, report }) {
    if (subject.namespaceSource === 'unnamed' || subject.name === '' || !mesh.isContested(subject))
      return
    const definitions = mesh.at(
      subject.type,
      keys.named(subject.type, subject.namespace, subject.name),
    )
    if (definitions.length < 2 || definitions[0] !== subject) return
    const others = definitions.filter(
      (other) =>
        isComplete(other) && isComplete(subject) && !isEqual(contentOf(other), contentOf(subject)),
    )
    if (others.length === 0) return
    const count =
      others.length === 1 ? 'another definition' : `${String(others.length)} other definitions`
    report({
      message:
        `This ${subject.type} has ${count} with different content: these files do not ` +
        'show which one is in the cluster.',
      path: ['metadata', 'name'],
      related: others.slice(0, 8).map((other) => ({
        resource: other,
        path: ['metadata', 'name'],
        message: `Another definition of ${quoted(qualifiedName(other))}.`,
      })),
    })
  },
})

/** Values that another tool fills in may make two definitions equal. */
function isComplete({ placeholders }: Resource): boolean {
  return placeholders.length === 0
}

/** Fields about the name or the place of an object. They do not affect other findings. */
const IGNORED_FIELDS: ReadonlySet<string> = new Set([
  'apiVersion',
  'group',
  'namespaceSource',
  'origin',
  'problems',
  'placeholders',
  'terminated',
])

/** The fields of an object that affect other findings. */
function contentOf(resource: Resource): Readonly<Record<string, unknown>> {
  const fields = Object.entries(resource)
    .filter(([name]) => !IGNORED_FIELDS.has(name))
    .map(([name, value]: [string, unknown]) => [name, value] as const)
  const content: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(fields),
    labels: istioEntries(resource.labels),
    annotations: istioEntries(resource.annotations),
  }
  return 'template' in resource
    ? { ...content, template: podContentOf(resource.template) }
    : content
}

function podContentOf({
  labels,
  annotations,
  serviceAccountName,
  hostNetwork,
  ports,
}: PodTemplate): Readonly<Record<string, unknown>> {
  return {
    labels: withoutReleaseLabels(labels),
    annotations: istioEntries(annotations),
    serviceAccountName,
    hostNetwork,
    ports,
  }
}

/** The labels or annotations that Istio reads; empty where there are none. */
function istioEntries(labels: Labels | undefined): Labels {
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => key.includes('istio')))
}

/** Labels with the release of a chart. Selectors do not use them. */
const RELEASE_LABELS: ReadonlySet<string> = new Set([
  'helm.sh/chart',
  'chart',
  'heritage',
  'app.kubernetes.io/version',
  'app.kubernetes.io/managed-by',
  'pod-template-hash',
])

function withoutReleaseLabels(labels: Labels | undefined): Labels | undefined {
  return (
    labels && Object.fromEntries(Object.entries(labels).filter(([key]) => !RELEASE_LABELS.has(key)))
  )
}
