import type { Workload } from '../../inventory/workloads.js'
import { isKnown, type Certainty } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { AuthorizationPolicy, Source } from '../../resources/authorizationPolicy.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Authorization, AuthorizationRule } from '../../ztunnel/authorization.js'
import { conversionOf, policiesAtZtunnel } from '../../ztunnel/enforcement.js'
import { probe } from '../../ztunnel/probe.js'
import { matchesRule } from '../../ztunnel/rbac.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { setStrictMode } from './setStrictMode.js'
import { defineRule } from '../rule.js'
import { coverageOf, eachWorkload, nameWorkloads } from '../support/coverage.js'
import { isActionFilledIn } from '../support/filledIn.js'
import {
  mutualTlsCertainty,
  onlyExcludesIdentities,
  plaintextCertainty,
  portsToTry,
} from './plaintext.js'
import { CLIENT_FIELDS, isIdentityKeyAtZtunnel } from '../support/identityFields.js'
import { firstThatFits, quoted } from '../support/words.js'
import { hasUnreadablePolicy, noTemplatedPolicy } from '../support/waypointVerdicts.js'

export const negationAdmitsPlaintext = defineRule({
  name: 'negation-admits-plaintext',
  level: 'warning',
  subjects: ['AuthorizationPolicy'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Workload',
    'opaque',
  ],
  check(policy, { mesh, report }) {
    const { authorization, rules } = mesh.get(conversionOf, policy)
    if (
      policy.action !== 'ALLOW' ||
      !authorization ||
      authorization.dryRun ||
      isActionFilledIn(policy)
    )
      return
    const negating = rules.filter(({ rule }) => rule && allowsByExclusion(rule))
    const coverage = negating.length > 0 ? mesh.get(coverageOf, policy) : undefined
    if (!coverage) return
    for (const { index, rule } of negating) {
      if (!rule) continue
      const open =
        coverage.workloads.length > 0
          ? coverage.workloads.filter((workload) => allowsOnlyByExclusion(mesh, workload, rule))
          : []
      if (open.length === 0 && (coverage.workloads.length > 0 || !isOnlyPolicy(mesh, policy)))
        continue
      const { path, field } = negationIn(policy, index)
      const reason = `${quoted(field)} is true for clients without an identity.`
      report({
        message: firstThatFits(
          `This ALLOW rule also allows plaintext to ${nameWorkloads(open)}: ${reason}`,
          `This ALLOW rule also allows plaintext: ${reason}`,
        ),
        path,
        on: 'key',
        certainties: [
          coverage.certainty,
          noTemplatedPolicy(mesh),
          ...certaintiesOf(mesh, policy, open).filter(isKnown),
        ],
        related: [...coverage.evidence, ...eachWorkload(open, 'plaintext is allowed.')],
        fixes: () => rankFixes(requireIdentity(policy, path), setStrictMode(mesh, policy)),
      })
    }
  },
})

/** Whether a rule allows plaintext only because it excludes identities. */
function allowsByExclusion(rule: AuthorizationRule): boolean {
  return rule.some((clause) => clause.some(onlyExcludesIdentities))
}

/**
 * Whether this rule allows plaintext on some port of a workload, and no rule of another kind does.
 */
function allowsOnlyByExclusion(mesh: Mesh, workload: Workload, rule: AuthorizationRule): boolean {
  if (
    mesh.get(hasUnreadablePolicy, workload) ||
    mesh.get(mutualTlsCertainty, workload).level === 'unknown'
  )
    return false
  const policies = mesh.get(policiesAtZtunnel, workload).map(({ authorization }) => authorization)
  const others = policies.map((policy): Authorization =>
    policy.action === 'Allow'
      ? { ...policy, rules: policy.rules.filter((other) => !allowsByExclusion(other)) }
      : policy,
  )
  return portsToTry(workload, [rule]).some((port) => {
    const plaintext = { identity: undefined, port }
    const matched = matchesRule(rule, {
      identity: undefined,
      destinationPort: port,
      sourceIp: undefined,
      destinationIp: undefined,
    })
    return matched && probe(policies, plaintext) === 'allow' && probe(others, plaintext) === 'deny'
  })
}

/**
 * For workloads that are not in the files: whether the files show no other policy of the namespace
 * or the root namespace and no STRICT.
 */
function isOnlyPolicy(mesh: Mesh, policy: AuthorizationPolicy): boolean {
  const { rootNamespace } = mesh.settings
  const nearby = [policy.namespace, rootNamespace].flatMap((namespace) =>
    mesh.inNamespace('AuthorizationPolicy', namespace),
  )
  return (
    nearby.every((other) => other === policy || other.targetRefs.length > 0) &&
    plaintextCertainty(mesh, policy.namespace).level !== 'unknown'
  )
}

function certaintiesOf(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  workloads: readonly Workload[],
): Certainty[] {
  return workloads.length > 0
    ? workloads.map((workload) => mesh.get(mutualTlsCertainty, workload))
    : [plaintextCertainty(mesh, policy.namespace)]
}

const IDENTITY_FIELDS = CLIENT_FIELDS.filter(({ layer }) => layer === 'L4')

/** The field of a rule that excludes identities without requiring one. */
function negationIn(
  policy: AuthorizationPolicy,
  index: number,
): { readonly path: FieldPath; readonly field: string } {
  const path: FieldPath = ['spec', 'rules', index]
  const rule = policy.rules[index]
  const negationOf = (source: Source | undefined) =>
    source && !IDENTITY_FIELDS.some(({ field, negated }) => !negated && source[field])
      ? IDENTITY_FIELDS.find(({ field, negated }) => negated && source[field])?.field
      : undefined
  for (const [at, source] of (rule?.from ?? []).entries()) {
    const field = negationOf(source)
    if (field) return { path: [...path, 'from', at, 'source', field], field }
  }
  const at =
    rule?.when?.findIndex(
      ({ key, values, notValues }) =>
        isIdentityKeyAtZtunnel(key) && values.length === 0 && notValues.length > 0,
    ) ?? 0
  return { path: [...path, 'when', at, 'notValues'], field: 'notValues' }
}

/**
 * Requires any identity beside the exclusion. Undefined beside `notServiceAccounts`: the API server
 * rejects it together with `principals`.
 */
function requireIdentity(policy: AuthorizationPolicy, path: FieldPath): Fix | undefined {
  const field = path.at(-1)
  if (field === 'notServiceAccounts') return undefined
  const added = field === 'notValues' ? 'values' : 'principals'
  return {
    title: `Add ${added}: ["*"]`,
    preferred: true,
    safe: true,
    edits: [{ op: 'set', resource: policy, path: [...path.slice(0, -1), added], value: ['*'] }],
  }
}
