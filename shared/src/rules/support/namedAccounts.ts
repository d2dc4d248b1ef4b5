import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { FieldPath } from '../../yaml/node.js'
import { attributesOf } from './ruleAttributes.js'
import { writtenValues, type WrittenValue } from './writtenValues.js'

/** A namespace, and perhaps a service account of it, that a value of a policy names in full. */
interface NamedAccount {
  readonly namespace: string
  /** Undefined where the value means the whole namespace. */
  readonly serviceAccount: string | undefined
  /** Where the value stands, and the value with another name in its place. */
  readonly path: FieldPath
  readonly withNamespace: (name: string) => string
  readonly withServiceAccount: (name: string) => string
  /** Whether the namespace is written in the value and not the policy's own. */
  readonly namespaceWritten: boolean
}

const PRINCIPAL = /^(.*?(?:^|\/)ns\/)([^/*]+)(\/sa\/)([^/*]+)$/

const NAMESPACES = ['namespaces', 'notNamespaces', 'source.namespace']
const ACCOUNTS = ['serviceAccounts', 'notServiceAccounts', 'source.serviceAccount']
const PRINCIPALS = ['principals', 'notPrincipals', 'source.principal']

/** Every namespace and account that the values of a policy name without a wildcard. */
export function namedAccounts(policy: Pick<AuthorizationPolicy, 'rules' | 'namespace'>): readonly NamedAccount[] {
  return writtenValues(attributesOf(policy), [...NAMESPACES, ...ACCOUNTS, ...PRINCIPALS]).flatMap((written): NamedAccount[] => {
    const found = parse(written, policy.namespace)
    return found ? [{ ...found, path: written.path }] : []
  })
}

function parse({ name, value }: WrittenValue, own: string): Omit<NamedAccount, 'path'> | undefined {
  if (NAMESPACES.includes(name)) {
    if (value.includes('*')) return undefined
    return { namespace: value, serviceAccount: undefined, namespaceWritten: true, withNamespace: (other) => other, withServiceAccount: () => value }
  }
  if (ACCOUNTS.includes(name)) {
    const [first = '', second] = value.split('/')
    if (second === undefined) return { namespace: own, serviceAccount: value, namespaceWritten: false, withNamespace: () => value, withServiceAccount: (other) => other }
    return { namespace: first, serviceAccount: second, namespaceWritten: true, withNamespace: (other) => `${other}/${second}`, withServiceAccount: (other) => `${first}/${other}` }
  }
  const [, before = '', namespace, between = '', serviceAccount] = PRINCIPAL.exec(value) ?? []
  if (namespace === undefined || serviceAccount === undefined) return undefined
  return {
    namespace, serviceAccount, namespaceWritten: true,
    withNamespace: (other) => `${before}${other}${between}${serviceAccount}`, withServiceAccount: (other) => `${before}${namespace}${between}${other}`,
  }
}
