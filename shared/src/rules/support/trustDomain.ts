import type { Mesh } from '../../mesh/mesh.js'

/** The trust domain of the mesh; undefined if the files and settings do not show it. */
export function knownTrustDomain(mesh: Mesh): string | undefined {
  const { trustDomain, trustDomainKnown } = mesh.settings
  const isConfigured =
    mesh.world === 'closed' ||
    mesh.userSettings.trustDomain !== undefined ||
    mesh.all('MeshConfig').some(({ meshConfig }) => meshConfig.trustDomain !== undefined)
  return isConfigured && trustDomainKnown ? trustDomain : undefined
}
