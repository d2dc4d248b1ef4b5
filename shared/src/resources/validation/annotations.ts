import { parseBool } from '../../text/goValues.js'
import type { Field } from './field.js'
import { actionOf } from './policyAction.js'
import { brief, problemAt, type Complain } from './problem.js'
import { DRY_RUN } from '../../vocabulary/annotations.js'

/** Annotations that istiod writes itself, or that exist to be refused. */
const FORBIDDEN = [
  'internal.istio.io/webhook-always-reject',
  'internal.istio.io/parents',
  'internal.istio.io/parent-namespace',
]

/** What the webhook says about annotations, whatever the kind (`validation.go` validateMetadata). */
export function checkAnnotations(root: Field, kind: string, complain: Complain): void {
  const annotations = root.get('metadata').get('annotations')
  for (const name of FORBIDDEN) {
    const field = annotations.get(name)
    if (field.node)
      complain(problemAt(field.path, 'this annotation may not be set by users.', { on: 'key' }))
  }
  const dryRun = annotations.get(DRY_RUN)
  if (!dryRun.node) return
  if (kind !== 'AuthorizationPolicy') {
    complain(
      problemAt(dryRun.path, `unsupported annotation on a ${kind}: please remove it.`, {
        on: 'key',
      }),
    )
    return
  }
  const action = actionOf(root.get('spec'))
  if (action === 'AUDIT' || action === 'CUSTOM')
    complain(
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
    complain(
      problemAt(
        dryRun.path,
        `invalid value "${brief(dryRun.text)}": it must be "true" or "false".`,
        { rule: 'dry-run-not-enforced' },
      ),
    )
  }
}
