import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { ATTRIBUTES } from '../../vocabulary/attributes.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'
import { attachmentsOf, reportableAttachments } from '../support/waypointAttachments.js'

export const ipBlocksAtWaypoint = defineRule({
  name: 'ip-blocks-at-waypoint',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const attributes = mesh.perQuery(attributesOf, policy)
    const addresses = attributes.filter(({ attribute }) => attribute === 'sourceIp')
    const known =
      addresses.length > 0 ? reportableAttachments(mesh.get(attachmentsOf, policy)) : undefined
    if (!known) return
    for (const attribute of addresses) {
      const effect = attribute.negated ? 'always true' : 'never true'
      const result = isActionFilledIn(policy) ? '' : ` and ${consequence(policy, attribute)}`
      report({
        message: `"${attribute.name}" has no value at a waypoint: this condition is ${effect}${result}.`,
        path: attribute.path,
        on: attribute.on,
        certainties: known.certainties,
        related: known.evidence.map((item) => ({
          ...item,
          message: `${item.message} ${NO_CLIENT_ADDRESS}`,
        })),
        fixes: () => useRemoteIp(policy, attribute, attributes),
      })
    }
  },
})

const NO_CLIENT_ADDRESS =
  "A waypoint does not know the client's address (seen on Envoy 1.40; Istio's own build of Envoy was not run)."

function consequence({ action }: AuthorizationPolicy, { negated }: RuleAttribute): string {
  if (action === 'ALLOW') return negated ? 'restricts nothing' : 'allows no client'
  if (action === 'DENY') return negated ? 'excludes no client' : 'denies no client'
  return negated ? 'excludes no request' : 'matches no request'
}

const REMOTE_IP = ATTRIBUTES.remoteIp

/** Uses the forwarded address instead. The title warns that clients can set it. */
function useRemoteIp(
  policy: AuthorizationPolicy,
  { on, negated, path, entry, rule }: RuleAttribute,
  all: readonly RuleAttribute[],
): Fix[] {
  const title = (what: string): string =>
    `Use ${what} (trusts x-forwarded-for, which any client in the mesh can set)`
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
