import type { Mesh } from '../../mesh/mesh.js'
import { ATTRIBUTES } from '../../vocabulary/attributes.js'
import { supports } from '../../vocabulary/releases.js'

/** The one field of a source that names service accounts, and its values. */
export interface AccountsField {
  readonly field: 'serviceAccounts' | 'principals'
  readonly values: readonly string[]
}

/**
 * How a source names service accounts, each given as `namespace/name`: with `serviceAccounts`, which needs no trust
 * domain (docs/semantics.md §7.2), or with `principals` in a release that does not have this field.
 */
export function fieldOfAccounts({ settings }: Mesh, accounts: readonly string[]): AccountsField {
  if (supports(settings, ATTRIBUTES.serviceAccount.since))
    return { field: 'serviceAccounts', values: [...accounts] }
  return {
    field: 'principals',
    values: accounts.map((account) => {
      const [namespace, name] = account.split('/')
      return `${settings.trustDomain}/ns/${namespace}/sa/${name}`
    }),
  }
}

/** A source of these service accounts. */
export function sourceOfAccounts(
  mesh: Mesh,
  accounts: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const { field, values } = fieldOfAccounts(mesh, accounts)
  return { [field]: values }
}
