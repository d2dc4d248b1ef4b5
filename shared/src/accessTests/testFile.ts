import type { AccessRequest, Verdict } from '../access/request.js'
import type { ServiceAccountName } from '../vocabulary/serviceAccountName.js'
import type { Range } from '../text/lineIndex.js'

/** The end of the names of test files. */
export const TEST_FILE_ENDING = '.access-test.yaml'

export function isTestFile(file: string): boolean {
  return /\.access-test\.ya?ml$/i.test(file)
}

/** The content of a test file. Names are unique in it. */
export interface TestFile {
  /** Paths of the files and folders of the mesh, relative to the file. Empty: the folder of the file. */
  readonly mesh: readonly { readonly path: string; readonly range: Range }[]
  readonly tests: readonly AccessTest[]
}

export type AccessTest = AccessCase | AccessRule

interface Named {
  readonly name: string
  /** The range of the name. */
  readonly range: Range
}

/** Requests with the verdict that is expected for each of them. */
export interface AccessCase extends Named {
  readonly kind: 'case'
  readonly requests: readonly AccessRequest[]
  readonly expect: Verdict
  /** `namespace/name` of the policy that decides. */
  readonly by: string | undefined
}

/** A statement about all requests of a selection. */
export interface AccessRule extends Named {
  readonly kind: 'rule'
  /** `never`: no request is allowed. `always`: every request is allowed. */
  readonly claim: 'never' | 'always'
  readonly selection: RequestSelection
  /**
   * The rule is about the allowed requests: `always` means that a waypoint evaluates each of them, `never` that it
   * evaluates none of them.
   */
  readonly through: 'waypoint' | undefined
}

/** The requests that a rule is about. A request is selected if one item of each list matches it; an empty list matches. */
export interface RequestSelection {
  readonly from: readonly ClientSelector[]
  /** Clients that are not selected. */
  readonly notFrom: readonly ClientSelector[]
  readonly to: readonly TargetSelector[]
  /** Undefined: HTTP requests and plain TCP connections. */
  readonly http: HttpSelector | undefined
}

/** `outside`: clients without an identity. */
export type ClientSelector =
  | { readonly account: ServiceAccountName }
  | { readonly namespace: string }
  | 'outside'

export type TargetSelector =
  | { readonly namespace: string }
  | {
      readonly kind: 'service' | 'workload' | 'host'
      readonly name: string
      /** Undefined: every port. */
      readonly port: number | undefined
    }

/** Patterns as in a policy, with `*`; for paths also `{*}` and `{**}`. */
export interface HttpSelector {
  readonly method: readonly string[]
  readonly path: readonly string[]
  readonly host: readonly string[]
  readonly headers: readonly { readonly name: string; readonly patterns: readonly string[] }[]
}
