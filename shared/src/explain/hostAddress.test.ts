import { expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import { closedExit, entry, OWN } from '../testing/egressMesh.js'
import {
  deployment,
  documents,
  namespace,
  serviceEntry,
  Views,
  waypoint,
} from '../testing/index.js'
import type { Resource } from '../resources/resource.js'
import { hintsFor } from './hints.js'

/** The API server accepts a wildcard host with resolution DNS only with endpoints. */
const BACKEND = { endpoints: [{ address: 'backend.example' }] }
const targeting = (name: string): string =>
  JSON.stringify({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'p', namespace: 'apps' },
    spec: {
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name }],
      action: 'DENY',
      rules: [{}],
    },
  })
const viewsOf = (spec: object): Views =>
  new Views(documents(namespace('apps'), ...OWN, entry('apps/e', { ...spec }), targeting('e')))

it.each<[string, object, string, string]>([
  ['an address', {}, 'waypoint', '→ apps/exit'],
  ['no address', { resolution: 'NONE' }, 'nobody', '→ apps/exit, bypassed'],
  ['addresses', { resolution: 'NONE', addresses: ['198.51.100.7'] }, 'waypoint', '→ apps/exit'],
  ['a wildcard', { hosts: ['*.a.example'], ...BACKEND }, 'nobody', '→ apps/exit, bypassed'],
])('a policy, the ServiceEntry and its hint agree on %s', (_, spec, enforcedBy, hint) => {
  const views = viewsOf(spec)
  expect(views.explain('AuthorizationPolicy', 'apps', 'p')).toMatchObject({
    targets: [{ enforcedBy, waypoint: { status: 'bound', name: 'apps/exit' } }],
  })
  const explained = views.explain('ServiceEntry', 'apps', 'e')
  expect(explained).toMatchObject({ waypoint: { status: 'bound' } })
  const policies = 'policies' in explained ? explained.policies : []
  expect(policies.find(({ name }) => name === 'apps/p')?.enforcedBy).toBe(enforcedBy)
  const [resource] = views.open.mesh.at('ServiceEntry', keys.named('ServiceEntry', 'apps', 'e'))
  expect(resource && hintsFor(views.open.mesh, resource).map(({ text }) => text)).toEqual([hint])
})

it('an explanation names the hosts without an address, and the ports without a filter chain', () => {
  const facts = (spec: object, ports?: readonly object[]): readonly string[] => {
    const explained = new Views(
      documents(
        namespace('apps'),
        closedExit('apps'),
        serviceEntry('apps/e', {
          waypoint: 'exit',
          ...(ports ? { ports: ports.map((port) => ({ ...port })) } : {}),
          spec: { ...spec },
        }),
      ),
    ).explain('ServiceEntry', 'apps', 'e')
    return 'facts' in explained ? explained.facts : []
  }
  expect(facts({ hosts: ['a.example', '*.b.example'], ...BACKEND })).toEqual([
    'Hosts: a.example, *.b.example.',
    "Clients of *.b.example connect to it directly and bypass the waypoint: ztunnel's DNS has no address of it, because a wildcard host gets one only with resolution DYNAMIC_DNS.",
  ])
  expect(
    facts({ hosts: ['*.b.example'], resolution: 'DYNAMIC_DNS' }, [
      { name: 'http', number: 80, protocol: 'HTTP' },
      { name: 'tls', number: 443, protocol: 'TLS' },
    ]),
  ).toEqual([
    'Hosts: *.b.example.',
    'The waypoint resets connections to port 443 of *.b.example: it has no filter chain for TLS ports of a wildcard host.',
  ])
})

it('a label of a pod on the host network selects no waypoint', () => {
  const views = new Views(
    documents(
      namespace('apps'),
      waypoint('apps/all', { for: 'all' }),
      deployment('apps/agent', { waypoint: 'all', spec: { hostNetwork: true } }),
    ),
  )
  const { mesh } = views.open
  const agents: readonly Resource[] = mesh.workloadsAt(keys.workloads('apps'))
  const hints = agents.flatMap((agent) => hintsFor(mesh, agent))
  expect(hints.map(({ text }) => text)).toEqual(['→ not used'])
  expect(hints[0]?.tooltip).toContain(
    'ztunnel does not know the addresses of pods on the host network',
  )
})

it('a policy says which connections to its ServiceEntry do not reach it', () => {
  const effects = (spec: object, more: readonly string[] = []): readonly string[] => {
    const explained = new Views(
      documents(namespace('apps'), ...OWN, entry('apps/e', { ...spec }), targeting('e'), ...more),
    ).explain('AuthorizationPolicy', 'apps', 'p')
    return 'effect' in explained ? explained.effect : []
  }
  const wild = { hosts: ['*.b.example'], resolution: 'DYNAMIC_DNS' }
  const port = (number: number, protocol: string): object => ({ name: protocol, number, protocol })
  expect(effects({ ...wild, ports: [port(443, 'TLS')] })).toEqual([
    'Not enforced for ServiceEntry apps/e: the waypoint resets all its connections: it has no filter chain for TLS ports of a wildcard host.',
  ])
  expect(effects({ ...wild, ports: [port(80, 'HTTP'), port(443, 'TLS')] })).toContain(
    'For ServiceEntry apps/e: the waypoint resets connections to port 443 of *.b.example: it has no filter chain for TLS ports of a wildcard host.',
  )
  const config = JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
    data: { mesh: 'serviceEntryVisibility: {defaultVisibility: NAMESPACE}' },
  })
  expect(effects({}, [config])).toContain(
    'For ServiceEntry apps/e: only clients of its namespace see it (serviceEntryVisibility): others bypass its waypoint.',
  )
})

it('DNS capture that one pod has by its annotation reaches the waypoint', () => {
  const config = JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio-cni-config', namespace: 'istio-system' },
    data: { AMBIENT_DNS_CAPTURE: 'false' },
  })
  const enforcedBy = (...more: readonly string[]): unknown => {
    const explained = new Views(
      documents(namespace('apps'), ...OWN, entry('apps/e', {}), targeting('e'), config, ...more),
    ).explain('AuthorizationPolicy', 'apps', 'p')
    return 'targets' in explained ? explained.targets.map((target) => target.enforcedBy) : []
  }
  const annotated = deployment('apps/keen', {
    podAnnotations: { 'ambient.istio.io/dns-capture': 'true' },
  })
  expect(enforcedBy(deployment('apps/web'))).toEqual(['nobody'])
  expect(enforcedBy(annotated)).toEqual(['waypoint'])
})
