import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { isCertificateAttribute, type CertificateAttribute } from '../../vocabulary/attributes.js'
import { isOneAccount, parsePrincipal, principalParts } from '../../vocabulary/principal.js'
import {
  formatServiceAccount,
  hasNamespace,
  parseServiceAccount,
} from '../../vocabulary/serviceAccountName.js'
import type { FieldPath } from '../../yaml/node.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'

/**
 * A namespace, or a service account with its namespace, that a value of a policy names without a
 * wildcard.
 */
export class NamedAccount {
  /** The value. */
  readonly value: string
  readonly namespace: string
  /** Undefined if the value names a whole namespace. */
  readonly serviceAccount: string | undefined
  /** False if the value has no namespace, so that the policy's own namespace applies. */
  readonly namespaceWritten: boolean
  readonly #attribute: RuleAttribute
  readonly #at: number

  constructor(
    { namespace, serviceAccount, namespaceWritten }: Named,
    attribute: RuleAttribute,
    at: number,
  ) {
    this.value = attribute.values[at] ?? ''
    this.namespace = namespace
    this.serviceAccount = serviceAccount
    this.namespaceWritten = namespaceWritten
    this.#attribute = attribute
    this.#at = at
  }

  /** Path of the value. Computed on demand: most accounts exist and need no path. */
  get path(): FieldPath {
    return [...this.#attribute.list, this.#at]
  }
}

type Named = Pick<NamedAccount, 'namespace' | 'serviceAccount' | 'namespaceWritten'>

/** Every namespace and service account that the values of a policy name without a wildcard. */
export function namedAccounts(
  policy: Pick<AuthorizationPolicy, 'rules' | 'namespace'>,
): readonly NamedAccount[] {
  const found: NamedAccount[] = []
  for (const attribute of attributesOf(policy)) {
    const known = attribute.attribute
    if (!known || !isCertificateAttribute(known)) continue
    attribute.values.forEach((value, at) => {
      const named = isPlaceholder(value) ? undefined : NAMED_BY[known](value, policy.namespace)
      if (named) found.push(new NamedAccount(named, attribute, at))
    })
  }
  return found
}

/** The namespace or service account that a value names. Undefined for patterns. */
const NAMED_BY: Readonly<
  Record<CertificateAttribute, (value: string, ownNamespace: string) => Named | undefined>
> = {
  namespace: (value) =>
    value.includes('*')
      ? undefined
      : { namespace: value, serviceAccount: undefined, namespaceWritten: true },
  serviceAccount: (value, ownNamespace) => ({
    ...parseServiceAccount(value, ownNamespace),
    namespaceWritten: hasNamespace(value),
  }),
  principal: (value) => {
    const principal = parsePrincipal(value)
    return principal && isOneAccount(principal)
      ? {
          namespace: principal.namespace,
          serviceAccount: principal.serviceAccount,
          namespaceWritten: true,
        }
      : undefined
  },
  trustDomain: () => undefined,
}

/** The value with its namespace replaced; the value itself if it has no namespace. */
export function withNamespace(
  { value, namespaceWritten, serviceAccount }: NamedAccount,
  name: string,
): string {
  if (!namespaceWritten) return value
  if (serviceAccount === undefined) return name
  const principal = principalParts(value)
  if (!principal?.serviceAccount) return formatServiceAccount({ namespace: name, serviceAccount })
  const { start, end } = principal.namespace.span
  return `${value.slice(0, start)}${name}${value.slice(end)}`
}

/** The value with its service account replaced; the value itself if it has none. */
export function withServiceAccount({ value, serviceAccount }: NamedAccount, name: string): string {
  return serviceAccount === undefined
    ? value
    : `${value.slice(0, value.length - serviceAccount.length)}${name}`
}
