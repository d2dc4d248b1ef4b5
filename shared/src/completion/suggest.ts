import type { Mesh } from '../mesh/mesh.js'
import { WORKLOAD_KINDS } from '../resources/workload.js'
import { kindNamed, KINDS, roleOf, TARGET_KINDS, type KindRole } from '../vocabulary/kinds.js'
import type { FieldPath } from '../yaml/node.js'
import type { Field, Suggestion } from './completion.js'
import * as known from './known.js'
import type { LooseDocument } from './looseDocument.js'
import { fieldsAt, FIXED_VALUES, LABEL_VALUES } from './policyFields.js'
import {
  DATAPLANE_MODE,
  USE_WAYPOINT,
  USE_WAYPOINT_NAMESPACE,
  WAYPOINT_FOR,
} from '../vocabulary/labels.js'

/** The object that is being written, as far as it can be made out. */
export interface Draft {
  readonly mesh: Mesh
  readonly document: LooseDocument
  readonly kind: string
  readonly group: string
  readonly namespace: string
  /** From the document to the object: `[]`, or the item of a `List`. */
  readonly root: FieldPath
}

const POD_LABELS = /^(?:spec\.(?:jobTemplate\.spec\.)?template\.)?metadata\.labels$/

/** The keys that a mapping at a path takes; none for mappings that are not ours. */
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

/** The values that a field or an item at a path takes; none for fields that are not ours. */
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

/** Where the pods are whose labels a mapping selects, `''` for everywhere; undefined for other mappings. */
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

function selectorOf({ document, root }: Draft): Readonly<Record<string, string>> {
  return document.entries(...root, 'spec', 'selector', 'matchLabels')
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

const CONDITION_FIELDS: Readonly<Record<string, string>> = {
  'source.principal': 'principals',
  'source.namespace': 'namespaces',
  'source.serviceAccount': 'serviceAccounts',
  'source.trustDomain': 'trustDomains',
  'destination.port': 'ports',
}

function attributeValues(draft: Draft, path: FieldPath, pattern: string): readonly Suggestion[] {
  const field = /^spec\.rules\.#\.(?:from\.#\.source|to\.#\.operation)\.(\w+)\.#$/.exec(
    pattern,
  )?.[1]
  if (field !== undefined)
    return valuesOf(
      draft,
      field.startsWith('not') ? field.charAt(3).toLowerCase() + field.slice(4) : field,
    )
  if (!/^spec\.rules\.#\.when\.#\.(values|notValues)\.#$/.test(pattern)) return []
  const key = draft.document.value(...draft.root, ...path.slice(0, -2), 'key')
  return valuesOf(draft, CONDITION_FIELDS[key ?? ''] ?? '')
}

function valuesOf(draft: Draft, attribute: string): readonly Suggestion[] {
  const { mesh, namespace } = draft
  switch (attribute) {
    case 'principals':
      return mesh.get(known.principals, '')
    case 'serviceAccounts':
      return mesh.get(known.serviceAccounts, namespace)
    case 'namespaces':
      return mesh.get(known.namespaces, '')
    case 'trustDomains':
      return [{ value: mesh.settings.trustDomain, kind: 'value', detail: 'of this mesh' }]
    case 'hosts':
      return mesh.get(known.hosts, '')
    case 'ports':
      return portValues(draft).map((port) => ({ ...port, isText: true }))
    default:
      return []
  }
}

/** Service ports where a waypoint judges, container ports where ztunnel does. */
function portValues(draft: Draft): readonly Suggestion[] {
  const { mesh, document, namespace, root } = draft
  const refs = [
    ...Array.from(
      { length: document.length(...root, 'spec', 'targetRefs') },
      (_, index): FieldPath => ['spec', 'targetRefs', index],
    ),
    ['spec', 'targetRef'],
  ]
  const named = refs
    .map((ref) => ({
      kind: document.value(...root, ...ref, 'kind'),
      name: document.value(...root, ...ref, 'name'),
    }))
    .filter(({ kind }) => kind !== undefined)
  if (named.length === 0) return known.containerPorts(mesh, namespace, selectorOf(draft))
  const atGateway = named.some(({ kind }) => kind === 'Gateway' || kind === 'GatewayClass')
  const names = atGateway
    ? mesh.inNamespace('Service', namespace).map(({ name }) => name)
    : named.flatMap(({ kind, name }) => (kind === 'Service' && name !== undefined ? [name] : []))
  return known.servicePorts(mesh, namespace, names)
}
