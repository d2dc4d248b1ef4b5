import { assumed, CERTAIN, type KnownCertainty } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy, Source } from '../../resources/authorizationPolicy.js'
import { SOURCE_FIELDS } from '../../vocabulary/attributeFields.js'
import { matchesWildcards } from '../../text/pattern/wildcards.js'
import type { SourceField } from '../../vocabulary/attributes.js'
import { expandTrustDomain } from '../../waypoint/trustDomains.js'
import type { FieldPath } from '../../yaml/node.js'
import { isEmptyMatch } from '../../ztunnel/authorization.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import type { Edit, Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { coverageOf, eachWorkload, nameWorkloads } from '../support/coverage.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { CLIENT_FIELDS } from '../support/identityFields.js'
import { knownTrustDomain } from '../support/trustDomain.js'
import { firstThatFits, quoted } from '../support/words.js'

const FIELDS = SOURCE_FIELDS.filter(({ attribute }) => attribute === 'trustDomain')

export const trustDomainsIgnored = defineRule({
  name: 'trust-domains-ignored',
  level: 'error',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'MeshConfig',
    'Namespace',
    'Other',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const conversion = mesh.get(conversionOf, policy)
    if (isActionFilledIn(policy) || !conversion.authorization || conversion.authorization.dryRun)
      return
    const places = conversion.rules.flatMap(({ index, rule }) =>
      rule ? sourcesWithTrustDomains(policy, index) : [],
    )
    const coverage = places.length > 0 ? mesh.get(coverageOf, policy) : undefined
    if (!coverage) return
    for (const place of places) {
      const { effective } = conversion.rules[place.rule] ?? { effective: false }
      const isIdle = makesNoDifference(mesh, place)
      report({
        message: isIdle
          ? idleMessage(place.field, mesh.settings.trustDomain)
          : messageOf(place, {
              action: policy.action,
              effective,
              where: nameWorkloads(coverage.workloads),
            }),
        path: [...place.path, place.field],
        on: 'key',
        ...(isIdle ? { level: 'information' as const } : {}),
        certainties: [coverage.certainty, ...(isIdle ? [trustDomainCertainty(mesh)] : [])],
        related: [
          ...coverage.evidence,
          ...eachWorkload(coverage.workloads, 'its ztunnel ignores trust domains.'),
        ],
        fixes: () =>
          rankFixes(
            usePrincipals(mesh, policy, place),
            place.empty ? undefined : removeField(policy, place),
          ),
      })
    }
  },
})

/** One source with trust domains. */
interface TrustDomainSource {
  readonly rule: number
  readonly source: Source
  readonly path: FieldPath
  readonly field: SourceField
  readonly negated: boolean
  /** Whether the source has no other field. */
  readonly empty: boolean
}

function sourcesWithTrustDomains(policy: AuthorizationPolicy, rule: number): TrustDomainSource[] {
  return (policy.rules[rule]?.from ?? []).flatMap((source, at) => {
    if (!source) return []
    const empty = isEmptyMatch(
      Object.fromEntries(
        Object.entries(source).filter(([name]) => !FIELDS.some(({ field }) => field === name)),
      ),
    )
    return FIELDS.filter(({ field }) => source[field]).map(
      ({ field, negated }): TrustDomainSource => ({
        rule,
        source,
        path: ['spec', 'rules', rule, 'from', at, 'source'],
        field,
        negated,
        empty,
      }),
    )
  })
}

/**
 * Whether a source matches the same clients without its trust domains: at ztunnel every client with an identity has the
 * trust domain of the mesh (docs/semantics.md §5.1).
 */
function makesNoDifference(
  mesh: Mesh,
  { source, field, negated, empty }: TrustDomainSource,
): boolean {
  const { trustDomain, trustDomainAliases: aliases } = mesh.settings
  const matchesOwn = (source[field] ?? []).some((value) =>
    expandTrustDomain(value, { trustDomain, aliases }).some((domain) =>
      matchesWildcards(domain, trustDomain),
    ),
  )
  const requiresIdentity = IDENTITIES.some((name) => source[name] !== undefined)
  return !empty && (negated ? !matchesOwn : matchesOwn && requiresIdentity)
}

/** The fields without which a source matches clients without an identity. */
const IDENTITIES = CLIENT_FIELDS.filter(({ negated }) => !negated).map(({ field }) => field)

function trustDomainCertainty(mesh: Mesh): KnownCertainty {
  return knownTrustDomain(mesh) === undefined
    ? assumed(`the trust domain of the mesh is "${mesh.settings.trustDomain}"`)
    : CERTAIN
}

function idleMessage(field: SourceField, trustDomain: string): string {
  const ignored = `ztunnel ignores "${field}", which has no effect there`
  return firstThatFits(
    `${ignored}: every identity has the trust domain ${quoted(trustDomain, 32)}.`,
    `${ignored}: all identities have the trust domain of the mesh.`,
  )
}

function messageOf(
  { field, empty }: TrustDomainSource,
  { action, effective, where }: { action: string; effective: boolean; where: string },
): string {
  const verb = action === 'DENY' ? 'denies' : 'allows'
  const ignored = `ztunnel ignores "${field}"`
  if (empty) {
    const subject = effective ? 'source' : `${action} rule`
    return firstThatFits(
      `This ${subject} ${verb} nothing at ${where}: ${ignored}, its only field.`,
      `This ${subject} ${verb} nothing: ${ignored}, its only field.`,
    )
  }
  return firstThatFits(
    `This source ${verb} more than intended at ${where}: ${ignored}.`,
    `This source ${verb} more than intended: ${ignored}.`,
  )
}

/**
 * Replaces the trust domains with principals. Undefined if the source already has principals or
 * service accounts, or names a trust domain other than the mesh's: ztunnel never sees such a
 * client.
 */
function usePrincipals(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  { source, path, field, negated, empty }: TrustDomainSource,
): Fix | undefined {
  const target = negated ? 'notPrincipals' : 'principals'
  const { trustDomain } = mesh.settings
  if (source[target] ?? source.serviceAccounts ?? source.notServiceAccounts) return undefined
  if (source[field]?.some((value) => value !== trustDomain) !== false) return undefined
  const edits: Edit[] = [
    { op: 'remove', resource: policy, path: [...path, field] },
    { op: 'set', resource: policy, path: [...path, target], value: [`${trustDomain}/*`] },
  ]
  // Safe if the policy then allows less: an ALLOW with one more condition, or a DENY that matched
  // nothing before.
  return {
    title: `Use ${target}`,
    preferred: true,
    safe: policy.action === 'ALLOW' ? !empty : empty,
    edits,
  }
}

/** Safe: ztunnel enforces the same afterwards. */
function removeField(policy: AuthorizationPolicy, { path, field }: TrustDomainSource): Fix {
  return {
    title: `Remove ${field}`,
    preferred: false,
    safe: true,
    edits: [{ op: 'remove', resource: policy, path: [...path, field] }],
  }
}
