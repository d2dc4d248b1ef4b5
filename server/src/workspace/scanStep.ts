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
  /** The setting whose limit is the reason. */
  readonly setting?: LimitSetting
}

export type LimitSetting = 'maxFiles' | 'maxFileSize'

/** A step without a file: a listed directory, or a problem. */
export type OtherStep =
  | { readonly type: 'listed' }
  | { readonly type: 'problem'; readonly problem: ScanProblem }

/** One step of a scan. */
export type ScanStep =
  | OtherStep
  | { readonly type: 'file'; readonly file: string; readonly text: string }

/** A step before the bytes of a file are decoded. */
export type ByteStep =
  | OtherStep
  | { readonly type: 'bytes'; readonly file: string; readonly bytes: Uint8Array }

/** Node.js replaces the bytes of a name that are not UTF-8 with this character. */
const REPLACEMENT = '\ufffd'

/** A step without a result. */
export const LISTED: OtherStep = { type: 'listed' }

/** Maximum number of paths in a message. */
const MAX_NAMES = 3

export function failure(path: string, message: string): OtherStep {
  return { type: 'problem', problem: { severity: 'failure', path, message, unread: [path] } }
}

/** One notice for several paths. */
export function* noticeForAll(
  paths: readonly string[],
  message: string,
): Generator<OtherStep, void, undefined> {
  const [first] = paths
  if (first !== undefined) yield notice(first, message, paths)
}

/** A problem as a sentence, with the first paths that it is about. */
export function problemInWords(
  { path, message, unread = [] }: ScanProblem,
  show: (path: string) => string,
): string {
  const others = unread.filter((each) => each !== path)
  if (others.length === 0) return `${show(path)} ${message}`
  const names = others
    .slice(0, MAX_NAMES - 1)
    .map(show)
    .join(', ')
  const more = others.length >= MAX_NAMES ? ` and ${others.length + 1 - MAX_NAMES} more` : ''
  return `${show(path)} ${message}; the same applies to ${names}${more}`
}

export function notice(path: string, message: string, unread?: readonly string[]): OtherStep {
  return {
    type: 'problem',
    problem: { severity: 'notice', path, message, ...(unread ? { unread } : {}) },
  }
}

/** The same problem, with the setting whose limit is its reason. */
export function limitedBy(setting: LimitSetting, step: OtherStep): OtherStep {
  return step.type === 'listed' ? step : { ...step, problem: { ...step.problem, setting } }
}

/**
 * The problem of a path that cannot be read. If the path was deleted, it is a notice. Throws other errors than
 * `HostError`.
 */
export function failedStep(path: string, error: unknown): OtherStep {
  if (!(error instanceof HostError)) throw error
  if (error.missing && path.includes(REPLACEMENT))
    return failure(path, 'has a name that is not UTF-8 and was not read')
  if (error.missing) return notice(path, 'was deleted before it could be read', [path])
  return failure(path, error.message)
}
