import { ruleTests } from '../../resources/attributeTests.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { factsOf } from '../../vocabulary/attributes.js'
import { hasNamespace } from '../../vocabulary/serviceAccountName.js'

/**
 * Whether a policy names service accounts without a namespace. In another namespace they would be
 * different accounts.
 */
export function namesOwnAccounts({ rules }: AuthorizationPolicy): boolean {
  return rules
    .flatMap((rule) => ruleTests(rule).flat())
    .filter(({ attribute }) => factsOf(attribute).value === 'service account')
    .some(({ values, notValues }) => [...values, ...notValues].some((name) => !hasNamespace(name)))
}
