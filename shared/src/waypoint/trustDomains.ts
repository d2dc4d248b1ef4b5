import { matchesPattern } from './stringMatch.js'

/** The mesh's trust domain and its aliases. */
export interface TrustBundle {
  readonly trustDomain: string
  readonly aliases: readonly string[]
}

/**
 * The principals that istiod generates for a principal in a policy. A principal with the local trust domain, an alias
 * or `cluster.local` is expanded to the local trust domain and all aliases (trustdomain/bundle.go
 * ReplaceTrustDomainAliases).
 */
export function expandPrincipal(
  principal: string,
  { trustDomain, aliases }: TrustBundle,
): readonly string[] {
  const parts = principal.split('/')
  const [own = ''] = parts
  const domains = [trustDomain, ...aliases]
  if (parts.length !== 5 || own === '*') return [principal]
  if (own !== 'cluster.local' && !domains.some((domain) => matchesPattern(own, domain)))
    return [principal]
  return domains.map((domain) =>
    [own.startsWith('*') && domain.endsWith(own.slice(1)) ? own : domain, ...parts.slice(1)].join(
      '/',
    ),
  )
}

/**
 * Expands a trust domain: the local one or an alias to all of them; `cluster.local` is not special here
 * (ExpandTrustDomainAliases).
 */
export function expandTrustDomain(
  value: string,
  { trustDomain, aliases }: TrustBundle,
): readonly string[] {
  const domains = [trustDomain, ...aliases]
  return domains.includes(value) ? domains : [value]
}
