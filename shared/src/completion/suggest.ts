import { WORKLOAD_KINDS } from '../resources/workload.js'
import { classRole } from '../mesh/gatewayClass.js'
import { kindNamed, roleOf } from '../vocabulary/kinds.js'
import type { FieldPath } from '../yaml/node.js'
import type { Field } from '../explain/fields/field.js'
import { choices, type Suggestion } from './completion.js'
import { policyKind, selectorOf, type Draft } from './draft.js'
import * as known from './known.js'
import { isIstioLabels, labelFields, labelValues } from './labelSuggestions.js'
import { suggestNames } from './nameSuggestions.js'
import { isAt, ITEM, KEY, type PathPattern } from '../yaml/pathPattern.js'
import { fieldAt, fieldsAt, isDescribed } from '../explain/fields/fieldsOf.js'
import { policyValues } from './policyValues.js'
import { targetValues } from './targetSuggestions.js'
import { METADATA_NAME } from '../vocabulary/labels.js'

/** The keys that a mapping at a path can have. None for mappings that Istio does not read. */
export function suggestFields(draft: Draft, path: FieldPath): readonly Field[] {
  if (isIstioLabels(draft, path)) return labelFields(draft)
  const selected = selectedNamespace(draft, path)
  if (selected !== undefined)
    return known
      .labelKeys(draft.mesh, selected)
      .map(({ key, detail }) => ({ name: key, holds: 'scalar', detail }))
  if (isNamespaceSelector(draft, path))
    return [{ name: METADATA_NAME, holds: 'scalar', detail: 'the name of a namespace' }]
  const kind = policyKind(draft)
  if (kind === 'PeerAuthentication' && isAt(path, ['spec', 'portLevelMtls']))
    return portFields(draft)
  const name = kindNamed(draft.group, draft.kind)
  return isDescribed(name) ? fieldsAt(name, path) : []
}

function portFields(draft: Draft): Field[] {
  const ports = known.containerPorts(draft.mesh, draft.namespace, selectorOf(draft))
  return ports.map(({ value, detail = '' }) => ({ name: value, holds: 'map', detail }))
}

/** The values that a field or an item at a path can have. None for fields that Istio does not read. */
export function suggestValues(draft: Draft, path: FieldPath): readonly Suggestion[] {
  const parent = path.slice(0, -1)
  if (isIstioLabels(draft, parent)) return labelValues(draft, path)
  const selected = selectedNamespace(draft, parent)
  if (selected !== undefined)
    return known.labelValues(draft.mesh, selected, String(path.at(-1) ?? ''))
  if (isNamespaceSelector(draft, parent) && path.at(-1) === METADATA_NAME)
    return draft.mesh.get(known.namespaces, '')
  if (isRoute(draft) && isAt(path, PARENT_FIELD) && path.at(-1) !== 'kind')
    return targetValues(draft, path)
  const source = SOURCES.find(
    ({ applies, at }) => applies(draft) && at.some((pattern) => isAt(path, pattern)),
  )
  const given = source ? source.values(draft) : []
  const values = given.length > 0 ? given : policyValues(draft, path)
  return values.length > 0 ? values : fixedValues(draft, path)
}

/** The values that the API accepts, the same in every mesh. */
function fixedValues({ group, kind }: Draft, path: FieldPath): readonly Suggestion[] {
  const name = kindNamed(group, kind)
  const values = isDescribed(name) ? fieldAt(name, path)?.values : undefined
  return values ? choices(values) : []
}

const PARENT_FIELD: PathPattern = ['spec', 'parentRefs', ITEM, KEY]

/** Whether a mapping has the labels of the namespaces that can use a Gateway. */
function isNamespaceSelector({ group, kind }: Draft, path: FieldPath): boolean {
  return (
    kindNamed(group, kind) === 'Gateway' &&
    isAt(path, [
      'spec',
      'listeners',
      ITEM,
      'allowedRoutes',
      'namespaces',
      'selector',
      'matchLabels',
    ])
  )
}

/** A field outside of policies whose values come from the mesh. */
interface ValueSource {
  readonly applies: (draft: Draft) => boolean
  readonly at: readonly PathPattern[]
  readonly values: (draft: Draft) => readonly Suggestion[]
}

/** Whether the Gateway has the class of waypoints, or no class yet. */
function isWaypoint({ document, group, kind, mesh, root }: Draft): boolean {
  const className = document.value(...root, 'spec', 'gatewayClassName')
  return (
    kindNamed(group, kind) === 'Gateway' &&
    (className === undefined || mesh.get(classRole, className) === 'waypoint')
  )
}

function isRoute({ group, kind }: Draft): boolean {
  return roleOf(kindNamed(group, kind)) === 'route'
}

const WORKLOADS: ReadonlySet<string> = new Set(WORKLOAD_KINDS)

const SOURCES: readonly ValueSource[] = [
  {
    applies: () => true,
    at: [['metadata', 'namespace']],
    values: ({ mesh }) => mesh.get(known.namespaces, ''),
  },
  {
    applies: ({ kind }) => WORKLOADS.has(kind),
    at: [
      ['spec', 'serviceAccountName'],
      ['spec', 'template', 'spec', 'serviceAccountName'],
      ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'serviceAccountName'],
    ],
    values: ({ mesh, namespace }) => mesh.get(known.ownServiceAccounts, namespace),
  },
  {
    applies: ({ group, kind }) => kindNamed(group, kind) === 'Gateway',
    at: [['spec', 'gatewayClassName']],
    values: ({ mesh }) => known.gatewayClasses(mesh),
  },
  {
    applies: isWaypoint,
    at: [['spec', 'listeners', ITEM, 'name']],
    values: () => [{ value: 'mesh', kind: 'value', detail: 'the usual name' }],
  },
  {
    applies: isWaypoint,
    at: [['spec', 'listeners', ITEM, 'port']],
    values: () => [{ value: '15008', kind: 'value', detail: 'the port of HBONE' }],
  },
  {
    applies: isWaypoint,
    at: [['spec', 'listeners', ITEM, 'protocol']],
    values: () => [{ value: 'HBONE', kind: 'enum', detail: 'the tunnel of ambient mode' }],
  },
  {
    applies: ({ group, kind }) => isDescribed(kindNamed(group, kind)),
    at: [['metadata', 'name']],
    values: suggestNames,
  },
  {
    applies: isRoute,
    at: [['spec', 'parentRefs', ITEM, 'kind']],
    values: () =>
      choices({
        Service: 'Its waypoint reads the route.',
        Gateway: 'That ingress gateway reads the route.',
      }),
  },
  {
    applies: ({ group, kind }) => kindNamed(group, kind) === 'Service',
    at: [['spec', 'ports', ITEM, 'targetPort']],
    values: targetPorts,
  },
]

function targetPorts({ mesh, document, namespace, root }: Draft): readonly Suggestion[] {
  const selector = document.entries(...root, 'spec', 'selector')
  if (Object.keys(selector).length === 0) return []
  return [
    ...known.portNames(mesh, namespace, selector),
    ...known.containerPorts(mesh, namespace, selector),
  ]
}

/** The namespace of the pods that a mapping selects by labels, `''` for all. Undefined for other mappings. */
function selectedNamespace(draft: Draft, path: FieldPath): string | undefined {
  const { kind, group, namespace, mesh } = draft
  if (policyKind(draft) && isAt(path, ['spec', 'selector', 'matchLabels']))
    return namespace === mesh.settings.rootNamespace ? '' : namespace
  const name = kindNamed(group, kind)
  const isSelector =
    (name === 'Service' && isAt(path, ['spec', 'selector'])) ||
    (name === 'ServiceEntry' && isAt(path, ['spec', 'workloadSelector', 'labels']))
  return isSelector ? namespace : undefined
}
