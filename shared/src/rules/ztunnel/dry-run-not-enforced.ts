import { parseBool } from '../../text/goValues.js'
import type { Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { coverageOf } from '../support/coverage.js'
import { isFilledIn } from '../support/filledIn.js'
import { quoted } from '../support/words.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import { DRY_RUN } from '../../vocabulary/annotations.js'
import { supports } from '../../vocabulary/releases.js'

const FLAG = 'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY'
const PATH = ['metadata', 'annotations', DRY_RUN]

export const dryRunNotEnforced = defineRule({
  name: 'dry-run-not-enforced',
  level: 'warning',
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
  // A value that is not a boolean is a reason to reject the policy.
  checksRejected: true,
  check(policy, { mesh, report }) {
    const value = policy.annotations?.[DRY_RUN]
    if (
      value === undefined ||
      isFilledIn(policy, PATH) ||
      (policy.action !== 'ALLOW' && policy.action !== 'DENY')
    )
      return
    const dryRun = parseBool(value)
    if (dryRun === undefined) {
      report({
        message:
          `The API server rejects this policy: dry-run ${quoted(value)} is not a boolean. ` +
          'Without validation it is enforced.',
        path: PATH,
        level: 'error',
        fixes: () => rankFixes(setTo('"true"', policy), removeAnnotation(policy)),
      })
      return
    }
    const settings = mesh.settings
    const evaluated = settings.flag(FLAG) && supports(settings, 'dryRunAtZtunnel')
    const coverage = dryRun && !evaluated ? mesh.get(coverageOf, policy) : undefined
    if (!coverage) return
    report({
      message:
        'This dry-run policy is neither enforced nor logged: istiod does not send it to ztunnel.',
      path: PATH,
      certainties: [coverage.certainty],
      related: coverage.evidence,
      fixes: () => rankFixes(removeAnnotation(policy)),
    })
  },
})

/** Not safe: a policy that is enforced today only logs afterwards, so it denies nothing. */
function setTo(value: string, resource: AuthorizationPolicy): Fix {
  return {
    title: `Change to ${value}`,
    activates: 'policy',
    preferred: true,
    safe: false,
    edits: [{ op: 'set', resource, path: PATH, value: 'true' }],
  }
}

/** Not safe: a dry-run policy should not be enforced before the user decides. */
function removeAnnotation(resource: AuthorizationPolicy): Fix {
  return {
    title: 'Remove the dry-run annotation',
    activates: 'policy',
    preferred: true,
    safe: false,
    edits: [{ op: 'remove', resource, path: PATH }],
  }
}
