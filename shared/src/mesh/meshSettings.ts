/** Whether namespaces whose enrolment no file tells are taken as ambient (docs/knowledge.md §3). */
export type AssumeAmbient = 'unknown-namespaces' | 'all' | 'none'

/** What the user says about a mesh. Undefined: take it from the MeshConfig in the files, else Istio's default. */
export interface MeshSettings {
  readonly rootNamespace?: string | undefined
  readonly trustDomain?: string | undefined
  /** `1.24` … `1.32`. */
  readonly istioVersion?: string | undefined
  /** Environment of istiod, docs/semantics.md §3.5. */
  readonly flags?: Readonly<Record<string, boolean>> | undefined
  readonly assumeAmbient?: AssumeAmbient | undefined
}
