import type { AuthorizationPolicy, SourceField } from '../../resources/authorizationPolicy.js'

const ACCOUNTS: readonly SourceField[] = ['serviceAccounts', 'notServiceAccounts']

/** Whether a policy names service accounts of its own namespace by their name alone, so that it would mean others in another namespace. */
export function namesOwnAccounts({ rules }: AuthorizationPolicy): boolean {
  const isOwn = (value: string): boolean => !value.includes('/')
  return rules.some(
    ({ from, when }) =>
      (from ?? []).some((source) => ACCOUNTS.some((field) => source?.[field]?.some(isOwn))) ||
      (when ?? []).some(
        ({ key, values, notValues }) =>
          key === 'source.serviceAccount' && [...values, ...notValues].some(isOwn),
      ),
  )
}
