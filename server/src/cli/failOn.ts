import { LEVELS, type Level } from '@istio-ambient-policy/shared/basics'

/** Values of `--fail-on`: the lowest level of a finding that fails the run. */
export const FAIL_ON = ['error', 'warning', 'information', 'never'] as const

export type FailOn = (typeof FAIL_ON)[number]

/** Whether a finding of this level fails the run. */
export function fails(level: Level, failOn: FailOn): boolean {
  return failOn !== 'never' && LEVELS.indexOf(level) <= LEVELS.indexOf(failOn)
}
