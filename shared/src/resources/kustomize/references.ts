import type { YamlMap, YamlNode } from '../../yaml/node.js'
import { withTextAt } from './tree.js'

/** Kinds whose pods are made from a template. */
export const TEMPLATED: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'DaemonSet',
  'StatefulSet',
  'ReplicationController',
  'Job',
])

interface Reference {
  readonly to: 'ServiceAccount' | 'Service'
  readonly path: readonly string[]
}

/**
 * The references to objects that are renamed that kustomize renames with them, as far as they are read here
 * (kubernetes-sigs/kustomize api/internal/konfig/builtinpluginconsts/namereference.go). Those of Istio and of the Gateway API are not among them.
 */
function referencesOf(kind: string): readonly Reference[] {
  switch (kind) {
    case 'Pod':
      return [account('spec')]
    case 'CronJob':
      return [account('spec', 'jobTemplate', 'spec', 'template', 'spec')]
    case 'Ingress':
      return [
        service('spec', 'rules', 'http', 'paths', 'backend', 'service', 'name'),
        service('spec', 'rules', 'http', 'paths', 'backend', 'serviceName'),
        service('spec', 'defaultBackend', 'service', 'name'),
        service('spec', 'backend', 'serviceName'),
      ]
    default:
      return TEMPLATED.has(kind) ? [account('spec', 'template', 'spec')] : []
  }
}

function account(...spec: readonly string[]): Reference {
  return { to: 'ServiceAccount', path: [...spec, 'serviceAccountName'] }
}

function service(...path: readonly string[]): Reference {
  return { to: 'Service', path }
}

export function isReferredTo(kind: string): boolean {
  return kind === 'ServiceAccount' || kind === 'Service'
}

/** @param rename gives what an object of a kind and name is called now. */
export function withReferences(
  root: YamlMap,
  kind: string,
  rename: (to: string, name: string) => string,
): YamlMap {
  const changed = referencesOf(kind).reduce<YamlNode>(
    (node, { to, path }) => withTextAt(node, path, (name) => rename(to, name)),
    root,
  )
  return changed.type === 'map' ? changed : root
}
