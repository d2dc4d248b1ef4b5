// What yaml-language-server is given to check manifests by: the structure that the API server holds Istio's objects and Gateways to, and of the others their envelope.
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
