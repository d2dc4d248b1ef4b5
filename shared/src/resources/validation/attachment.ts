import { isRouteTarget, targetKind } from '../../vocabulary/kinds.js'
import type { Field } from './field.js'
import { shortened, problemAt, type ReportProblem } from './problem.js'

// How a policy is attached: `selector`, `targetRef`, `targetRefs` (docs/semantics.md §8.1 and §8.2 rows 1–6).

export function checkAttachment(spec: Field, report: ReportProblem): void {
  const given = ['selector', 'targetRef', 'targetRefs']
    .map((name) => spec.get(name))
    .filter((field) => field.exists)
  const second = given[1]
  if (second)
    report(
      problemAt(second.path, 'only one of targetRefs or selector can be set.', {
        on: 'key',
        rule: 'selector-and-target-refs',
      }),
    )
  checkSelector(spec, report)
  const refs = [spec.get('targetRef'), ...spec.get('targetRefs').items]
  const onlyRoutes = mayTargetRoutes(spec, refs)
  for (const ref of refs) checkTargetRef(ref, onlyRoutes, report)
}

/**
 * Whether a policy can target HTTPRoutes where istiod allows it: an ALLOW or a DENY without a target
 * of another kind (docs/semantics.md §3.11). Only AuthorizationPolicies have rules.
 */
function mayTargetRoutes(spec: Field, refs: readonly Field[]): boolean {
  const action = spec.get('action')
  return (
    !spec.get('jwtRules').exists &&
    (!action.exists || action.text === 'ALLOW' || action.text === 'DENY') &&
    refs.every(
      (ref) => !ref.isMapping || isRouteTarget(ref.get('group').text, ref.get('kind').text),
    )
  )
}

export function checkSelector(spec: Field, report: ReportProblem): void {
  const labels = spec.get('selector').get('matchLabels')
  for (const label of labels.fields) {
    const key = label.name
    if (key === '') report(problemAt(label.path, 'key must not be empty.', { on: 'key' }))
    else if (key.includes('*'))
      report(problemAt(label.path, 'wildcard not allowed in label key match.', { on: 'key' }))
    else if (label.text?.includes('*') === true)
      report(problemAt(label.path, 'wildcard not allowed in label value match.'))
  }
}

function checkTargetRef(ref: Field, onlyRoutes: boolean, report: ReportProblem): void {
  if (!ref.isMapping) return
  const namespace = ref.get('namespace')
  if (namespace.text !== undefined && namespace.text !== '') {
    report(
      problemAt(namespace.path, 'cross namespace referencing is not currently supported.', {
        rule: 'target-namespace-set',
      }),
    )
  }
  const group = ref.get('group')
  const kind = ref.get('kind')
  const groupName = group.node === undefined ? '' : group.text
  // The schema reports names of the wrong shape.
  if (
    groupName === undefined ||
    !/^[a-z0-9.-]*$/.test(groupName) ||
    kind.text === undefined ||
    !/^[a-zA-Z0-9-]+$/.test(kind.text)
  )
    return
  if (targetKind(groupName === 'core' ? '' : groupName, kind.text) === undefined) {
    if (onlyRoutes && isRouteTarget(groupName, kind.text)) {
      report(
        problemAt(
          kind.path,
          'an HTTPRoute needs Istio 1.32 and ENABLE_GATEWAY_API_HTTPROUTE_AUTH.',
          {
            rule: 'target-kind-not-supported',
            needs: 'httpRouteTargets',
          },
        ),
      )
      return
    }
    const target = `${groupName === '' ? 'core' : groupName}/${kind.text}`
    report(
      problemAt(
        kind.path,
        `must be a Service, ServiceEntry, Gateway or GatewayClass of its API group, not ${shortened(target)}.`,
        { rule: 'target-kind-not-supported' },
      ),
    )
  }
}
