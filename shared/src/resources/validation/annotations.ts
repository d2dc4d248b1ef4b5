import { parseBool } from '../../text/goValues.js'
import type { Field } from './field.js'
import { actionOf } from './policyAction.js'
import { shortened, problemAt, type ReportProblem } from './problem.js'
import { DRY_RUN } from '../../vocabulary/annotations.js'

/** Annotations that istiod writes itself, or that are always rejected. */
const FORBIDDEN = [
  'internal.istio.io/webhook-always-reject',
  'internal.istio.io/parents',
  'internal.istio.io/parent-namespace',
]

/** The annotations that the webhook rejects, for every kind (`validation.go` validateMetadata). */
export function checkAnnotations(root: Field, kind: string, report: ReportProblem): void {
  const annotations = root.get('metadata').get('annotations')
  for (const name of FORBIDDEN) {
    const field = annotations.get(name)
    if (field.node)
      report(problemAt(field.path, 'this annotation may not be set by users.', { on: 'key' }))
  }
  const dryRun = annotations.get(DRY_RUN)
  if (!dryRun.node) return
  if (kind !== 'AuthorizationPolicy') {
    report(
      problemAt(dryRun.path, `unsupported annotation on a ${kind}: please remove it.`, {
        on: 'key',
      }),
    )
    return
  }
  const action = actionOf(root.get('spec'))
  if (action === 'AUDIT' || action === 'CUSTOM')
    report(
      problemAt(
        dryRun.path,
        `only the actions ALLOW and DENY support this annotation, found ${action}.`,
        { on: 'key' },
      ),
    )
  else if (
    action !== undefined &&
    dryRun.text !== undefined &&
    parseBool(dryRun.text) === undefined
  ) {
    report(
      problemAt(
        dryRun.path,
        `invalid value "${shortened(dryRun.text)}": it must be "true" or "false".`,
        { rule: 'dry-run-not-enforced' },
      ),
    )
  }
}
