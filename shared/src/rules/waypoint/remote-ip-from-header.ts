import { classRole, gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { formatServiceAccount } from '../../vocabulary/serviceAccountName.js'
import type { Edit, Fix } from '../fix.js'
import { fieldOfAccounts, sourceOfAccounts } from '../fixes/sourceOfAccounts.js'
import { defineRule } from '../rule.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { CLIENT_FIELDS, isClientKey } from '../support/identityFields.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'
import { listed, quoted } from '../support/words.js'
import { attachmentsOf, reportableAttachments } from '../support/waypointAttachments.js'
import { mayDenyUnnamedClients } from './unnamedClients.js'

export const remoteIpFromHeader = defineRule({
  name: 'remote-ip-from-header',
  level: 'warning',
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
    const forwarded = mesh
      .perQuery(attributesOf, policy)
      .filter((found) => found.attribute === 'remoteIp' && !requiresIdentity(policy, found))
    if (forwarded.length === 0 || policy.action === 'AUDIT') return
    const open = mesh
      .get(attachmentsOf, policy)
      .filter(
        ({ chains }) =>
          chains.length === 0 ||
          chains.some((chain) => !mayDenyUnnamedClients(mesh, chain, policy)),
      )
    const known = reportableAttachments(open)
    if (!known) return
    for (const attribute of forwarded) {
      report({
        message:
          `Any client in the mesh can ${consequence(policy)}: at a waypoint, ` +
          `"${attribute.name}" trusts the x-forwarded-for header.`,
        path: attribute.path,
        on: attribute.on,
        certainties: known.certainties,
        related: known.evidence,
        fixes: () => requireIngressIdentity(mesh, policy, attribute),
      })
    }
  },
})

/**
 * Whether the rule also requires an identity wherever it has this attribute: in the same source, in every
 * source, or in a condition.
 */
function requiresIdentity(policy: AuthorizationPolicy, attribute: RuleAttribute): boolean {
  const rule = policy.rules[attribute.rule]
  if (rule?.when?.some(({ key, values }) => isClientKey(key) && restricts(values))) return true
  const at = sourceIndex(attribute)
  const sources = at === undefined ? (rule?.from ?? []) : [rule?.from?.[at]]
  return (
    sources.length > 0 &&
    sources.every((source) =>
      CLIENT_FIELDS.some(({ field, negated }) => !negated && restricts(source?.[field] ?? [])),
    )
  )
}

function restricts(values: readonly string[]): boolean {
  return values.length > 0 && !values.includes('*')
}

/** The index of the rule's source that contains the attribute. */
function sourceIndex({ entry }: RuleAttribute): number | undefined {
  return entry[3] === 'from' && typeof entry[4] === 'number' ? entry[4] : undefined
}

function consequence(policy: AuthorizationPolicy): string {
  if (isActionFilledIn(policy) || policy.action === 'CUSTOM') return 'set this address'
  return policy.action === 'ALLOW' ? 'match this ALLOW' : 'bypass this DENY'
}

/** Makes an ALLOW also require the identity of the ingress gateways in the files, which set the header. */
function requireIngressIdentity(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  attribute: RuleAttribute,
): Fix[] {
  const rule = policy.rules[attribute.rule]
  const at = sourceIndex(attribute)
  const accounts = ingressAccounts(mesh)
  if (policy.action !== 'ALLOW' || isActionFilledIn(policy) || !rule || accounts.length === 0)
    return []
  const source = at === undefined ? undefined : rule.from?.[at]
  const acceptsAccounts =
    at === undefined ? rule.from === undefined : !CLIENT_FIELDS.some(({ field }) => source?.[field])
  if (!acceptsAccounts) return []
  const base = ['spec', 'rules', attribute.rule, 'from']
  const { field, values } = fieldOfAccounts(mesh, accounts)
  const edit: Edit =
    at === undefined
      ? {
          op: 'set',
          resource: policy,
          path: base,
          value: [{ source: sourceOfAccounts(mesh, accounts) }],
        }
      : {
          op: 'set',
          resource: policy,
          path: [...base, at, 'source', field],
          value: values,
        }
  return [
    {
      title: `Also require the identity ${listed(
        accounts.map((account) => quoted(account)),
        'or',
      )}`,
      preferred: true,
      safe: false,
      edits: [edit],
    },
  ]
}

function ingressAccounts(mesh: Mesh): string[] {
  return mesh
    .all('Gateway')
    .filter(
      ({ namespace, gatewayClassName }) =>
        !isUnnamed(namespace) && mesh.get(classRole, gatewayClassName) === 'ingress',
    )
    .map((gateway) =>
      formatServiceAccount({
        namespace: gateway.namespace,
        serviceAccount: mesh.get(gatewayServiceAccount, gateway),
      }),
    )
}
