import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { isUndecided } from '../support/filledIn.js'
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
    const addresses = attributes.filter(({ name }) => PEER_ADDRESS.test(name))
    const said = addresses.length > 0 ? saidOf(mesh.get(attachmentsOf, policy)) : undefined
    if (!said) return
    for (const attribute of addresses) {
      const what = attribute.negated ? 'always holds' : 'never matches'
      report({
        message: `A waypoint sees no client address: "${attribute.name}" ${what}${isUndecided(policy) ? '' : `, so by it this ${policy.action} ${consequence(policy, attribute)}`}.`,
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

const PEER_ADDRESS = /^(ipBlocks|notIpBlocks|source\.ip)$/

function consequence({ action }: AuthorizationPolicy, { negated }: RuleAttribute): string {
  if (action === 'ALLOW') return negated ? 'refuses nobody' : 'admits nobody'
  if (action === 'DENY') return negated ? 'spares nobody' : 'stops nobody'
  return negated ? 'leaves out nobody' : 'concerns nobody'
}

const REMOTE: Readonly<Record<string, string>> = {
  ipBlocks: 'remoteIpBlocks',
  notIpBlocks: 'notRemoteIpBlocks',
}

/** What looks at the forwarded address instead; its title says who writes that. */
function useHeader(
  policy: AuthorizationPolicy,
  { name, path, entry, rule }: RuleAttribute,
  all: readonly RuleAttribute[],
): Fix[] {
  const to = REMOTE[name]
  const title = (what: string): string =>
    `Use ${what} (x-forwarded-for, which callers in the mesh can write)`
  if (to === undefined)
    return [
      {
        title: title('remote.ip'),
        preferred: false,
        safe: false,
        edits: [{ op: 'set', resource: policy, path, value: 'remote.ip' }],
      },
    ]
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
