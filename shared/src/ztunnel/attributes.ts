import type { OperationField, SourceField } from '../resources/authorizationPolicy.js'

/** What ztunnel does with an attribute: matches it, drops the rule (ALLOW) or erases it (DENY), or does not see it at all (docs/semantics.md §4.3). */
export type AttributeLayer = 'L4' | 'L7' | 'ignored'

const L7_SOURCE_FIELDS: ReadonlySet<SourceField> = new Set<SourceField>([
  'requestPrincipals',
  'notRequestPrincipals',
  'remoteIpBlocks',
  'notRemoteIpBlocks',
])
const IGNORED_SOURCE_FIELDS: ReadonlySet<SourceField> = new Set<SourceField>([
  'trustDomains',
  'notTrustDomains',
])
const L4_CONDITIONS: ReadonlySet<string> = new Set([
  'source.ip',
  'source.namespace',
  'source.principal',
  'destination.ip',
  'destination.port',
])

export function layerOfSource(field: SourceField): AttributeLayer {
  if (L7_SOURCE_FIELDS.has(field)) return 'L7'
  return IGNORED_SOURCE_FIELDS.has(field) ? 'ignored' : 'L4'
}

export function layerOfOperation(field: OperationField): AttributeLayer {
  return field === 'ports' || field === 'notPorts' ? 'L4' : 'L7'
}

/** Any key that ztunnel does not know counts as L7, typing errors included. */
export function layerOfCondition(key: string): AttributeLayer {
  return L4_CONDITIONS.has(key) ? 'L4' : 'L7'
}
