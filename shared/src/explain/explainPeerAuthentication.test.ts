import { expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { explainPeerAuthentication } from './explainPeerAuthentication.js'
import type { PeerAuthenticationExplanation } from './explanation.js'

function explain(
  specs: { readonly mesh?: string; readonly namespace?: string; readonly workload?: string },
  name = 'workload',
  namespace = 'shop',
): PeerAuthenticationExplanation {
  const policy = (where: string, label: string, spec: string): string =>
    `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ${label}, namespace: ${where}}
spec: ${spec}
`
  const policies = [
    ...(specs.mesh === undefined ? [] : [policy('istio-system', 'mesh', specs.mesh)]),
    ...(specs.namespace === undefined ? [] : [policy('shop', 'namespace', specs.namespace)]),
    ...(specs.workload === undefined ? [] : [policy(namespace, 'workload', specs.workload)]),
  ]
  const { mesh } = analyse(`
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, ports: [{containerPort: 8080}]}]}
${policies.join('')}`)
  return explainPeerAuthentication(
    mesh,
    mesh.all('PeerAuthentication').find((found) => found.name === name)!,
  )
}

const STRICT = '{mtls: {mode: STRICT}}'
const workload = (rest: string): string => `{selector: {matchLabels: {app: api}}, ${rest}}`
const ports = ({ workloads }: PeerAuthenticationExplanation): string[] =>
  workloads.flatMap((each) =>
    each.ports.map(({ port, mode, level }) => `${String(port)} ${mode} ${level}`),
  )

it('the mode is the one of the workload, else of the namespace, else of the mesh', () => {
  expect(ports(explain({ mesh: STRICT }, 'mesh'))).toEqual(['null STRICT mesh'])
  expect(
    ports(explain({ mesh: STRICT, namespace: '{mtls: {mode: DISABLE}}' }, 'namespace')),
  ).toEqual(['null PERMISSIVE namespace'])
  expect(ports(explain({ mesh: STRICT, workload: workload('mtls: {mode: PERMISSIVE}') }))).toEqual([
    'null PERMISSIVE workload',
  ])
  expect(
    ports(
      explain({
        workload: workload('mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}'),
      }),
    ),
  ).toEqual(['null STRICT workload', '8080 PERMISSIVE port'])
})

it('the effect says that DISABLE acts as PERMISSIVE', () => {
  expect(explain({ namespace: '{mtls: {mode: DISABLE}}' }, 'namespace').effect).toEqual([
    'For namespace "shop", in ambient mode DISABLE acts as PERMISSIVE: ' +
      'plaintext is accepted, and clients in the mesh still use mTLS (HBONE).',
  ])
})

it('the effect says that istiod ignores DISABLE on a port under an inherited STRICT', () => {
  const explanation = explain({
    mesh: STRICT,
    workload: workload('portLevelMtls: {8080: {mode: DISABLE}}'),
  })
  expect(ports(explanation)).toEqual(['null STRICT mesh', '8080 STRICT port'])
  expect(explanation.effect.at(-1)).toBe(
    'At Deployment shop/api the effect differs from the configuration: ' +
      'plaintext is rejected although it is permitted (see the ports).',
  )
})

it('the effect says that STRICT on a port of a PERMISSIVE workload is not enforced in a STRICT mesh', () => {
  const explanation = explain({
    mesh: STRICT,
    workload: workload('mtls: {mode: PERMISSIVE}, portLevelMtls: {8080: {mode: STRICT}}'),
  })
  expect(ports(explanation)).toEqual(['null PERMISSIVE workload', '8080 PERMISSIVE port'])
  expect(explanation.effect.at(-1)).toContain('plaintext is accepted although STRICT is configured')
})

it('a port says that an UNSET namespace opens it where another port is PERMISSIVE', () => {
  const explanation = explain({
    mesh: STRICT,
    namespace: '{mtls: {mode: UNSET}}',
    workload: workload('portLevelMtls: {8080: {mode: PERMISSIVE}}'),
  })
  expect(ports(explanation)).toEqual(['null PERMISSIVE mesh', '8080 PERMISSIVE port'])
  expect(explanation.workloads[0]?.ports[0]?.why).toContain(
    'istiod generates no policy for it: plaintext is accepted',
  )
})

it('a PeerAuthentication with a selector in the root namespace is ignored', () => {
  const explanation = explain(
    { workload: workload('mtls: {mode: STRICT}') },
    'workload',
    'istio-system',
  )
  expect(explanation).toMatchObject({
    level: 'ignored',
    workloads: [],
    summary: 'ignored: it has a selector and is in the root namespace',
  })
})

it('the effect says for how many workloads another PeerAuthentication decides', () => {
  expect(
    explain({ mesh: STRICT, namespace: '{mtls: {mode: PERMISSIVE}}' }, 'mesh').effect,
  ).toContain(
    'Another PeerAuthentication (more specific, or first by name) decides for 1 workload.',
  )
})
