import { clientOf } from '../access/client.js'
import type { Mesh } from '../mesh/mesh.js'
import { isDiscovered } from '../mesh/namespaces.js'
import type { Atom } from './atom.js'
import type { HostReading } from './hostReadings.js'

/** What decides about a client before any policy: its certificate, and what istiod and ztunnel's DNS know. */
export function clientAtoms(mesh: Mesh, readings: readonly HostReading[]): Atom[] {
  return [...trustDomainAtoms(mesh), ...discoveryAtoms(mesh), ...hostAtoms(mesh, readings)]
}

/** ztunnel does not know the clients of a namespace that istiod does not read (access/unknownClient.ts). */
function discoveryAtoms(mesh: Mesh): Atom[] {
  if (!mesh.settings.discoverySelectors?.length) return []
  return [
    {
      id: 'read by istiod',
      dimension: 'client',
      constant: { type: 'identity' },
      test: ({ identity }) => identity !== undefined && mesh.get(isDiscovered, identity.namespace),
    },
  ]
}

/** The namespaces and the values of DNS capture with which a host leads elsewhere (docs/semantics.md §2.8). */
function hostAtoms(mesh: Mesh, readings: readonly HostReading[]): Atom[] {
  const usual = (dnsCapture: HostReading['dnsCapture']) =>
    readings.find((each) => each.namespace === undefined && each.dnsCapture === dnsCapture)?.digest
  const namespaces = new Set(
    readings.flatMap(({ namespace, dnsCapture, digest }) =>
      namespace !== undefined && digest !== usual(dnsCapture) ? namespace : [],
    ),
  )
  const isAlways = readings.every(
    ({ namespace, digest }) =>
      readings.find((each) => each.namespace === namespace)?.digest === digest,
  )
  const captures = isAlways ? [] : [...new Set(readings.map(({ dnsCapture }) => dnsCapture))]
  return [
    ...[...namespaces].map((value): Atom => ({
      id: `client of namespace ${value}`,
      dimension: 'client',
      constant: { type: 'namespace', value },
      test: ({ identity }) => identity?.namespace === value,
    })),
    ...captures.map((value): Atom => ({
      id: `DNS capture ${value}`,
      dimension: 'client',
      constant: { type: 'identity' },
      test: ({ identity }) =>
        identity !== undefined && clientOf(mesh, identity).dnsCapture.includes(value),
    })),
  ]
}

/**
 * The trust domains that proxies accept (docs/semantics.md §5.1, §6.7). That a client has an identity follows from its
 * kind.
 */
function trustDomainAtoms(mesh: Mesh): Atom[] {
  const { trustDomain, trustDomainAliases } = mesh.settings
  return [trustDomain, ...trustDomainAliases].map((domain): Atom => ({
    id: `trust domain ${domain}`,
    dimension: 'client',
    constant: { type: 'trust domain', value: domain },
    test: ({ identity }) => identity?.trustDomain === domain,
  }))
}
