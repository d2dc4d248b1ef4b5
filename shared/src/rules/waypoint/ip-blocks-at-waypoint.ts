import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { ATTRIBUTES } from '../../vocabulary/attributes.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'
import { attachmentsOf, saidOf } from '../support/attached.js'

export const ipBlocksAtWaypoint = defineRule({
  name: 'ip-blocks-at-waypoint',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const attributes = mesh.perQuery(attributesOf, policy)
    const addresses = attributes.filter(({ attribute }) => attribute === 'sourceIp')
    const said = addresses.length > 0 ? saidOf(mesh.get(attachmentsOf, policy)) : undefined
    if (!said) return
    for (const attribute of addresses) {
      const what = attribute.negated ? 'always holds' : 'never matches'
      report({
        message: `A waypoint sees no client address: "${attribute.name}" ${what}${isActionFilledIn(policy) ? '' : `, so by it this ${policy.action} ${consequence(policy, attribute)}`}.`,
        path: attribute.path,
        on: attribute.on,
        certainties: said.certainties,
        related: said.evidence.map((item) => ({
          ...item,
          message: `${item.message} It sees no address (found on Envoy 1.40; Istio's own build was not run).`,
        })),
        fixes: () => useHeader(policy, attribute, attributes),
      })
    }
  },
})

function consequence({ action }: AuthorizationPolicy, { negated }: RuleAttribute): string {
  if (action === 'ALLOW') return negated ? 'refuses nobody' : 'admits nobody'
  if (action === 'DENY') return negated ? 'spares nobody' : 'stops nobody'
  return negated ? 'leaves out nobody' : 'concerns nobody'
}

const REMOTE_IP = ATTRIBUTES.remoteIp

/** What looks at the forwarded address instead; its title says who writes that. */
function useHeader(
  policy: AuthorizationPolicy,
  { on, negated, path, entry, rule }: RuleAttribute,
  all: readonly RuleAttribute[],
): Fix[] {
  const title = (what: string): string =>
    `Use ${what} (x-forwarded-for, which callers in the mesh can write)`
  if (on === 'value')
    return [
      {
        title: title(REMOTE_IP.when.key),
        preferred: false,
        safe: false,
        edits: [{ op: 'set', resource: policy, path, value: REMOTE_IP.when.key }],
      },
    ]
  const to = negated ? REMOTE_IP.source.notField : REMOTE_IP.source.field
  const taken = all.some(
    (other) =>
      other.rule === rule && other.name === to && other.entry.join('/') === entry.join('/'),
  )
  return taken
    ? []
    : [
        {
          title: title(to),
          preferred: false,
          safe: false,
          edits: [{ op: 'rename', resource: policy, path, to }],
        },
      ]
}
