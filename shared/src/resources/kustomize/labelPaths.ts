import { TEMPLATED } from './references.js'

interface LabelPath {
  readonly path: readonly string[]
  /** Whether kustomize creates the mapping if the object lacks it. */
  readonly create: boolean
}

/**
 * The fields to which kustomize adds labels (kustomize
 * api/internal/konfig/builtinpluginconsts/commonlabels.go).
 */
export function labelPaths(
  kind: string,
  { templates, selectors }: { readonly templates: boolean; readonly selectors: boolean },
): readonly LabelPath[] {
  const metadata = [['metadata'], ...(templates ? templatePaths(kind) : [])].map((path) => ({
    path: [...path, 'labels'],
    create: true,
  }))
  return [...metadata, ...(selectors ? selectorPaths(kind) : [])]
}

/** The fields to which kustomize adds annotations. */
export function annotationPaths(kind: string): readonly (readonly string[])[] {
  return [['metadata'], ...templatePaths(kind)].map((path) => [...path, 'annotations'])
}

/** The metadata of the objects that a workload creates. */
function templatePaths(kind: string): readonly (readonly string[])[] {
  if (kind === 'CronJob')
    return [
      ['spec', 'jobTemplate', 'metadata'],
      ['spec', 'jobTemplate', 'spec', 'template', 'metadata'],
    ]
  return TEMPLATED.has(kind) ? [['spec', 'template', 'metadata']] : []
}

function selectorPaths(kind: string): readonly LabelPath[] {
  switch (kind) {
    case 'Service':
    case 'ReplicationController':
      return [{ path: ['spec', 'selector'], create: true }]
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet':
    case 'StatefulSet':
      return [{ path: ['spec', 'selector', 'matchLabels'], create: true }]
    case 'Job':
      return [{ path: ['spec', 'selector', 'matchLabels'], create: false }]
    case 'CronJob':
      return [{ path: ['spec', 'jobTemplate', 'spec', 'selector', 'matchLabels'], create: false }]
    case 'NetworkPolicy':
      return [
        ['spec', 'podSelector'],
        ['spec', 'ingress', 'from', 'podSelector'],
        ['spec', 'egress', 'to', 'podSelector'],
      ].map((path) => ({ path: [...path, 'matchLabels'], create: false }))
    default:
      return []
  }
}
