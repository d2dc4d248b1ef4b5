import type { AccessRequest, PlaceLink, Range } from '@istio-ambient-policy/shared'

/** A place in a file of the workspace. */
export type Link = PlaceLink

/** A request to evaluate, in the mesh of the document `uri`. */
export interface RequestLink {
  readonly uri: string
  readonly request: AccessRequest
}

/** The page of a rule. */
export interface RuleLink {
  readonly pageOfRule: string
}

export type PageLink = Link | RequestLink | RuleLink

export function linkOf({
  uri,
  range,
}: {
  readonly uri: string | null
  readonly range: Range | null
}): Link | null {
  return uri === null || range === null ? null : { uri, range }
}
