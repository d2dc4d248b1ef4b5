import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { SOURCE_FIELDS, type AttributeField } from '../../vocabulary/attributeFields.js'
import {
  factsOf,
  isCertificateAttribute,
  isTokenAttribute,
  type AttributeName,
  type CertificateAttribute,
  type SourceField,
} from '../../vocabulary/attributes.js'
import { attributeOfKey } from '../../vocabulary/whenKeys.js'
import type { FieldPath } from '../../yaml/node.js'

/** What the values of each certificate attribute name. */
const NAMED: Readonly<Record<CertificateAttribute, 'account' | 'namespace' | 'trust domain'>> = {
  principal: 'account',
  serviceAccount: 'account',
  namespace: 'namespace',
  trustDomain: 'trust domain',
}

/** Whether the values of an attribute name service accounts. */
export function namesAccounts(attribute: AttributeName | undefined): boolean {
  return (
    attribute !== undefined && isCertificateAttribute(attribute) && NAMED[attribute] === 'account'
  )
}

/** Whether the values of an attribute name service accounts, or their namespaces. */
export function namesClients(attribute: AttributeName | undefined): boolean {
  return (
    attribute !== undefined &&
    isCertificateAttribute(attribute) &&
    NAMED[attribute] !== 'trust domain'
  )
}

/** Whether a `when` key names service accounts, or their namespaces. */
export function isClientKey(key: string): boolean {
  return namesClients(attributeOfKey(key)?.attribute)
}

/** The source fields that name service accounts, or their namespaces. */
export const CLIENT_FIELDS: readonly AttributeField<SourceField>[] = SOURCE_FIELDS.filter(
  ({ attribute }) => namesClients(attribute),
)

/** Whether ztunnel compares the client's identity with the values of a `when` key. */
export function isIdentityKeyAtZtunnel(key: string): boolean {
  const known = attributeOfKey(key)
  return (
    known !== undefined &&
    isCertificateAttribute(known.attribute) &&
    factsOf(known.attribute).when?.layer === 'L4'
  )
}

/** Values that must match come before values that must not. */
const IDENTITY_FIELDS = [false, true].flatMap((negated) =>
  SOURCE_FIELDS.filter(
    (known) =>
      known.negated === negated && known.layer === 'L4' && isCertificateAttribute(known.attribute),
  ),
)

/** Path of the first identity attribute of a rule that ztunnel compares, else of the rule. */
export function identityField(policy: AuthorizationPolicy, index: number): FieldPath {
  const rule = policy.rules[index]
  const path: FieldPath = ['spec', 'rules', index]
  for (const [at, source] of (rule?.from ?? []).entries()) {
    const known = IDENTITY_FIELDS.find(({ field }) => source?.[field])
    if (known) return [...path, 'from', at, 'source', known.field]
  }
  const condition = rule?.when?.findIndex(({ key }) => isIdentityKeyAtZtunnel(key)) ?? -1
  return condition < 0 ? path : [...path, 'when', condition, 'key']
}

/** Whether a policy restricts clients by identity, from a certificate or a token. */
export function restrictsIdentity(policy: AuthorizationPolicy): boolean {
  const isIdentity = (attribute: AttributeName): boolean =>
    isCertificateAttribute(attribute) || isTokenAttribute(attribute)
  const fields = SOURCE_FIELDS.filter(({ attribute }) => isIdentity(attribute))
  return policy.rules.some(
    ({ from, when }) =>
      (from ?? []).some((source) => fields.some(({ field }) => source?.[field])) ||
      (when ?? []).some(({ key }) => {
        const known = attributeOfKey(key)
        return known !== undefined && isIdentity(known.attribute)
      }),
  )
}
