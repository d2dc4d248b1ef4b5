import type { Schema } from '@cfworker/json-schema'
import {
  OPERATION_FIELDS,
  SOURCE_FIELDS,
  type AttributeField,
} from '../../vocabulary/attributeFields.js'
import {
  ANY,
  BOOLEAN,
  closed,
  customResource,
  list,
  mapOf,
  NON_EMPTY,
  oneOf,
  SELECTOR,
  STRING,
  TARGET_REF,
} from './schema.js'

const STRINGS = list(STRING)
const SERVICE_ACCOUNTS = list({ type: 'string', maxLength: 320 }, { maxItems: 16 })

function attributes(fields: readonly AttributeField[]): Record<string, Schema> {
  return Object.fromEntries(
    fields.map(({ field, format }) => [
      field,
      format === 'service account' ? SERVICE_ACCOUNTS : STRINGS,
    ]),
  )
}

const ATTACHMENT = {
  selector: SELECTOR,
  targetRef: TARGET_REF,
  targetRefs: list(TARGET_REF, { maxItems: 16 }),
}

export const AUTHORIZATION_POLICY = customResource(
  closed({
    ...ATTACHMENT,
    action: oneOf('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
    provider: closed({ name: STRING }),
    rules: list(
      closed({
        from: list(closed({ source: closed(attributes(SOURCE_FIELDS)) }), { maxItems: 512 }),
        to: list(closed({ operation: closed(attributes(OPERATION_FIELDS)) })),
        when: list(
          closed({ key: STRING, values: STRINGS, notValues: STRINGS }, { required: ['key'] }),
        ),
      }),
      { maxItems: 512 },
    ),
  }),
)

const MUTUAL_TLS = closed({ mode: oneOf('UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT') })

export const PEER_AUTHENTICATION = customResource(
  closed({
    selector: SELECTOR,
    mtls: MUTUAL_TLS,
    portLevelMtls: mapOf(MUTUAL_TLS, { minProperties: 1 }),
  }),
)

const JWKS_URI: Schema = { type: 'string', minLength: 1, maxLength: 2048 }
const NON_EMPTY_STRINGS = list(NON_EMPTY)

export const REQUEST_AUTHENTICATION = customResource(
  closed({
    ...ATTACHMENT,
    jwtRules: list(
      closed({
        issuer: NON_EMPTY,
        audiences: NON_EMPTY_STRINGS,
        jwksUri: JWKS_URI,
        jwks_uri: JWKS_URI,
        jwks: STRING,
        fromHeaders: list(closed({ name: NON_EMPTY, prefix: STRING }, { required: ['name'] })),
        fromParams: NON_EMPTY_STRINGS,
        fromCookies: NON_EMPTY_STRINGS,
        outputPayloadToHeader: STRING,
        outputClaimToHeaders: list(
          closed(
            {
              header: { type: 'string', minLength: 1, pattern: '^[-_A-Za-z0-9]+$' },
              claim: NON_EMPTY,
            },
            { required: ['header', 'claim'] },
          ),
        ),
        forwardOriginalToken: BOOLEAN,
        timeout: STRING,
        presence: oneOf('OPTIONAL', 'REQUIRED'),
        spaceDelimitedClaims: list(NON_EMPTY, { maxItems: 64 }),
      }),
      { maxItems: 4096 },
    ),
  }),
)

/** A Gateway of the Kubernetes Gateway API: what every release and channel of that API requires. */
export const GATEWAY: Schema = {
  type: 'object',
  properties: {
    ...customResource(ANY).properties,
    spec: {
      type: 'object',
      required: ['gatewayClassName', 'listeners'],
      properties: {
        gatewayClassName: { type: 'string', minLength: 1, maxLength: 253 },
        listeners: list(
          {
            type: 'object',
            required: ['name', 'port', 'protocol'],
            properties: {
              name: { type: 'string', minLength: 1, maxLength: 253 },
              port: { type: 'integer', minimum: 1, maximum: 65535 },
              protocol: { type: 'string', minLength: 1, maxLength: 255 },
            },
          },
          { minItems: 1, maxItems: 64 },
        ),
      },
    },
  },
}
