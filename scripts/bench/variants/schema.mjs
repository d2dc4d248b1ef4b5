// The schema for yaml-language-server: the structure of Istio objects and Gateways as in the API server, and only
// the common fields of all other objects.
import {
  AUTHORIZATION_POLICY,
  GATEWAY,
  PEER_AUTHENTICATION,
  REQUEST_AUTHENTICATION,
} from '../../../shared/src/resources/validation/schemas.ts'

const KINDS = {
  AuthorizationPolicy: AUTHORIZATION_POLICY,
  PeerAuthentication: PEER_AUTHENTICATION,
  RequestAuthentication: REQUEST_AUTHENTICATION,
  Gateway: GATEWAY,
}
const METADATA = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    namespace: { type: 'string' },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
  },
}

export function schema() {
  return {
    type: 'object',
    required: ['apiVersion', 'kind'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: METADATA,
      spec: { type: 'object' },
    },
    allOf: Object.entries(KINDS).map(([kind, then]) => ({
      if: { properties: { kind: { const: kind } } },
      then,
    })),
  }
}
