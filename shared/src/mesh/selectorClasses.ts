import { keys, selectorPair } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import type { Labels, ResourceOf, ResourceType } from '../resources/resource.js'
import { isEmptyLabels, matchesLabels } from '../resources/selector.js'
import { compact } from '../text/collections.js'
import { query, type Mesh } from './mesh.js'
import { podLabels } from './pods.js'

/** Between the parts of a key. Neither namespaces nor labels can have a line break. */
const BREAK = '\n'

/** Labels with a namespace, as a key of queries: objects with the same key are of one class. */
export interface PlacedLabels {
  /** Undefined for all namespaces. */
  readonly namespace: string | undefined
  /** Undefined for a pod that has no labels at all. */
  readonly labels: Labels | undefined
}

/** The key of a selector, with its labels in alphabetical order. */
export function selectorKey({ namespace, labels }: PlacedLabels): string {
  return keyOf({ namespace, labels }, Object.keys(labels ?? {}).sort())
}

function keyOf({ namespace, labels }: PlacedLabels, names: readonly string[]): string {
  const start = namespace === undefined ? '' : `/${namespace}`
  if (labels === undefined) return start
  return names.reduce(
    (key, name) => `${key}${BREAK}${name}${BREAK}${labels[name] ?? ''}`,
    `${start}${BREAK}`,
  )
}

/** What a key is made from. */
export function labelsOfKey(key: string): PlacedLabels {
  const [place = '', ...rest] = key.split(BREAK)
  const namespace = place === '' ? undefined : place.slice(1)
  if (rest.length === 0) return { namespace, labels: undefined }
  const labels: Record<string, string> = {}
  for (let at = 1; at < rest.length; at += 2) labels[rest[at] ?? ''] = rest[at + 1] ?? ''
  return { namespace, labels }
}

/** The workloads with the labels of a `selectorKey`. Without labels, every workload of the place. */
export const workloadsWithLabels = query(
  'workloads with labels',
  (mesh, key: string): readonly Workload[] => {
    const { namespace, labels = {} } = labelsOfKey(key)
    if (isEmptyLabels(labels))
      return mesh.workloadsAt(
        namespace === undefined ? keys.allWorkloads() : keys.workloads(namespace),
      )
    const pair = selectorPair(labels)
    const candidates = mesh.workloadsAt(
      namespace === undefined
        ? keys.workloadsLabelledAnywhere(pair)
        : keys.workloadsLabelled(namespace, pair),
    )
    return compact(candidates.filter((workload) => matchesLabels(labels, podLabels(workload))))
  },
)

/**
 * The labels that selectors of policies read at the workloads of a namespace: of every definition, so
 * that a policy with variants makes no difference for other policies.
 */
const labelsReadByPolicies = query(
  'labels that policies read',
  (mesh, namespace: string): ReadonlySet<string> => {
    const root = mesh.settings.rootNamespace
    const places = namespace === root ? [namespace] : [namespace, root]
    return namesIn(
      [
        ...places.flatMap((place) => definitions(mesh, 'AuthorizationPolicy', place)),
        ...definitions(mesh, 'PeerAuthentication', namespace),
      ].map(({ selector }) => selector?.matchLabels),
    )
  },
  { ofAllVariants: true },
)

const labelsReadByServices = query(
  'labels that services read',
  (mesh, namespace: string): ReadonlySet<string> =>
    namesIn(definitions(mesh, 'Service', namespace).map(({ selector }) => selector)),
  { ofAllVariants: true },
)

function definitions<T extends ResourceType>(
  mesh: Mesh,
  type: T,
  namespace: string,
): readonly ResourceOf<T>[] {
  return mesh.everyDefinition(type, keys.namespace(type, namespace))
}

/** In alphabetical order: the order of the objects makes no difference. */
function namesIn(selectors: readonly (Labels | undefined)[]): ReadonlySet<string> {
  const names = new Set(selectors.flatMap((selector) => Object.keys(selector ?? {})))
  return new Set([...names].sort())
}

/**
 * The class of the workloads that have the same policies at ztunnel: their namespace, and those of
 * their labels that selectors of policies read.
 */
export const policyClassOf = query('policy class', (mesh, workload: Workload): string =>
  classOf(workload, mesh.get(labelsReadByPolicies, workload.namespace)),
)

/** The class of the workloads that the same Services select. */
export const serviceClassOf = query('service class', (mesh, workload: Workload): string =>
  classOf(workload, mesh.get(labelsReadByServices, workload.namespace)),
)

/** The class of the workloads whose labels have the same values under these names. */
export function classOf(workload: Workload, read: ReadonlySet<string>): string {
  const labels = podLabels(workload)
  const names = Object.keys(labels ?? {}).filter((name) => read.has(name))
  return keyOf({ namespace: workload.namespace, labels }, names)
}
