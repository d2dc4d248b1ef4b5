import { matchesPattern } from './stringMatch.js'

/** The mesh's trust domain and its aliases. */
export interface TrustBundle {
  readonly trustDomain: string
  readonly aliases: readonly string[]
}

/**
 * The principals that Envoy is given for one of a policy: one of the local trust domain, of an alias, or of `cluster.local` stands for all of them
 * (trustdomain/bundle.go ReplaceTrustDomainAliases).
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

/** A trust domain on its own: the local one and each alias stand for all of them; `cluster.local` is no more than a name here (ExpandTrustDomainAliases). */
export function expandTrustDomain(
  value: string,
  { trustDomain, aliases }: TrustBundle,
): readonly string[] {
  const domains = [trustDomain, ...aliases]
  return domains.includes(value) ? domains : [value]
}
