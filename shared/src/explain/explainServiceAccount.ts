import { keys } from '../inventory/indexKeys.js'
import { enrolmentOf } from '../mesh/enrolment.js'
import { gatewayServiceAccount } from '../mesh/gatewayClass.js'
import { query, type Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { ServiceAccount } from '../resources/serviceAccount.js'
import { namesAccounts } from '../rules/support/identityFields.js'
import { attributesOf } from '../rules/support/ruleAttributes.js'
import { factsOf, type AttributeName } from '../vocabulary/attributes.js'
import { formatPrincipal } from '../vocabulary/principal.js'
import { parseServiceAccount } from '../vocabulary/serviceAccountName.js'
import { stringMatch } from '../ztunnel/convertMatch.js'
import { matchesString } from '../ztunnel/rbac.js'
import type { ServiceAccountExplanation } from './explanation.js'
import { count, Notes, shownName, shownNamespace } from './support/notes.js'
import { principal } from './support/waypointWords.js'

/** The workloads that use a service account, and the policies that name it. */
export function explainServiceAccount(
  mesh: Mesh,
  account: ServiceAccount,
): ServiceAccountExplanation {
  const notes = new Notes()
  const usedBy = [
    ...mesh.workloadsAt(keys.identity(account.namespace, account.name)).map((workload) => ({
      kind: workload.type,
      name: shownName(workload),
      enrolment: mesh.get(enrolmentOf, workload).mode,
    })),
    ...mesh
      .inNamespace('Gateway', account.namespace)
      .filter((gateway) => mesh.get(gatewayServiceAccount, gateway) === account.name)
      .map((gateway) => ({
        kind: gateway.type,
        name: shownName(gateway),
        enrolment: 'none' as const,
      })),
  ]
  const namedBy = mesh.all('AuthorizationPolicy').flatMap((policy) => {
    const how = attributesNaming(mesh, policy, account)
    return how.length > 0
      ? [{ name: shownName(policy), action: policy.action, how: [...new Set(how)].join(', ') }]
      : []
  })
  return {
    kind: 'ServiceAccount',
    namespace: shownNamespace(account.namespace),
    name: account.name,
    summary: [
      usersIn(usedBy),
      namedBy.length === 0
        ? 'not used in any policy'
        : `used in ${count(namedBy.length, 'policy')}`,
    ].join(' · '),
    principal: principal(mesh, account.namespace, account.name, notes),
    usedBy,
    namedBy,
    ...notes.result(),
  }
}

function usersIn(usedBy: ServiceAccountExplanation['usedBy']): string {
  const gateways = usedBy.filter(({ kind }) => kind === 'Gateway').length
  const workloads = usedBy.length - gateways
  const words = [
    ...(workloads > 0 ? [count(workloads, 'workload')] : []),
    ...(gateways > 0 ? [count(gateways, 'gateway')] : []),
  ]
  return words.length > 0
    ? `used by ${words.join(' and ')}`
    : 'used by no workload in the workspace'
}

/** The attributes of a policy that can name service accounts. */
const accountAttributes = query('account attributes', (_, policy: AuthorizationPolicy) =>
  attributesOf(policy).filter(({ attribute }) => namesAccounts(attribute)),
)

/** The attributes of a policy that name the account, one for each value. */
function attributesNaming(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  account: ServiceAccount,
): string[] {
  const principal = formatPrincipal({
    trustDomain: mesh.settings.trustDomain,
    namespace: account.namespace,
    serviceAccount: account.name,
  })
  const isIt = (attribute: AttributeName | undefined, value: string): boolean => {
    if (!attribute || factsOf(attribute).value !== 'service account')
      return value !== '*' && matchesString(stringMatch(value), principal)
    const named = parseServiceAccount(value, policy.namespace)
    return named.namespace === account.namespace && named.serviceAccount === account.name
  }
  return mesh
    .get(accountAttributes, policy)
    .flatMap(({ name, attribute, values }) =>
      values.filter((value) => isIt(attribute, value)).map(() => name),
    )
}
