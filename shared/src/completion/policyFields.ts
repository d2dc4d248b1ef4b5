import { OPERATION_FIELDS, SOURCE_FIELDS } from '../vocabulary/attributeFields.js'
import type { FieldPath } from '../yaml/node.js'
import { attributeField } from './attributeSuggestions.js'
import type { Field } from './completion.js'
import type { PolicyKind } from './draft.js'
import { isAt, ITEM, KEY, type PathPattern } from './pathPattern.js'

/** The keys of a mapping in a policy. None for other mappings. */
export function policyFields(kind: PolicyKind, path: FieldPath): readonly Field[] {
  return FIELDS[kind].find(({ at }) => isAt(path, at))?.fields ?? []
}

const scalar = (name: string, documentation = ''): Field => ({
  name,
  holds: 'scalar',
  documentation,
})
const list = (name: string, documentation = ''): Field => ({ name, holds: 'list', documentation })
const map = (name: string, documentation = ''): Field => ({ name, holds: 'map', documentation })

interface FieldsAt {
  readonly at: PathPattern
  readonly fields: readonly Field[]
}

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
const IN_SELECTOR: FieldsAt = { at: ['spec', 'selector'], fields: [map('matchLabels')] }
const IN_TARGET_REF: FieldsAt = {
  at: ['spec', 'targetRefs', ITEM],
  fields: [
    scalar(
      'group',
      'The API group: `""` for a Service, `networking.istio.io` for a ServiceEntry, ' +
        '`gateway.networking.k8s.io` for a Gateway or GatewayClass.',
    ),
    scalar('kind'),
    scalar('name'),
  ],
}
const RULE: PathPattern = ['spec', 'rules', ITEM]

const FIELDS: Readonly<Record<PolicyKind, readonly FieldsAt[]>> = {
  AuthorizationPolicy: [
    {
      at: ['spec'],
      fields: [
        SELECTOR,
        TARGET_REFS,
        scalar('action', '`ALLOW` if absent.'),
        list(
          'rules',
          'The policy matches if one of the rules matches. An ALLOW policy without rules denies everything.',
        ),
        map('provider'),
      ],
    },
    IN_SELECTOR,
    IN_TARGET_REF,
    { at: ['spec', 'provider'], fields: [scalar('name')] },
    {
      at: RULE,
      fields: [
        list('from', 'Clients: one of the entries matches.'),
        list('to', 'Requests: one of the entries matches.'),
        list('when', 'Conditions: all of them match.'),
      ],
    },
    { at: [...RULE, 'from', ITEM], fields: [map('source')] },
    { at: [...RULE, 'to', ITEM], fields: [map('operation')] },
    { at: [...RULE, 'from', ITEM, 'source'], fields: SOURCE_FIELDS.map(attributeField) },
    { at: [...RULE, 'to', ITEM, 'operation'], fields: OPERATION_FIELDS.map(attributeField) },
    {
      at: [...RULE, 'when', ITEM],
      fields: [
        scalar('key'),
        list('values', 'One of them matches.'),
        list('notValues', 'None of them matches.'),
      ],
    },
  ],
  PeerAuthentication: [
    {
      at: ['spec'],
      fields: [
        SELECTOR,
        map('mtls'),
        map(
          'portLevelMtls',
          'By **container port**. istiod reads it only if the selector has labels.',
        ),
      ],
    },
    IN_SELECTOR,
    { at: ['spec', 'mtls'], fields: [scalar('mode')] },
    { at: ['spec', 'portLevelMtls', KEY], fields: [scalar('mode')] },
  ],
  RequestAuthentication: [
    { at: ['spec'], fields: [SELECTOR, TARGET_REFS, list('jwtRules')] },
    IN_SELECTOR,
    IN_TARGET_REF,
  ],
}
