import { WORKLOAD_KINDS } from '../resources/workload.js'
import { kindNamed, KINDS, roleOf, TARGET_KINDS, type KindRole } from '../vocabulary/kinds.js'
import type { FieldPath } from '../yaml/node.js'
import { attributeValues } from './attributeValues.js'
import type { Field, Suggestion } from './completion.js'
import { selectorOf, type Draft } from './draft.js'
import * as known from './known.js'
import { fieldsAt, FIXED_VALUES, LABEL_VALUES } from './policyFields.js'
import {
  DATAPLANE_MODE,
  USE_WAYPOINT,
  USE_WAYPOINT_NAMESPACE,
  WAYPOINT_FOR,
} from '../vocabulary/labels.js'

const POD_LABELS = /^(?:spec\.(?:jobTemplate\.spec\.)?template\.)?metadata\.labels$/

/** The keys that a mapping at a path can have. None for mappings that Istio does not read. */
export function suggestFields(draft: Draft, path: FieldPath): readonly Field[] {
  const { mesh, kind } = draft
  const pattern = patternOf(path)
  if (isLabels(draft, pattern)) return labelFields(draft, pattern)
  const selected = selectorNamespace(draft, pattern)
  if (selected !== undefined)
    return known
      .labelKeys(mesh, selected)
      .map(({ key, detail }) => ({ name: key, holds: 'scalar', detail }))
  if (kind === 'PeerAuthentication' && pattern === 'spec.portLevelMtls') {
    return known
      .containerPorts(mesh, draft.namespace, selectorOf(draft))
      .map(({ value, detail }) => ({
        name: value,
        holds: 'map',
        ...(detail === undefined ? {} : { detail }),
      }))
  }
  return isOurs(draft) ? fieldsAt(kind, pattern) : []
}

/** The values that a field or an item at a path can have. None for fields that Istio does not read. */
export function suggestValues(draft: Draft, path: FieldPath): readonly Suggestion[] {
  const { mesh, kind, namespace } = draft
  const pattern = patternOf(path)
  const parent = pattern.slice(
    0,
    Math.max(0, pattern.length - String(path.at(-1) ?? '').length - 1),
  )
  const key = String(path.at(-1) ?? '')
  if (isLabels(draft, patternOf(path.slice(0, -1)))) return labelValues(draft, path)
  const selected = selectorNamespace(draft, patternOf(path.slice(0, -1)))
  if (selected !== undefined) return known.labelValues(mesh, selected, key)
  if (pattern === 'metadata.namespace') return mesh.get(known.namespaces, '')
  if (
    WORKLOADS.has(kind) &&
    key === 'serviceAccountName' &&
    (parent === 'spec' || parent.endsWith('template.spec'))
  )
    return mesh.get(known.ownServiceAccounts, namespace)
  if (
    kind === 'Gateway' &&
    draft.group === 'gateway.networking.k8s.io' &&
    pattern === 'spec.gatewayClassName'
  )
    return known.gatewayClasses(mesh)
  if (kind === 'Service' && draft.group === '' && pattern === 'spec.ports.#.targetPort') {
    const selector = draft.document.entries(...draft.root, 'spec', 'selector')
    return Object.keys(selector).length === 0
      ? []
      : [
          ...known.portNames(mesh, namespace, selector),
          ...known.containerPorts(mesh, namespace, selector),
        ]
  }
  if (!isOurs(draft)) return []
  const fixed = FIXED_VALUES[kind]?.[pattern]
  if (fixed) return fixed
  if (pattern.startsWith('spec.targetRefs.#.') && kind !== 'PeerAuthentication')
    return targetValues(draft, path)
  return kind === 'AuthorizationPolicy' ? attributeValues(draft, path, pattern) : []
}

/** Whole items of a list of mappings: the targets that a policy of this namespace can have. */
export function suggestTargets(
  draft: Draft,
  path: FieldPath,
): readonly (Suggestion & {
  readonly target: { readonly kind: string; readonly group: string }
})[] {
  const isHere =
    isOurs(draft) &&
    draft.kind !== 'PeerAuthentication' &&
    /^spec\.targetRefs(\.#)?$/.test(patternOf(path))
  if (!isHere) return []
  return TARGET_KINDS.flatMap((kind) =>
    known
      .targets(draft.mesh, draft.namespace, kind)
      .map((target) => ({ ...target, target: { kind, group: KINDS[kind].group } })),
  )
}

const WORKLOADS: ReadonlySet<string> = new Set<string>(WORKLOAD_KINDS)

function isOurs({ kind, group }: Draft): boolean {
  return roleOf(kindNamed(group, kind)) === 'policy'
}

/** `spec.rules.#.from`, `spec.portLevelMtls.*.mode`. */
function patternOf(path: FieldPath): string {
  return path
    .map((segment, index) =>
      typeof segment === 'number' ? '#' : path[index - 1] === 'portLevelMtls' ? '*' : segment,
    )
    .join('.')
}

function isLabels({ kind, group }: Draft, pattern: string): boolean {
  if (!POD_LABELS.test(pattern)) return false
  const own = pattern === 'metadata.labels'
  if (WORKLOADS.has(kind)) return kind === 'Pod' ? own : !own
  return own && LABELLED_ROLES.includes(roleOf(kindNamed(group, kind)))
}

const LABELLED_ROLES: readonly (KindRole | undefined)[] = [
  'namespace',
  'service',
  'workload-entry',
  'gateway',
]

function labelFields({ kind }: Draft, _: string): Field[] {
  const dataplane: Field = {
    name: DATAPLANE_MODE,
    holds: 'scalar',
    detail: 'ambient or none',
    documentation: 'Enrols pods in ambient mode.',
  }
  const waypoint: Field[] = [
    {
      name: USE_WAYPOINT,
      holds: 'scalar',
      detail: 'name of a waypoint',
      documentation: 'The waypoint that traffic passes. `none` opts out.',
    },
    { name: USE_WAYPOINT_NAMESPACE, holds: 'scalar', detail: 'namespace of that waypoint' },
  ]
  if (kind === 'Gateway' || kind === 'GatewayClass')
    return [
      {
        name: WAYPOINT_FOR,
        holds: 'scalar',
        detail: 'service, workload, all or none',
        documentation: 'Which traffic a waypoint takes.',
      },
    ]
  return kind === 'Service' || kind === 'ServiceEntry' || kind === 'WorkloadEntry'
    ? waypoint
    : [dataplane, ...waypoint]
}

function labelValues(draft: Draft, path: FieldPath): readonly Suggestion[] {
  const label = String(path.at(-1) ?? '')
  const { mesh, document, kind, root } = draft
  if (label === USE_WAYPOINT_NAMESPACE) return mesh.get(known.namespaces, '')
  if (label !== USE_WAYPOINT) return LABEL_VALUES[label] ?? []
  const elsewhere = document.value(...root, ...path.slice(0, -1), USE_WAYPOINT_NAMESPACE)
  const own =
    kind === 'Namespace' ? (document.value(...root, 'metadata', 'name') ?? '') : draft.namespace
  return known.waypointNames(mesh, elsewhere ?? own)
}

/** The namespace of the pods that a mapping selects by labels, `''` for every namespace. Undefined for other mappings. */
function selectorNamespace(draft: Draft, pattern: string): string | undefined {
  const { kind, group, namespace, mesh } = draft
  if (isOurs(draft) && pattern === 'spec.selector.matchLabels')
    return namespace === mesh.settings.rootNamespace ? '' : namespace
  if (kind === 'Service' && group === '' && pattern === 'spec.selector') return namespace
  return kind === 'ServiceEntry' &&
    group === 'networking.istio.io' &&
    pattern === 'spec.workloadSelector.labels'
    ? namespace
    : undefined
}

function targetValues(
  { mesh, document, namespace, root }: Draft,
  path: FieldPath,
): readonly Suggestion[] {
  const item = path.slice(0, -1)
  const kind = document.value(...root, ...item, 'kind')
  const group = document.value(...root, ...item, 'group')
  switch (path.at(-1)) {
    case 'kind':
      return TARGET_KINDS.filter(
        (value) => group === undefined || group === KINDS[value].group,
      ).map((value) => ({
        value,
        kind: 'enum',
        detail: `${known.targets(mesh, namespace, value).length} here`,
      }))
    case 'group': {
      const wanted = TARGET_KINDS.filter((name) => name === kind)
      const groups = new Set(
        (wanted.length > 0 ? wanted : TARGET_KINDS).map((name) => KINDS[name].group),
      )
      return [...groups].map((value) => ({
        value,
        kind: 'enum',
        detail: TARGET_KINDS.filter((name) => KINDS[name].group === value).join(', '),
        isText: true,
      }))
    }
    case 'name':
      return kind === undefined
        ? TARGET_KINDS.flatMap((name) => known.targets(mesh, namespace, name))
        : known.targets(mesh, namespace, kind)
    default:
      return []
  }
}
