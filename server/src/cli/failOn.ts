import { LEVELS, type Level } from '@istio-ambient-policy/shared'

/** Values of `--fail-on`: the lowest level that makes a run fail. */
export const FAIL_ON = ['error', 'warning', 'information', 'never'] as const

export type FailOn = (typeof FAIL_ON)[number]

/** Whether a finding of that level makes the run fail. */
export function fails(level: Level, failOn: FailOn): boolean {
  return failOn !== 'never' && LEVELS.indexOf(level) <= LEVELS.indexOf(failOn)
}
