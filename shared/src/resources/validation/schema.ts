import type { Schema } from '@cfworker/json-schema'

// Words for schemas, written from the facts of Istio's custom resource definitions (`istio/api kubernetes/customresourcedefinitions.gen.yaml`).

/** A mapping with these fields and no others: the API server rejects unknown fields. */
export function closed(properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  return { type: 'object', properties, additionalProperties: false, ...more }
}

export function list(items: Schema, more: Schema = {}): Schema {
  return { type: 'array', items, ...more }
}

/** A mapping with any keys. */
export function mapOf(values: Schema, more: Schema = {}): Schema {
  return { type: 'object', additionalProperties: values, ...more }
}

export function oneOf(...values: readonly string[]): Schema {
  return { type: 'string', enum: [...values] }
}

export const ANY: Schema = {}
export const STRING: Schema = { type: 'string' }
export const BOOLEAN: Schema = { type: 'boolean' }
export const NON_EMPTY: Schema = { type: 'string', minLength: 1 }

const NULLABLE_STRING: Schema = { type: ['string', 'null'] }
const STRING_MAP: Schema = { type: ['object', 'null'], additionalProperties: NULLABLE_STRING }

/** Kubernetes' ObjectMeta. Fields that the server writes itself are not checked. */
const METADATA = closed({
  name: NULLABLE_STRING,
  generateName: NULLABLE_STRING,
  namespace: NULLABLE_STRING,
  labels: STRING_MAP,
  annotations: STRING_MAP,
  ownerReferences: ANY,
  finalizers: { type: ['array', 'null'], items: STRING },
  ...Object.fromEntries(
    [
      'uid',
      'resourceVersion',
      'generation',
      'creationTimestamp',
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
      'selfLink',
      'managedFields',
      'clusterName',
    ].map((name) => [name, ANY]),
  ),
})

/** The schema of a custom resource with this `spec`. */
export function customResource(spec: Schema, more: Schema = {}): Schema {
  return closed({ apiVersion: STRING, kind: STRING, metadata: METADATA, spec, status: ANY }, more)
}

/** Istio's WorkloadSelector. */
export const SELECTOR = closed({
  matchLabels: mapOf({ type: 'string', maxLength: 63 }, { maxProperties: 4096 }),
})

/** Istio's PolicyTargetReference. */
export const TARGET_REF = closed(
  {
    group: {
      type: 'string',
      maxLength: 253,
      pattern: '^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
    },
    kind: {
      type: 'string',
      minLength: 1,
      maxLength: 63,
      pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$',
    },
    name: { type: 'string', minLength: 1, maxLength: 253 },
    namespace: STRING,
  },
  { required: ['kind', 'name'] },
)
