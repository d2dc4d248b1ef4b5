import {
  targetInWords,
  type AccessAnswers,
  type AccessRequest,
  type Analysis,
  type RequestTarget,
  type Verdict,
} from '@istio-ambient-policy/shared'
import { reasonOf, type ReportedReason } from './reason.js'

/** The JSON output of `access`. */
export interface AccessReport {
  readonly access: readonly ReportedAccess[]
  readonly notComparable: readonly { readonly what: string; readonly reason: string }[]
  readonly assumptions: readonly string[]
}

/** Requests to one destination with the same verdict, decided by the same policy. */
export interface ReportedAccess {
  readonly target: RequestTarget
  readonly clients: readonly string[]
  readonly requests: Readonly<Record<string, readonly string[]>>
  readonly witness: AccessRequest
  readonly verdict: Verdict
  /** Whether a waypoint evaluates the requests. */
  readonly throughWaypoint: boolean
  readonly because: ReportedReason
}

export function accessReport(
  { found, notCompared, assumptions }: AccessAnswers,
  analysis: Analysis,
  display: (file: string) => string,
): AccessReport {
  return {
    access: found.map(({ target, judgement, box }) => ({
      target,
      clients: box.clients,
      requests: box.requests,
      witness: box.witness,
      verdict: judgement.verdict,
      throughWaypoint: judgement.usesWaypoint,
      because: reasonOf(judgement.decider, analysis, display),
    })),
    notComparable: notCompared.map(({ target, reason }) => ({
      what: targetInWords(target),
      reason,
    })),
    assumptions,
  }
}
