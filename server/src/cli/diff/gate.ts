import type { AccessChange, Verdict } from '@istio-ambient-policy/shared'
import type { FailOnChange } from '../commands/diff.js'
import type { ComparedPair } from './diffReport.js'
import { allChanges } from './diffReport.js'

/** What `--fail-on` counts. */
export interface Gate {
  readonly fails: boolean
  /** Why it fails where no change certainly has the kind: one sentence each. */
  readonly reasons: readonly string[]
}

/**
 * Whether a comparison has changes of a kind. An undecided verdict may be either one, and a destination that is not
 * compared may have every change, so both count too.
 */
export function gateOf(compared: readonly ComparedPair[], failOn: FailOnChange): Gate {
  if (failOn === 'never') return { fails: false, reasons: [] }
  const found = allChanges(compared).filter(({ change }) => mayBe(change, failOn))
  const undecided = found.filter(({ change }) => change.kind === 'undecided').length
  const unknown = compared.reduce((sum, { comparison }) => sum + comparison.notCompared.length, 0)
  return {
    fails: found.length + unknown > 0,
    reasons: [
      ...(undecided > 0 && failOn !== 'any'
        ? [`${counted(undecided, 'undecided change')} may ${EFFECT[failOn]}`]
        : []),
      ...(unknown > 0
        ? [`${counted(unknown, 'destination')} with too many requests to compare`]
        : []),
    ],
  }
}

const EFFECT = {
  gained: 'allow requests that were denied before',
  lost: 'deny requests that were allowed before',
} as const

function mayBe({ box }: AccessChange, failOn: Exclude<FailOnChange, 'never'>): boolean {
  if (failOn === 'any') return true
  const [from, to]: readonly Verdict[] = failOn === 'gained' ? ['deny', 'allow'] : ['allow', 'deny']
  const [before, after] = box.outcome
  return before?.verdict !== to && after?.verdict !== from
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
