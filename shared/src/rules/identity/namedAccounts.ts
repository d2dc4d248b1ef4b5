import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { FieldPath } from '../../yaml/node.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { attributesOf, type RuleAttribute } from '../support/ruleAttributes.js'

/** A namespace, and perhaps a service account of it, that a value of a policy names in full. */
export class NamedAccount {
  /** The value. */
  readonly value: string
  readonly namespace: string
  /** Undefined where the value means the whole namespace. */
  readonly serviceAccount: string | undefined
  /** Whether the namespace is written in the value and not the policy's own. */
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

  /** Where the value stands. Made for those who ask: most accounts are found to be there. */
  get path(): FieldPath {
    return [...this.#attribute.list, this.#at]
  }
}

type Named = Pick<NamedAccount, 'namespace' | 'serviceAccount' | 'namespaceWritten'>

type Form = 'namespace' | 'account' | 'principal'

const FORMS: ReadonlyMap<string, Form> = new Map([
  ...['namespaces', 'notNamespaces', 'source.namespace'].map(
    (name) => [name, 'namespace'] as const,
  ),
  ...['serviceAccounts', 'notServiceAccounts', 'source.serviceAccount'].map(
    (name) => [name, 'account'] as const,
  ),
  ...['principals', 'notPrincipals', 'source.principal'].map(
    (name) => [name, 'principal'] as const,
  ),
])
const PRINCIPAL = /(^|\/)ns\/([^/*]+)\/sa\/([^/*]+)$/

/** Every namespace and account that the values of a policy name without a wildcard. */
export function namedAccounts(
  policy: Pick<AuthorizationPolicy, 'rules' | 'namespace'>,
): readonly NamedAccount[] {
  const found: NamedAccount[] = []
  for (const attribute of attributesOf(policy)) {
    const form = FORMS.get(attribute.name)
    if (!form) continue
    attribute.values.forEach((value, at) => {
      const named = isPlaceholder(value) ? undefined : parse(form, value, policy.namespace)
      if (named) found.push(new NamedAccount(named, attribute, at))
    })
  }
  return found
}

function parse(form: Form, value: string, own: string): Named | undefined {
  switch (form) {
    case 'namespace':
      return value.includes('*')
        ? undefined
        : { namespace: value, serviceAccount: undefined, namespaceWritten: true }
    case 'account': {
      const [first = '', second] = value.split('/')
      return second === undefined
        ? { namespace: own, serviceAccount: value, namespaceWritten: false }
        : { namespace: first, serviceAccount: second, namespaceWritten: true }
    }
    case 'principal': {
      const [, , namespace, serviceAccount] = PRINCIPAL.exec(value) ?? []
      return namespace === undefined || serviceAccount === undefined
        ? undefined
        : { namespace, serviceAccount, namespaceWritten: true }
    }
  }
}

/** The value with another namespace in place of its own; the value itself where it names none. */
export function withNamespace(
  { value, namespaceWritten, serviceAccount }: NamedAccount,
  name: string,
): string {
  if (!namespaceWritten) return value
  if (serviceAccount === undefined) return name
  return PRINCIPAL.test(value)
    ? value.replace(
        PRINCIPAL,
        (_, before: string, __: string, account: string) => `${before}ns/${name}/sa/${account}`,
      )
    : `${name}/${serviceAccount}`
}

/** The value with another account in place of its own; the value itself where it names none. */
export function withServiceAccount({ value, serviceAccount }: NamedAccount, name: string): string {
  return serviceAccount === undefined
    ? value
    : `${value.slice(0, value.length - serviceAccount.length)}${name}`
}
