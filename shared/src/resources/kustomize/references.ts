import type { YamlMap, YamlNode } from '../../yaml/node.js'
import { withTextAt } from './tree.js'

/** Kinds with a pod template at `spec.template`. */
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
 * The fields in which kustomize updates the name of another object that it renames, as far as the
 * fields are decoded here (kubernetes-sigs/kustomize
 * api/internal/konfig/builtinpluginconsts/namereference.go). Kustomize does not update references
 * in Istio or Gateway API objects.
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

/** Whether other objects may refer to this kind by name. */
export function isReferenced(kind: string): boolean {
  return kind === 'ServiceAccount' || kind === 'Service'
}

/**
 * The object with its references updated.
 *
 * @param rename the present name of an object, by kind and the name in the reference.
 */
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
