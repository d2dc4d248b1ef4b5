import { OPERATION_FIELDS, SOURCE_FIELDS } from '../../vocabulary/attributeFields.js'
import type { KindNameOf } from '../../vocabulary/kinds.js'
import { ITEM, KEY, type PathPattern } from '../../yaml/pathPattern.js'
import { attributeField } from './attributeField.js'
import { list, map, scalar, type FieldsAt } from './field.js'

const SELECTOR = map(
  'selector',
  "Pods in the policy's namespace with these labels; in the root namespace pods in every namespace. " +
    '**ztunnel** and sidecars enforce the policy, waypoints ignore it.',
)
const TARGET_REFS = list(
  'targetRefs',
  'Services, ServiceEntries, Gateways or a GatewayClass. ' +
    'The **waypoint** enforces the policy, ztunnel does not receive it.',
)
const IN_SELECTOR: FieldsAt = {
  at: ['spec', 'selector'],
  fields: [
    map('matchLabels', 'A pod is selected if it has **all** of these labels with these values.'),
  ],
}
const IN_TARGET_REF: FieldsAt = {
  at: ['spec', 'targetRefs', ITEM],
  fields: [
    scalar(
      'group',
      'The API group: `""` for a Service, `networking.istio.io` for a ServiceEntry, ' +
        '`gateway.networking.k8s.io` for a Gateway or GatewayClass.',
    ),
    scalar('kind', 'The kind of the target: Service, ServiceEntry, Gateway or GatewayClass.'),
    scalar(
      'name',
      "The name of the target. It is in the policy's namespace; a GatewayClass has no namespace, and its policy is in the root namespace.",
    ),
  ],
}
const RULE: PathPattern = ['spec', 'rules', ITEM]

const MODES = {
  STRICT: 'Plaintext is rejected.',
  PERMISSIVE: 'Plaintext and mTLS are both accepted.',
  DISABLE: 'Same as `PERMISSIVE`: ambient mode never switches mTLS off.',
  UNSET: 'Inherited from the namespace or the mesh.',
}
const MODE = scalar('mode', 'Whether ztunnel accepts plaintext connections.', MODES)

/** The keys of the policies below `spec`. */
export const POLICY_FIELDS: Readonly<Record<KindNameOf<'policy'>, readonly FieldsAt[]>> = {
  AuthorizationPolicy: [
    {
      at: ['spec'],
      fields: [
        SELECTOR,
        TARGET_REFS,
        scalar('action', 'What happens to a request that a rule matches. `ALLOW` if absent.', {
          ALLOW: 'Allows what a rule matches; everything else is denied.',
          DENY: 'Denies what a rule matches.',
          AUDIT: 'Waypoints log what a rule matches; ztunnel does not receive the policy.',
          CUSTOM: 'Waypoints ask an external authorizer; ztunnel does not receive the policy.',
        }),
        list(
          'rules',
          'The policy matches if one of the rules matches. An ALLOW policy without rules denies everything.',
        ),
        map('provider', 'The external authorizer of a policy with the action `CUSTOM`.'),
      ],
    },
    IN_SELECTOR,
    IN_TARGET_REF,
    {
      at: ['spec', 'provider'],
      fields: [scalar('name', 'A name in `extensionProviders` of MeshConfig.')],
    },
    {
      at: RULE,
      fields: [
        list(
          'from',
          'Clients: one of the entries matches. Every client matches if `from` is absent.',
        ),
        list(
          'to',
          'Requests: one of the entries matches. Every request matches if `to` is absent.',
        ),
        list('when', 'Conditions: all of them match.'),
      ],
    },
    {
      at: [...RULE, 'from', ITEM],
      fields: [map('source', 'A client: all fields of the source match.')],
    },
    {
      at: [...RULE, 'to', ITEM],
      fields: [map('operation', 'A request: all fields of the operation match.')],
    },
    { at: [...RULE, 'from', ITEM, 'source'], fields: SOURCE_FIELDS.map(attributeField) },
    { at: [...RULE, 'to', ITEM, 'operation'], fields: OPERATION_FIELDS.map(attributeField) },
    {
      at: [...RULE, 'when', ITEM],
      fields: [
        scalar(
          'key',
          'The attribute of the condition. Its layer decides which proxy can match it.',
        ),
        list('values', 'One of them matches.'),
        list('notValues', 'None of them matches.'),
      ],
    },
  ],
  PeerAuthentication: [
    {
      at: ['spec'],
      fields: [
        {
          ...SELECTOR,
          documentation:
            "Pods in the policy's namespace with these labels. " +
            'Without a selector the policy applies to its namespace, in the root namespace to the mesh.',
        },
        map('mtls', 'The mode of all ports without an entry of their own.'),
        map(
          'portLevelMtls',
          'By **container port**. istiod reads it only if the selector has labels.',
        ),
      ],
    },
    IN_SELECTOR,
    { at: ['spec', 'mtls'], fields: [MODE] },
    { at: ['spec', 'portLevelMtls', KEY], fields: [MODE] },
  ],
  RequestAuthentication: [
    {
      at: ['spec'],
      fields: [
        {
          ...SELECTOR,
          documentation:
            "Pods in the policy's namespace with these labels. " +
            'Sidecars and ingress gateways read the policy. Waypoints ignore it, and ztunnel reads no tokens.',
        },
        {
          ...TARGET_REFS,
          documentation:
            'Services, ServiceEntries, Gateways or a GatewayClass. Their **waypoint** verifies the tokens.',
        },
        list(
          'jwtRules',
          'The tokens that the waypoint accepts. A request without a token passes; an AuthorizationPolicy has to require one.',
        ),
      ],
    },
    IN_SELECTOR,
    IN_TARGET_REF,
    {
      at: ['spec', 'jwtRules', ITEM],
      fields: [
        scalar('issuer', 'The value of the claim `iss` of the token.'),
        list('audiences', 'One of them is in the claim `aud` of the token.'),
        scalar('jwksUri', "The address of the issuer's public keys."),
        scalar('jwks', "The issuer's public keys as JSON."),
        list('fromHeaders', 'Headers that contain the token. `Authorization: Bearer …` if absent.'),
        list('fromParams', 'Query parameters that contain the token.'),
        list('fromCookies', 'Cookies that contain the token.'),
        scalar(
          'forwardOriginalToken',
          '`true`: the server receives the token too. Otherwise the waypoint removes it.',
        ),
        scalar(
          'outputPayloadToHeader',
          'A header in which the server receives the verified payload, in base64url.',
        ),
        list('outputClaimToHeaders', 'Headers in which the server receives verified claims.'),
        scalar(
          'timeout',
          'The time limit for the download of the keys at `jwksUri`, such as `10s`. 5 seconds if absent.',
        ),
        list(
          'spaceDelimitedClaims',
          'More claims whose text is a list of values, separated by spaces. `scope` and `permission` always are.',
        ),
      ],
    },
    {
      at: ['spec', 'jwtRules', ITEM, 'fromHeaders', ITEM],
      fields: [
        scalar('name', 'The name of the header.'),
        scalar('prefix', 'The text before the token, such as `Bearer `.'),
      ],
    },
    {
      at: ['spec', 'jwtRules', ITEM, 'outputClaimToHeaders', ITEM],
      fields: [
        scalar('header', 'The name of the header.'),
        scalar('claim', 'The claim, such as `sub` or `nested.claim`.'),
      ],
    },
  ],
}
