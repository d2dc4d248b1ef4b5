import type { KindName } from '../../vocabulary/kinds.js'
import type { FieldPath } from '../../yaml/node.js'
import { isAt } from '../../yaml/pathPattern.js'
import type { Field, FieldsAt } from './field.js'
import { GATEWAY_CLASS_FIELDS, GATEWAY_FIELDS, ROUTE_FIELDS } from './gatewayFields.js'
import { objectFields, SERVICE_ENTRY_FIELDS } from './objectFields.js'
import { POLICY_FIELDS } from './policyFields.js'

/** The keys below `spec`, for the kinds that are described. */
const SPEC_FIELDS: Partial<Readonly<Record<KindName, readonly FieldsAt[]>>> = {
  ...POLICY_FIELDS,
  Gateway: GATEWAY_FIELDS,
  GatewayClass: GATEWAY_CLASS_FIELDS,
  HTTPRoute: ROUTE_FIELDS,
  GRPCRoute: ROUTE_FIELDS,
  ServiceEntry: SERVICE_ENTRY_FIELDS,
}

/** Whether all keys of a kind are described, from `apiVersion` on. Of others, only some values are. */
export function isDescribed(kind: KindName | undefined): boolean {
  return kind === 'Namespace' || (kind !== undefined && SPEC_FIELDS[kind] !== undefined)
}

/** The keys of the mapping at a path of an object. None for mappings that are not described. */
export function fieldsAt(kind: KindName | undefined, path: FieldPath): readonly Field[] {
  const rows = [...objectFields(kind), ...((kind && SPEC_FIELDS[kind]) ?? [])]
  const found = rows.find(({ at }) => isAt(path, at))?.fields ?? []
  return kind === 'Namespace' && path.length === 0
    ? found.filter(({ name }) => name !== 'spec')
    : found
}

/** The key at a path. Undefined if it is not described. */
export function fieldAt(kind: KindName | undefined, path: FieldPath): Field | undefined {
  const name = path.at(-1)
  return fieldsAt(kind, path.slice(0, -1)).find((field) => field.name === name)
}
