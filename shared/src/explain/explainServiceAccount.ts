import { keys } from '../inventory/indexKeys.js'
import { enrolmentOf } from '../mesh/enrolment.js'
import { gatewayServiceAccount } from '../mesh/gatewayClass.js'
import { query, type Mesh } from '../mesh/mesh.js'
import { settingsOf } from '../mesh/settings.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { ServiceAccount } from '../resources/serviceAccount.js'
import { serviceAccountMatch, stringMatch } from '../ztunnel/convertAuthorizationPolicy.js'
import { matchesString } from '../ztunnel/rbac.js'
import type { ServiceAccountExplanation } from './explanation.js'
import { count, Notes, shownName, shownNamespace } from './support/notes.js'
import { principal } from './support/waypointWords.js'

/** Who runs as a service account, and which policies name it. */
export function explainServiceAccount(mesh: Mesh, account: ServiceAccount): ServiceAccountExplanation {
  const notes = new Notes()
  const usedBy = [
    ...mesh.workloadsAt(keys.identity(account.namespace, account.name)).map((workload) => ({ kind: workload.type, name: shownName(workload), enrolment: mesh.get(enrolmentOf, workload).mode })),
    ...mesh.inNamespace('Gateway', account.namespace).filter((gateway) => mesh.get(gatewayServiceAccount, gateway) === account.name).map((gateway) => ({ kind: gateway.type, name: shownName(gateway), enrolment: 'none' as const })),
  ]
  const namedBy = mesh.all('AuthorizationPolicy').flatMap((policy) => {
    const how = mesh.get(namedAccounts, policy).flatMap((named) => waysOfNaming(mesh, named, account))
    return how.length > 0 ? [{ name: shownName(policy), action: policy.action, how: [...new Set(how)].join(', ') }] : []
  })
  return {
    kind: 'ServiceAccount',
    namespace: shownNamespace(account.namespace),
    name: account.name,
    summary: `${usersIn(usedBy)} · named by ${count(namedBy.length, 'policy')}`,
    principal: principal(mesh, account.namespace, account.name, notes),
    usedBy,
    namedBy,
    ...notes.result(),
  }
}

function usersIn(usedBy: ServiceAccountExplanation['usedBy']): string {
  const gateways = usedBy.filter(({ kind }) => kind === 'Gateway').length
  const workloads = usedBy.length - gateways
  const words = [...(workloads > 0 ? [count(workloads, 'workload')] : []), ...(gateways > 0 ? [count(gateways, 'gateway')] : [])]
  return words.length > 0 ? `used by ${words.join(' and ')}` : 'used by nothing in the workspace'
}

interface NamedAccount {
  readonly attribute: string
  readonly value: string
  readonly policyNamespace: string
}

/** Every value by which a policy may name service accounts. */
const namedAccounts = query('named accounts', (_, policy: AuthorizationPolicy): readonly NamedAccount[] => {
  const at = (attribute: string, values: readonly string[] | undefined): NamedAccount[] => (values ?? []).map((value) => ({ attribute, value, policyNamespace: policy.namespace }))
  return policy.rules.flatMap((rule) => [
    ...(rule.from ?? []).flatMap((source) => (['principals', 'notPrincipals', 'serviceAccounts', 'notServiceAccounts'] as const).flatMap((field) => at(field, source?.[field]))),
    ...(rule.when ?? []).filter(({ key }) => key === 'source.principal' || key === 'source.serviceAccount').flatMap(({ key, values, notValues }) => at(key, [...values, ...notValues])),
  ])
})

function waysOfNaming(mesh: Mesh, { attribute, value, policyNamespace }: NamedAccount, account: ServiceAccount): string[] {
  if (attribute.toLowerCase().includes('serviceaccount')) {
    const named = serviceAccountMatch(value, policyNamespace)
    return named.namespace === account.namespace && named.serviceAccount === account.name ? [attribute] : []
  }
  const { trustDomain } = mesh.get(settingsOf, '')
  return value !== '*' && matchesString(stringMatch(value), `${trustDomain}/ns/${account.namespace}/sa/${account.name}`) ? [attribute] : []
}
