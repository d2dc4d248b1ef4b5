import { keys } from '../../inventory/indexKeys.js'
import type { Evidence } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import { folderOf } from '../../resources/paths.js'
import { isRejected } from '../../resources/rejected.js'
import type { Labels, Resource, ResourceOf } from '../../resources/resource.js'
import { qualifiedName } from '../../resources/resource.js'
import { WORKLOAD_KINDS, type PodTemplate } from '../../resources/workload.js'
import { addToGroup } from '../../text/collections.js'
import { compareText } from '../../text/compareText.js'
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
  reads: [...KINDS, 'MeshConfig' as const, 'disputes' as const].sort(),
  check(subject, { mesh, report }) {
    if (subject.namespaceSource === 'unnamed' || subject.name === '' || !mesh.isContested(subject))
      return
    const definitions = mesh.at(
      subject.type,
      keys.named(subject.type, subject.namespace, subject.name),
    )
    if (definitions.length < 2 || definitions[0] !== subject) return
    const others = othersOf(definitions)
    if (others.length === 0) return
    mesh.dependOn([keys.disputes()])
    const group = mesh.perSnapshot(duplicatesByFolders).get(foldersOf(subject, others)) ?? [subject]
    if (group[0] !== subject) return
    report({
      message: messageFor(subject, group.length - 1, others.length),
      path: ['metadata', 'name'],
      related: relatedDefinitions(subject, others, group.slice(1)),
    })
  },
})

type Subject = ResourceOf<(typeof KINDS)[number]>

function messageFor({ type }: Subject, more: number, others: number): string {
  if (more > 0)
    return (
      `This ${type} and ${String(more)} more object${more === 1 ? '' : 's'} have several different ` +
      'definitions: these files do not show which are in the cluster.'
    )
  const count = others === 1 ? 'another definition' : `${String(others)} other definitions`
  return (
    `This ${type} has ${count} with different content: these files do not ` +
    'show which one is in the cluster.'
  )
}

/** Related places that one finding names at most. */
const MAX_RELATED = 8

function relatedDefinitions(
  subject: Subject,
  others: readonly Subject[],
  more: readonly Subject[],
): Evidence[] {
  return [
    ...others.map((other) => ({
      resource: other,
      path: ['metadata', 'name'],
      message: `Another definition of ${quoted(qualifiedName(subject))}.`,
    })),
    ...more.map((other) => ({
      resource: other,
      path: ['metadata', 'name'],
      message: `${quoted(qualifiedName(other))} has several definitions too.`,
    })),
  ].slice(0, MAX_RELATED)
}

/** The definitions that differ from the first one. */
function othersOf<R extends Resource>(definitions: readonly R[]): readonly R[] {
  const [first] = definitions
  if (!first || !isComplete(first)) return []
  const content = contentOf(first)
  return definitions.filter((other) => isComplete(other) && !isEqual(contentOf(other), content))
}

/** The folders of the definitions, as a key. */
function foldersOf(first: Resource, others: readonly Resource[]): string {
  const folders = [first, ...others].map(({ origin }) => folderOf(origin.file))
  return JSON.stringify([...new Set(folders)].sort())
}

/** Folders → the objects that these define differently, each by its first definition. */
function duplicatesByFolders(mesh: Mesh): ReadonlyMap<string, readonly Subject[]> {
  const found = new Map<string, Subject[]>()
  for (const name of [...mesh.contested].sort()) {
    const definitions = mesh.inventory.at(name).filter(isSubject)
    const [first] = definitions
    const others = othersOf(definitions)
    if (first && others.length > 0) addToGroup(found, foldersOf(first, others), first)
  }
  for (const group of found.values()) group.sort(byOrigin)
  return found
}

function isSubject(resource: Resource): resource is Subject {
  return (
    KIND_SET.has(resource.type) &&
    resource.namespaceSource !== 'unnamed' &&
    resource.name !== '' &&
    !isRejected(resource)
  )
}

const KIND_SET: ReadonlySet<string> = new Set(KINDS)

function byOrigin({ origin: a }: Resource, { origin: b }: Resource): number {
  return compareText(a.file, b.file) || a.document - b.document || a.ordinal - b.ordinal
}

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
