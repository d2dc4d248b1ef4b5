import { classRole } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { ATTRIBUTES } from '../../vocabulary/attributes.js'
import { withoutScheme } from '../../vocabulary/principal.js'
import { conversionOf } from '../../ztunnel/enforcement.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { setValue } from '../fixes/setValue.js'
import { defineRule, type Report } from '../rule.js'
import { coverageOf } from '../support/coverage.js'
import { isActionFilledIn } from '../support/filledIn.js'
import { knownTrustDomain } from '../support/trustDomain.js'
import { accountOf, principalFault, type PrincipalFault } from './principalShape.js'
import { firstThatFits, quoted } from '../support/words.js'
import { attributesOf } from '../support/ruleAttributes.js'
import {
  consequenceOfNoMatch,
  onlyDeniesMore,
  writtenValues,
  type WrittenValue,
} from '../support/writtenValues.js'
import { supports } from '../../vocabulary/releases.js'
import { resolveTarget } from '../../waypoint/attachment.js'
import type { PolicyTargetReference } from '../../resources/targetRef.js'
import { WAYPOINT_CLASS } from '../../vocabulary/gatewayClasses.js'

export const unmatchablePrincipal = defineRule({
  name: 'unmatchable-principal',
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
    const values = writtenValues(mesh.perQuery(attributesOf, policy), ['principal'])
    if (values.length === 0) return
    const trustDomain = policy.targetRefs.length === 0 ? knownTrustDomain(mesh) : undefined
    const faulty = values.flatMap((written) => {
      const fault = principalFault(written.value, trustDomain)
      return !fault || (fault === 'trust-domain' && isTrustDomainInFiles(mesh, written.value))
        ? []
        : [{ written, fault }]
    })
    // The workloads are read last: they change more often than the values.
    const enforced = faulty.length > 0 ? enforcement(mesh, policy) : undefined
    if (!enforced) return
    for (const { written, fault } of faulty) {
      report({
        message: messageOf(policy, written, { fault, trustDomain }),
        path: written.path,
        certainties: enforced.certainties,
        related: enforced.related,
        fixes: () =>
          rankFixes(
            corrected(policy, written, trustDomain),
            useServiceAccounts(mesh, policy, written),
          ),
      })
    }
  },
})

interface Enforced extends Pick<Report, 'certainties' | 'related'> {
  readonly atZtunnel: boolean
}

/**
 * The proxy that compares the principals. Undefined for gateways: their clients may have identities
 * from outside the mesh.
 */
function enforcement(mesh: Mesh, policy: AuthorizationPolicy): Enforced | undefined {
  if (policy.targetRefs.length > 0)
    return policy.targetRefs.some((ref) => isWaypointTarget(mesh, policy, ref))
      ? { atZtunnel: false }
      : undefined
  const { authorization } = mesh.get(conversionOf, policy)
  const coverage =
    authorization && !authorization.dryRun && !isActionFilledIn(policy)
      ? mesh.get(coverageOf, policy)
      : undefined
  return (
    coverage && { atZtunnel: true, certainties: [coverage.certainty], related: coverage.evidence }
  )
}

/**
 * What is wrong with the values does not depend on whether the target exists, or who may target it.
 */
function isWaypointTarget(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  ref: PolicyTargetReference,
): boolean {
  const target = resolveTarget(mesh, policy, ref)
  switch (target.kind) {
    case 'Gateway':
      return mesh.get(classRole, target.gateway.gatewayClassName) === 'waypoint'
    case 'GatewayClass':
    case 'none':
      return (
        ['Service', 'ServiceEntry'].includes(ref.kind) ||
        (ref.kind === 'GatewayClass' && ref.name === WAYPOINT_CLASS)
      )
    default:
      return true
  }
}

/** Whether a MeshConfig in the files has the trust domain of a principal. */
function isTrustDomainInFiles(mesh: Mesh, principal: string): boolean {
  const [first = ''] = principal.split('/')
  return mesh.all('MeshConfig').some(({ meshConfig }) => meshConfig.trustDomain === first)
}

function messageOf(
  policy: AuthorizationPolicy,
  written: WrittenValue,
  {
    fault,
    trustDomain,
  }: { readonly fault: PrincipalFault; readonly trustDomain: string | undefined },
): string {
  const reasons: Readonly<Record<PrincipalFault, string>> = {
    prefix: 'identities are compared without "spiffe://".',
    wildcard: 'a "*" is a wildcard only at the start or end.',
    shape: 'identities have the form <trust domain>/ns/<namespace>/sa/<account>.',
    'trust-domain': `at ztunnel every identity has trust domain ${quoted(trustDomain ?? '')}.`,
  }
  const does = consequenceOfNoMatch(policy, written)
  return firstThatFits(
    `Principal ${quoted(written.value, 64)} ${does}: ${reasons[fault]}`,
    `Principal ${quoted(written.value)} ${does}: ${reasons[fault]}`,
    `This principal ${does}: ${reasons[fault]}`,
  )
}

/** Removes `spiffe://` and sets the trust domain of the mesh if it is known. */
function corrected(
  policy: AuthorizationPolicy,
  written: WrittenValue,
  trustDomain: string | undefined,
): Fix | undefined {
  const bare = withoutScheme(written.value)
  const value =
    trustDomain !== undefined &&
    principalFault(bare, trustDomain) === 'trust-domain' &&
    bare.includes('/')
      ? `${trustDomain}${bare.slice(bare.indexOf('/'))}`
      : bare
  if (value === written.value || principalFault(value, trustDomain) !== undefined) return undefined
  return setValue({ resource: policy, path: written.path, value }, onlyDeniesMore(policy, written))
}

/**
 * Replaces the whole list with `serviceAccounts`, which need no trust domain. Undefined if the API
 * server would reject the result, or if an entry does not name one service account.
 */
function useServiceAccounts(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  written: WrittenValue,
): Fix | undefined {
  if (!written.inSource || !supports(mesh.settings, ATTRIBUTES.serviceAccount.since))
    return undefined
  const list = written.path.slice(0, -1)
  const [, , rule, , entry] = written.path
  const source = policy.rules[Number(rule)]?.from?.[Number(entry)] ?? {}
  const [own, other] = written.negated
    ? [source.notPrincipals, source.principals]
    : [source.principals, source.notPrincipals]
  const accounts = (own ?? []).flatMap((principal) => accountOf(principal) ?? [])
  if (
    accounts.length !== own?.length ||
    accounts.length > 16 ||
    other !== undefined ||
    source.namespaces !== undefined ||
    source.notNamespaces !== undefined
  )
    return undefined
  const field = written.negated ? 'notServiceAccounts' : 'serviceAccounts'
  return {
    title: `Use ${field}`,
    preferred: false,
    safe: onlyDeniesMore(policy, written),
    edits: [
      { op: 'remove', resource: policy, path: list },
      {
        op: 'set',
        resource: policy,
        path: [...list.slice(0, -1), field],
        value: [...new Set([...(source[field] ?? []), ...accounts])],
      },
    ],
  }
}
