import { OPERATION_FIELDS, SOURCE_FIELDS } from '../vocabulary/attributeFields.js'
import { attributeField, KEY_SUGGESTIONS } from './attributeSuggestions.js'
import type { Field, Suggestion } from './completion.js'
import { DATAPLANE_MODE, WAYPOINT_FOR, type LABELS } from '../vocabulary/labels.js'

const scalar = (name: string, documentation = ''): Field => ({
  name,
  holds: 'scalar',
  documentation,
})
const list = (name: string, documentation = ''): Field => ({ name, holds: 'list', documentation })
const map = (name: string, documentation = ''): Field => ({ name, holds: 'map', documentation })

const SELECTOR = map(
  'selector',
  "Pods of the policy's namespace, by their labels; in the root namespace pods of every namespace. **ztunnel** enforces it, and sidecars; waypoints ignore it.",
)
const TARGET_REFS = list(
  'targetRefs',
  'Services, ServiceEntries, Gateways or a GatewayClass. The **waypoint** enforces it; ztunnel does not receive it.',
)

/** The keys of mappings, by kind and by path with `#` for indices and `*` for ports. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, readonly Field[]>>>> = {
  AuthorizationPolicy: {
    spec: [
      SELECTOR,
      TARGET_REFS,
      scalar('action', '`ALLOW` where absent.'),
      list('rules', 'Any of them may match. An ALLOW policy without rules refuses everything.'),
      map('provider'),
    ],
    'spec.selector': [map('matchLabels')],
    'spec.provider': [scalar('name')],
    'spec.rules.#': [
      list('from', 'Who asks: any of them.'),
      list('to', 'What is asked for: any of them.'),
      list('when', 'Conditions: all of them.'),
    ],
    'spec.rules.#.from.#': [map('source')],
    'spec.rules.#.to.#': [map('operation')],
    'spec.rules.#.from.#.source': SOURCE_FIELDS.map(attributeField),
    'spec.rules.#.to.#.operation': OPERATION_FIELDS.map(attributeField),
    'spec.rules.#.when.#': [
      scalar('key'),
      list('values', 'Any of them matches.'),
      list('notValues', 'None of them matches.'),
    ],
  },
  PeerAuthentication: {
    spec: [
      SELECTOR,
      map('mtls'),
      map(
        'portLevelMtls',
        'By **container port**. istiod reads it only beside a selector with labels.',
      ),
    ],
    'spec.selector': [map('matchLabels')],
    'spec.mtls': [scalar('mode')],
    'spec.portLevelMtls.*': [scalar('mode')],
  },
  RequestAuthentication: {
    spec: [SELECTOR, TARGET_REFS, list('jwtRules')],
    'spec.selector': [map('matchLabels')],
  },
}

const TARGET_REF = [
  scalar(
    'group',
    'The API group: `""` for a Service, `gateway.networking.k8s.io` for a Gateway or GatewayClass, `networking.istio.io` for a ServiceEntry.',
  ),
  scalar('kind'),
  scalar('name'),
]

export function fieldsAt(kind: string, pattern: string): readonly Field[] {
  if (
    pattern === 'spec.targetRefs.#' &&
    (kind === 'AuthorizationPolicy' || kind === 'RequestAuthentication')
  )
    return TARGET_REF
  return FIELDS[kind]?.[pattern] ?? []
}

function choices(values: Readonly<Record<string, string>>): readonly Suggestion[] {
  return Object.entries(values).map(([value, documentation]) => ({
    value,
    kind: 'enum',
    documentation,
  }))
}

const MODES = choices({
  STRICT: 'Plaintext is refused.',
  PERMISSIVE: 'Plaintext and mTLS are both admitted.',
  DISABLE: 'As `PERMISSIVE`: ambient mode never switches mTLS off.',
  UNSET: 'Inherited from namespace or mesh.',
})

/** Values that do not depend on the mesh, by kind and path. */
export const FIXED_VALUES: Readonly<
  Record<string, Readonly<Record<string, readonly Suggestion[]>>>
> = {
  AuthorizationPolicy: {
    'spec.action': choices({
      ALLOW: 'Admits what a rule matches; everything else is refused.',
      DENY: 'Refuses what a rule matches.',
      AUDIT: 'Waypoints log it; ztunnel does not receive it.',
      CUSTOM: 'Asks an external authorizer, at waypoints only; ztunnel does not receive it.',
    }),
    'spec.rules.#.when.#.key': KEY_SUGGESTIONS,
  },
  PeerAuthentication: { 'spec.mtls.mode': MODES, 'spec.portLevelMtls.*.mode': MODES },
}

/** Values of Istio's labels that do not depend on the mesh. */
export const LABEL_VALUES: Readonly<Record<string, readonly Suggestion[]>> = {
  [DATAPLANE_MODE]: labelChoices(DATAPLANE_MODE, {
    ambient: 'ztunnel captures the traffic of the pods.',
    none: 'The pods stay out of ambient mode.',
  }),
  [WAYPOINT_FOR]: labelChoices(WAYPOINT_FOR, {
    service: 'Traffic to Services: the default.',
    workload: 'Traffic to the own addresses of pods.',
    all: 'Both.',
    none: 'No traffic; for tests.',
  }),
}

/** The listed values of a label, each with what it does. */
function labelChoices<const L extends typeof DATAPLANE_MODE | typeof WAYPOINT_FOR>(
  _: L,
  words: Readonly<Record<(typeof LABELS)[L]['values'][number], string>>,
): readonly Suggestion[] {
  return choices(words)
}
