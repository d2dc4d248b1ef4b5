import type { AccessRequest, RequestTarget, Verdict } from '../access/request.js'
import type { AccessMatrix } from '../space/accessMatrix.js'
import type { ChangeKind } from '../space/compareAccess.js'
import type { EvaluateCommandArgument, PlaceLink } from './messages.js'

/** Requests to one destination with the same verdict, decided by the same policy. */
export interface AccessBoxes {
  readonly target: RequestTarget
  readonly clients: readonly string[]
  /** What the requests have, by dimension; empty for all requests. */
  readonly requests: Readonly<Record<string, readonly string[]>>
  /** One of the requests, for `istioAmbientPolicy/evaluate`. */
  readonly witness: AccessRequest
}

/** A verdict with the reason, and the place of the rule or policy that decides; null if none does. */
export interface AccessReason {
  readonly verdict: Verdict
  readonly reason: string
  readonly place: PlaceLink | null
}

/**
 * Client → server: who can reach a destination, over all requests, assuming that the files are the whole mesh
 * (`AccessParams` → `AccessResult`, null for a document of no mesh).
 */
export const ACCESS_REQUEST = 'istioAmbientPolicy/access'

export interface AccessParams {
  /** Any document of the mesh. */
  readonly textDocument: { readonly uri: string }
  /** Without a port: all ports. */
  readonly to: NonNullable<EvaluateCommandArgument['to']>
  /** Only these clients; `{}` are clients outside the mesh. Then requests that are denied are there too. */
  readonly from?: { readonly namespace?: string; readonly serviceAccount?: string }
}

export type AccessResult = {
  readonly access: readonly (AccessBoxes & AccessReason)[]
  readonly notCompared: readonly string[]
  readonly assumptions: readonly string[]
} | null

/**
 * Client → server: who can reach what in a mesh, as a table (`MeshViewParams` → `AccessMatrixResult`). With a namespace,
 * only its destinations. Null if the mesh does not exist any more.
 */
export const ACCESS_MATRIX_REQUEST = 'istioAmbientPolicy/accessMatrix'

export type AccessMatrixResult =
  | (AccessMatrix & {
      /** Any document of the mesh. */
      readonly uri: string
      /** The places of the destinations. */
      readonly places: readonly (PlaceLink | null)[]
    })
  | null

/** Client → server: the texts of files at a revision, from which the present texts differ. Replaces all earlier ones. */
export const BASE_TEXTS_NOTIFICATION = 'istioAmbientPolicy/baseTexts'

export interface BaseTextsParams {
  /** `HEAD`. */
  readonly name: string
  /** `text` is null for a file that does not exist at the revision. */
  readonly files: readonly { readonly uri: string; readonly text: string | null }[]
}

/**
 * Client → server: the requests whose verdict changed since the texts of `istioAmbientPolicy/baseTexts`
 * (`CompareAccessParams` → `CompareAccessResult`, null for a document of no mesh, and without such texts).
 */
export const COMPARE_ACCESS_REQUEST = 'istioAmbientPolicy/compareAccess'

export interface CompareAccessParams {
  /** Any document of the mesh. */
  readonly textDocument: { readonly uri: string }
}

export type CompareAccessResult = {
  readonly name: string
  readonly changes: readonly (AccessBoxes & {
    readonly kind: ChangeKind
    readonly before: AccessReason
    readonly after: AccessReason
  })[]
  readonly same: number
  readonly added: readonly RequestTarget[]
  readonly removed: readonly RequestTarget[]
  readonly notCompared: readonly string[]
  readonly assumptions: readonly string[]
} | null
