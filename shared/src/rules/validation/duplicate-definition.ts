import { keys } from '../../inventory/indexKeys.js'
import type { Labels, Resource } from '../../resources/resource.js'
import { qualifiedName } from '../../resources/resource.js'
import { WORKLOAD_KINDS, type PodTemplate } from '../../resources/workload.js'
import { isEqual } from '../../text/isEqual.js'
import { defineRule } from '../rule.js'
import { quoted } from '../support/words.js'

/** The kinds of which a verdict reads more than that they exist. */
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
        isWhole(other) && isWhole(subject) && !isEqual(contentOf(other), contentOf(subject)),
    )
    if (others.length === 0) return
    report({
      message: `This ${subject.type} is defined ${others.length === 1 ? 'once more' : `${String(others.length)} times more`} with other content: the files do not tell which one is in the cluster.`,
      path: ['metadata', 'name'],
      related: others.slice(0, 8).map((other) => ({
        resource: other,
        path: ['metadata', 'name'],
        message: `Another definition of ${quoted(qualifiedName(other))}.`,
      })),
    })
  },
})

/** What another tool fills in may make two definitions equal. */
function isWhole({ placeholders }: Resource): boolean {
  return placeholders.length === 0
}

/** Fields of every object that say where it was written, or who it is, and not what holds. */
const IDENTITY: ReadonlySet<string> = new Set([
  'apiVersion',
  'group',
  'namespaceSource',
  'origin',
  'problems',
  'placeholders',
  'terminated',
])

/** What verdicts read of an object. */
function contentOf(resource: Resource): Readonly<Record<string, unknown>> {
  const fields = Object.entries(resource)
    .filter(([name]) => !IDENTITY.has(name))
    .map(([name, value]: [string, unknown]) => [name, value] as const)
  const content: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(fields),
    labels: ofIstio(resource.labels),
    annotations: ofIstio(resource.annotations),
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
    labels: withoutReleases(labels),
    annotations: ofIstio(annotations),
    serviceAccountName,
    hostNetwork,
    ports,
  }
}

/** Labels and annotations that Istio reads; undefined and none are the same. */
function ofIstio(labels: Labels | undefined): Labels {
  return Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => key.includes('istio')))
}

/** Labels that say which release of a chart made the pods: selectors do not go by them. */
const RELEASE_LABELS: ReadonlySet<string> = new Set([
  'helm.sh/chart',
  'chart',
  'heritage',
  'app.kubernetes.io/version',
  'app.kubernetes.io/managed-by',
  'pod-template-hash',
])

function withoutReleases(labels: Labels | undefined): Labels | undefined {
  return (
    labels && Object.fromEntries(Object.entries(labels).filter(([key]) => !RELEASE_LABELS.has(key)))
  )
}
