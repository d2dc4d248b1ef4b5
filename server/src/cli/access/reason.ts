import type { Analysis, Decider, Range } from '@istio-ambient-policy/shared'

/** What decided a request, with its place. */
export interface ReportedReason {
  /** `denied by shop/no-delete`. */
  readonly reason: string
  /** `namespace/name` of the policy that decides; null where none does. */
  readonly policy: string | null
  /** The place of the rule, or of a policy without a matching rule; null where no policy applies. */
  readonly file: string | null
  readonly range: Range | null
}

export function reasonOf(
  decider: Decider,
  analysis: Analysis,
  display: (file: string) => string,
): ReportedReason {
  const place = decider.place ?? placeOfPolicy(analysis, decider.evidence[0])
  const found = place && analysis.locate({ kind: 'field', ...place, on: 'value' })
  return {
    reason: decider.words,
    policy: decider.policy,
    file: found ? display(found.file) : null,
    range: found?.range ?? null,
  }
}

function placeOfPolicy({ mesh }: Analysis, name: string | undefined): Decider['place'] {
  if (name === undefined) return undefined
  const slash = name.indexOf('/')
  const resource = mesh.named('AuthorizationPolicy', name.slice(0, slash), name.slice(slash + 1))
  return resource && { resource, path: ['metadata', 'name'] }
}
