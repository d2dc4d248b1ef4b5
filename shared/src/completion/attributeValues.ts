import { fieldNamed } from '../vocabulary/attributeFields.js'
import { factsOf, type AttributeName, type ValueKind } from '../vocabulary/attributes.js'
import { attributeOfKey } from '../vocabulary/whenKeys.js'
import type { FieldPath } from '../yaml/node.js'
import type { Suggestion } from './completion.js'
import * as known from './known.js'
import { selectorOf, type Draft } from './draft.js'
import { isAt, ITEM, KEY, type PathPattern } from '../yaml/pathPattern.js'

const RULE: PathPattern = ['spec', 'rules', ITEM]
const FIELD_ITEMS: readonly PathPattern[] = [
  [...RULE, 'from', ITEM, 'source', KEY, ITEM],
  [...RULE, 'to', ITEM, 'operation', KEY, ITEM],
]
const CONDITION_ITEMS: readonly PathPattern[] = [
  [...RULE, 'when', ITEM, 'values', ITEM],
  [...RULE, 'when', ITEM, 'notValues', ITEM],
]

/** The values of an attribute of a rule, at an item of its list; none at other paths. */
export function attributeValues(draft: Draft, path: FieldPath): readonly Suggestion[] {
  const attribute = attributeAt(draft, path)
  return attribute ? VALUES[factsOf(attribute).value](draft) : []
}

function attributeAt(draft: Draft, path: FieldPath): AttributeName | undefined {
  if (FIELD_ITEMS.some((pattern) => isAt(path, pattern)))
    return fieldNamed(String(path.at(-2)))?.attribute
  if (!CONDITION_ITEMS.some((pattern) => isAt(path, pattern))) return undefined
  const key = draft.document.value(...draft.root, ...path.slice(0, -2), 'key')
  return attributeOfKey(key ?? '')?.attribute
}

const METHODS: readonly Suggestion[] = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
].map((value) => ({ value, kind: 'enum', documentation: '' }))

const NONE = (): readonly Suggestion[] => []

/** The values that a mesh knows, by what a value names. */
const VALUES: Readonly<Record<ValueKind, (draft: Draft) => readonly Suggestion[]>> = {
  principal: ({ mesh }) => mesh.get(known.principals, ''),
  'service account': ({ mesh, namespace }) => mesh.get(known.serviceAccounts, namespace),
  namespace: ({ mesh }) => mesh.get(known.namespaces, ''),
  'trust domain': ({ mesh }) => [
    { value: mesh.settings.trustDomain, kind: 'value', detail: 'of this mesh' },
  ],
  host: hostValues,
  port: (draft) => portValues(draft).map((port) => ({ ...port, isText: true })),
  method: () => METHODS,
  path: NONE,
  'request principal': NONE,
  'address block': NONE,
  'server name': NONE,
  header: NONE,
  claim: NONE,
  'filter state': NONE,
}

/** The hosts of Services, those of the policy's targets first. */
function hostValues(draft: Draft): readonly Suggestion[] {
  const { mesh, namespace } = draft
  const targets = new Set(
    targetsOf(draft).flatMap(({ kind, name }) =>
      kind === 'Service' && name !== undefined ? [`Service ${namespace}/${name}`] : [],
    ),
  )
  const hosts = mesh.get(known.hosts, '')
  const isTarget = ({ detail }: Suggestion): boolean => targets.has(detail ?? '')
  return [...hosts.filter(isTarget), ...hosts.filter((host) => !isTarget(host))]
}

/** The ports of Services where a waypoint enforces the policy, container ports where ztunnel does. */
function portValues(draft: Draft): readonly Suggestion[] {
  const { mesh, namespace } = draft
  const named = targetsOf(draft)
  if (named.length === 0) return known.containerPorts(mesh, namespace, selectorOf(draft))
  const atGateway = named.some(({ kind }) => kind === 'Gateway' || kind === 'GatewayClass')
  const names = atGateway
    ? mesh.inNamespace('Service', namespace).map(({ name }) => name)
    : named.flatMap(({ kind, name }) => (kind === 'Service' && name !== undefined ? [name] : []))
  return known.servicePorts(mesh, namespace, names)
}

interface WrittenTarget {
  readonly kind: string | undefined
  readonly name: string | undefined
}

/** The targets of the policy, as far as they are written. */
function targetsOf({ document, root }: Draft): readonly WrittenTarget[] {
  const refs = [
    ...Array.from(
      { length: document.length(...root, 'spec', 'targetRefs') },
      (_, index): FieldPath => ['spec', 'targetRefs', index],
    ),
    ['spec', 'targetRef'],
  ]
  return refs
    .map((ref) => ({
      kind: document.value(...root, ...ref, 'kind'),
      name: document.value(...root, ...ref, 'name'),
    }))
    .filter(({ kind }) => kind !== undefined)
}
