import { sourceChoices } from '../access/choices.js'
import type { Mesh } from '../mesh/mesh.js'
import { formatServiceAccount } from '../vocabulary/serviceAccountName.js'

/** A service account that has another name after a change, with the same workloads. */
export interface RenamedAccount {
  /** `namespace/name`. */
  readonly before: string
  readonly after: string
  /** `Deployment shop/web`. */
  readonly workloads: readonly string[]
}

/** The accounts whose workloads all have one new account after a change. */
export function renamedAccounts(before: Mesh, after: Mesh): RenamedAccount[] {
  const [old, current] = [before, after].map(workloadsOfAccounts)
  if (!old || !current) return []
  const byWorkloads = new Map(
    [...current].flatMap(([name, runs]) => (old.has(name) ? [] : [[runs.join(), name] as const])),
  )
  return [...old].flatMap(([name, workloads]) => {
    const renamed = current.has(name) ? undefined : byWorkloads.get(workloads.join())
    return renamed === undefined ? [] : [{ before: name, after: renamed, workloads }]
  })
}

/** The workloads of each account that has some. */
function workloadsOfAccounts(mesh: Mesh): Map<string, readonly string[]> {
  return new Map(
    mesh
      .get(sourceChoices, '')
      .flatMap((account) =>
        account.runs.length > 0 ? [[formatServiceAccount(account), account.runs]] : [],
      ),
  )
}
