import { classRole, gatewayServiceAccount } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isUnnamed } from '../../resources/namespaceId.js'
import { formatServiceAccount } from '../../vocabulary/serviceAccountName.js'
import type { Edit, Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { CLIENT_FIELDS, isClientKey } from '../support/identityFields.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'
import { listed, quoted } from '../support/words.js'
import { attachmentsOf, saidOf } from '../support/attached.js'
import { mayRefuseStrangers } from './strangers.js'

export const remoteIpFromHeader = defineRule({
  name: 'remote-ip-from-header',
  level: 'warning',
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
    const forwarded = mesh
      .perQuery(attributesOf, policy)
      .filter((found) => found.attribute === 'remoteIp' && !namesCaller(policy, found))
    if (forwarded.length === 0 || policy.action === 'AUDIT') return
    const open = mesh
      .get(attachmentsOf, policy)
      .filter(
        ({ chains }) =>
          chains.length === 0 || chains.some((chain) => !mayRefuseStrangers(mesh, chain, policy)),
      )
    const said = saidOf(open)
    if (!said) return
    for (const attribute of forwarded) {
      report({
        message: `At a waypoint "${attribute.name}" goes by x-forwarded-for, which callers in the mesh write themselves: ${consequence(policy)}.`,
        path: attribute.path,
        on: attribute.on,
        certainties: said.certainties,
        related: said.evidence,
        fixes: () => nameIngress(mesh, policy, attribute),
      })
    }
  },
})

/** Whether the rule says who must be calling wherever it goes by the address: in the source itself, else in every source, or in a condition. */
function namesCaller(policy: AuthorizationPolicy, attribute: RuleAttribute): boolean {
  const rule = policy.rules[attribute.rule]
  if (rule?.when?.some(({ key, values }) => isClientKey(key) && isNarrow(values))) return true
  const at = sourceIndex(attribute)
  const sources = at === undefined ? (rule?.from ?? []) : [rule?.from?.[at]]
  return (
    sources.length > 0 &&
    sources.every((source) =>
      CLIENT_FIELDS.some(({ field, negated }) => !negated && isNarrow(source?.[field] ?? [])),
    )
  )
}

function isNarrow(values: readonly string[]): boolean {
  return values.length > 0 && !values.includes('*')
}

/** Which of the rule's sources an attribute is part of. */
function sourceIndex({ entry }: RuleAttribute): number | undefined {
  return entry[3] === 'from' && typeof entry[4] === 'number' ? entry[4] : undefined
}

function consequence(policy: AuthorizationPolicy): string {
  if (isActionFilledIn(policy) || policy.action === 'CUSTOM') return 'it proves nothing'
  return policy.action === 'ALLOW' ? 'they can get in' : 'they can get past it'
}

/** Lets an ALLOW go by the address only where an ingress gateway of the files has written it. */
function nameIngress(mesh: Mesh, policy: AuthorizationPolicy, attribute: RuleAttribute): Fix[] {
  const rule = policy.rules[attribute.rule]
  const at = sourceIndex(attribute)
  const accounts = ingressAccounts(mesh)
  if (policy.action !== 'ALLOW' || isActionFilledIn(policy) || !rule || accounts.length === 0)
    return []
  const source = at === undefined ? undefined : rule.from?.[at]
  const takesAccounts =
    at === undefined ? rule.from === undefined : !CLIENT_FIELDS.some(({ field }) => source?.[field])
  if (!takesAccounts) return []
  const base = ['spec', 'rules', attribute.rule, 'from']
  const edit: Edit =
    at === undefined
      ? {
          op: 'set',
          resource: policy,
          path: base,
          value: [{ source: { serviceAccounts: accounts } }],
        }
      : {
          op: 'set',
          resource: policy,
          path: [...base, at, 'source', 'serviceAccounts'],
          value: accounts,
        }
  return [
    {
      title: `Ask for the identity of ${listed(
        accounts.map((account) => quoted(account)),
        'or',
      )} too`,
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
