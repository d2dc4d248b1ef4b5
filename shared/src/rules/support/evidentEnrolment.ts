import type { Enrolment } from '../../mesh/enrolmentByLabels.js'
import type { Mesh } from '../../mesh/mesh.js'

/**
 * Whether the files or the settings show that these pods are in a mesh (docs/knowledge.md §3.2). For
 * objects that are no sign of a mesh themselves: a NetworkPolicy, a Service.
 */
export function isEnrolmentEvident(mesh: Mesh, { certainty, evidence }: Enrolment): boolean {
  return (
    certainty.level === 'certain' ||
    evidence.length > 0 ||
    mesh.userSettings.assumeAmbient === 'all'
  )
}
