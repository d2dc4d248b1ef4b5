import type { Labels, Resource } from '../../resources/resource.js'
import type { PodTemplate } from '../../resources/workload.js'

/** Fields about the name or the place of an object. They do not affect other findings. */
const IGNORED_FIELDS: ReadonlySet<string> = new Set([
  'apiVersion',
  'group',
  'isPartial',
  'namespaceSource',
  'origin',
  'problems',
  'placeholders',
  'terminated',
])

/** The fields of an object that affect other findings. */
export function contentOf(resource: Resource): Readonly<Record<string, unknown>> {
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
