import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { query } from '../../mesh/mesh.js'

/** Whether a namespace certainly has sidecars, which read routes themselves and do not use waypoints. */
export const hasSidecars = query('has sidecars', (mesh, _: ''): boolean =>
  mesh.all('Namespace').some(({ name }) => {
    const { mode, certainty } = mesh.get(namespaceEnrolment, name)
    return mode === 'sidecar' && certainty.level === 'certain'
  }),
)
