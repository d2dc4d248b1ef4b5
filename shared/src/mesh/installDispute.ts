import { keys } from '../inventory/indexKeys.js'
import type { InventoryChange } from '../inventory/inventory.js'
import { ruleTests } from '../resources/attributeTests.js'
import type { MeshConfigSource } from '../resources/meshConfig.js'
import { isRejected } from '../resources/rejected.js'
import { isEqual } from '../text/isEqual.js'
import { parsePrincipal } from '../vocabulary/principal.js'
import type { Dispute } from './disputes.js'
import { installChoices } from './installs.js'
import type { Mesh } from './mesh.js'
import { DEFAULT_TRUST_DOMAIN } from './settings.js'

/** The installs that contradict each other. The choices are not in the files: each is a merger of installs. */
export interface InstallDispute extends Dispute {
  /** The installs in the files. */
  readonly all: readonly MeshConfigSource[]
}

/** The dispute of the installs in the files; undefined if they agree. */
export function installDisputeOf(mesh: Mesh): InstallDispute | undefined {
  const all = mesh.inventory
    .at(keys.all('MeshConfig'))
    .filter((resource) => resource.type === 'MeshConfig')
  const choices = installChoices(all, mesh.userSettings, () => possibleTrustDomains(mesh))
  return choices.length > 1 ? { id: '', all, choices } : undefined
}

/** Whether a change can make another dispute of the installs. */
export function canChangeInstalls({ removed, added }: InventoryChange): boolean {
  return [...removed, ...added].some(
    ({ type }) => type === 'MeshConfig' || type === 'AuthorizationPolicy',
  )
}

export function isSameInstallDispute(
  a: InstallDispute | undefined,
  b: InstallDispute | undefined,
): boolean {
  return (
    a?.all.length === b?.all.length &&
    (a?.all ?? []).every((install, index) => install === b?.all[index]) &&
    isEqual(a?.choices, b?.choices)
  )
}

/** The trust domain by default, those that policies name, and one that no policy names. */
function possibleTrustDomains(mesh: Mesh): string[] {
  const named = mesh.inventory
    .at(keys.all('AuthorizationPolicy'))
    .flatMap((policy) =>
      policy.type === 'AuthorizationPolicy' && !isRejected(policy) ? policy.rules : [],
    )
    .flatMap((rule) => ruleTests(rule).flat())
    .flatMap(({ attribute, values, notValues }) => {
      const all = [...values, ...notValues]
      if (attribute === 'trustDomain') return all
      return attribute === 'principal'
        ? all.flatMap((value) => parsePrincipal(value)?.trustDomain ?? [])
        : []
    })
    .filter((name) => name !== '' && !name.includes('*'))
  return [...new Set([DEFAULT_TRUST_DOMAIN, ...named, 'another.invalid'])]
}
