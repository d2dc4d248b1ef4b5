/** Which namespaces are assumed to be in ambient mode where no file shows it (docs/knowledge.md §3). */
export type AssumeAmbient = 'unknown-namespaces' | 'all' | 'none'

/** What the user sets for a mesh. An undefined value comes from the files, else from Istio's defaults. */
export interface MeshSettings {
  readonly rootNamespace?: string | undefined
  readonly trustDomain?: string | undefined
  /** A release as `major.minor`: `1.24` to `1.32`. */
  readonly istioVersion?: string | undefined
  /** Environment variables of istiod (docs/semantics.md §3.5). */
  readonly flags?: Readonly<Record<string, boolean>> | undefined
  readonly assumeAmbient?: AssumeAmbient | undefined
}
