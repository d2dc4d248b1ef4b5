import { query } from '../../mesh/mesh.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { EnforcementTarget } from '../explanation.js'
import { Notes, type NotesResult } from '../support/notes.js'
import type { PolicyTarget } from './target.js'
import { targetsOf } from './targetsOf.js'
import { unseenTarget } from './unseenTarget.js'

/** The targets of a policy, with the assumptions and unknowns behind them. */
export interface PolicyReach {
  /** The targets that the files show. */
  readonly seen: readonly EnforcementTarget[]
  readonly all: readonly PolicyTarget[]
  readonly notes: NotesResult
}

export const policyReach = query(
  'policy reach',
  (mesh, policy: AuthorizationPolicy): PolicyReach => {
    const notes = new Notes()
    const seen = targetsOf(mesh, policy, notes)
    const unseen = unseenTarget(mesh, policy, notes)
    return { seen, all: unseen ? [...seen, unseen] : seen, notes: notes.result() }
  },
)
