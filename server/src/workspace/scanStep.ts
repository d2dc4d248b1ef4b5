import { HostError } from '../host.js'

/** Something that the reader of the results has to know. A `failure` is an input that should have been read; a `notice` is a limit or an oddity. */
export interface ScanProblem {
  readonly severity: 'failure' | 'notice'
  readonly path: string
  /** Goes on after the path: `is binary and was not read`. */
  readonly message: string
}

/** One bounded piece of work: a directory listed, a file read, or something to tell. */
export type ScanStep =
  | { readonly type: 'listed' }
  | { readonly type: 'file'; readonly file: string; readonly text: string }
  | { readonly type: 'problem'; readonly problem: ScanProblem }

/** A step of which nothing else is to be told. */
export const LISTED: ScanStep = { type: 'listed' }

export function notice(path: string, message: string): ScanStep {
  return { type: 'problem', problem: { severity: 'notice', path, message } }
}

/** What to tell of a path that could not be read. One that has gone since it was listed is no failure. Anything but a `HostError` is thrown on. */
export function failedStep(path: string, error: unknown): ScanStep {
  if (!(error instanceof HostError)) throw error
  if (error.missing) return notice(path, 'vanished before it could be read')
  return { type: 'problem', problem: { severity: 'failure', path, message: error.message } }
}
