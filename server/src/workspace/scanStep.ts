import { HostError } from '../host.js'

/**
 * A problem to show to the user. A `failure` is a file that cannot be read; a `notice` is a limit or something
 * unusual.
 */
export interface ScanProblem {
  readonly severity: 'failure' | 'notice'
  readonly path: string
  /** Continues the sentence after the path: `is binary and was not read`. */
  readonly message: string
  /** The files that were not read for this reason; undefined if all were read. */
  readonly unread?: readonly string[]
}

/** One step of a scan: a listed directory, a file that was read, or a problem. */
export type ScanStep =
  | { readonly type: 'listed' }
  | { readonly type: 'file'; readonly file: string; readonly text: string }
  | { readonly type: 'problem'; readonly problem: ScanProblem }

/** A step without a result. */
export const LISTED: ScanStep = { type: 'listed' }

export function notice(path: string, message: string, unread?: readonly string[]): ScanStep {
  return {
    type: 'problem',
    problem: { severity: 'notice', path, message, ...(unread ? { unread } : {}) },
  }
}

/**
 * The problem of a path that cannot be read. If the path was deleted, it is a notice. Throws other errors than
 * `HostError`.
 */
export function failedStep(path: string, error: unknown): ScanStep {
  if (!(error instanceof HostError)) throw error
  if (error.missing) return notice(path, 'was deleted before it could be read', [path])
  return {
    type: 'problem',
    problem: { severity: 'failure', path, message: error.message, unread: [path] },
  }
}
