import type { EvaluateFinding } from './messages.js'
import type { Range } from '../text/lineIndex.js'

/**
 * Client → server: explains lines of the logs of ztunnel and Envoy (`ExplainLogParams` → `ExplainLogResult`), as the
 * command line `why`. It answers for the mesh whose files fit the lines best.
 */
export const EXPLAIN_LOG_REQUEST = 'istioAmbientPolicy/explainLog'

export interface ExplainLogParams {
  /** One or more lines. */
  readonly log: string
  /** A document of the mesh to prefer, if several meshes fit the lines. */
  readonly textDocument?: { readonly uri: string }
}

/** The answers, in the order of the lines; or a problem of the log. */
export type ExplainLogResult =
  | {
      readonly answers: readonly LogAnswer[]
      /** The number of lines that are not explained: no decision of a proxy, or too many lines. */
      readonly skipped: number
      readonly problem?: undefined
    }
  | { readonly answers?: undefined; readonly problem: string }

/** The answer for lines with the same content. */
export interface LogAnswer {
  /** The numbers of the lines: the first line of the log is 1. */
  readonly lines: readonly number[]
  /** The proxy that wrote the lines, in words. */
  readonly proxy: string
  readonly verdict: 'allow' | 'deny' | 'failed'
  /** The verdict in words. */
  readonly outcome: string
  /** What decided, in words. */
  readonly cause: string
  /** `namespace/name`, as the proxy names the policy that decided; null if none did. */
  readonly policy: string | null
  readonly rule: number | null
  /** The objects of the files that decided, each at the field that decided. */
  readonly objects: readonly LoggedObjectLink[]
  readonly agreement: 'agrees' | 'differs' | 'unknown'
  /** Why the lines and the files differ, most likely reason first, or what is not known. */
  readonly differences: readonly string[]
  /** The smallest change with which the files allow a denied connection, in words. */
  readonly smallestChange: string | null
  /** Errors and warnings about `objects`. */
  readonly findings: readonly EvaluateFinding[]
}

/** An object of the files, with the place of the field that decided. */
export interface LoggedObjectLink {
  readonly kind: string
  /** `namespace/name`. */
  readonly name: string
  readonly uri: string
  readonly range: Range
}
