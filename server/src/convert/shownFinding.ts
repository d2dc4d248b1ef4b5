import type { Finding, LocatedFinding } from '@istio-ambient-policy/shared'

/** The parts of a finding that are in its diagnostic, as plain data. */
export interface ShownFinding extends Pick<LocatedFinding, 'range' | 'related'> {
  readonly finding: Pick<Finding, 'rule' | 'level' | 'message' | 'assumptions' | 'tag'>
}

export function shownFinding({ finding, range, related }: ShownFinding): ShownFinding {
  const { rule, level, message, assumptions, tag } = finding
  return { finding: { rule, level, message, assumptions, tag }, range, related }
}
