import { query } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { EnforcementTarget } from '../explanation.js'
import { Notes, type NotesResult } from './notes.js'
import { targetsOf, unseenTarget } from './targets.js'

/** The targets of a policy, with the assumptions and unknowns behind them. */
export interface PolicyReach {
  readonly targets: readonly EnforcementTarget[]
  /** `targets`, and the target that the files do not show. */
  readonly reached: readonly EnforcementTarget[]
  readonly notes: NotesResult
}

export const policyReach = query(
  'policy reach',
  (mesh, policy: AuthorizationPolicy): PolicyReach => {
    const notes = new Notes()
    const targets = targetsOf(mesh, policy, notes)
    const unseen = unseenTarget(mesh, policy, notes)
    return { targets, reached: unseen ? [...targets, unseen] : targets, notes: notes.result() }
  },
)
