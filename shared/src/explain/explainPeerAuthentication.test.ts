import { expect, it } from 'vitest'
import { analyse } from '../testing/index.js'
import { explainPeerAuthentication } from './explainPeerAuthentication.js'
import type { PeerAuthenticationExplanation } from './explanation.js'

function explain(
  specs: { readonly mesh?: string; readonly namespace?: string; readonly workload?: string },
  name = 'workload',
  namespace = 'shop',
): PeerAuthenticationExplanation {
  const policy = (where: string, of: string, spec: string): string =>
    `---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: ${of}, namespace: ${where}}\nspec: ${spec}\n`
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
${specs.mesh === undefined ? '' : policy('istio-system', 'mesh', specs.mesh)}${specs.namespace === undefined ? '' : policy('shop', 'namespace', specs.namespace)}${specs.workload === undefined ? '' : policy(namespace, 'workload', specs.workload)}`)
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

it('follows workload, namespace, mesh', () => {
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

it('says what DISABLE means', () => {
  expect(explain({ namespace: '{mtls: {mode: DISABLE}}' }, 'namespace').effect).toEqual([
    'For namespace "shop", in ambient mode DISABLE does not switch mTLS off: it permits plaintext, as PERMISSIVE does, and clients of the mesh keep using HBONE.',
  ])
})

it('tells a DISABLE on a port that an inherited STRICT swallows', () => {
  const explanation = explain({
    mesh: STRICT,
    workload: workload('portLevelMtls: {8080: {mode: DISABLE}}'),
  })
  expect(ports(explanation)).toEqual(['null STRICT mesh', '8080 STRICT port'])
  expect(explanation.effect.at(-1)).toBe(
    'At Deployment shop/api istiod does not do what is written: plaintext is refused where it is meant to pass (see the ports).',
  )
})

it('tells a STRICT port under a PERMISSIVE workload that is not enforced in a STRICT mesh', () => {
  const explanation = explain({
    mesh: STRICT,
    workload: workload('mtls: {mode: PERMISSIVE}, portLevelMtls: {8080: {mode: STRICT}}'),
  })
  expect(ports(explanation)).toEqual(['null PERMISSIVE workload', '8080 PERMISSIVE port'])
  expect(explanation.effect.at(-1)).toContain('plaintext passes where STRICT is meant')
})

it('tells an UNSET namespace that opens every port under a PERMISSIVE one', () => {
  const explanation = explain({
    mesh: STRICT,
    namespace: '{mtls: {mode: UNSET}}',
    workload: workload('portLevelMtls: {8080: {mode: PERMISSIVE}}'),
  })
  expect(ports(explanation)).toEqual(['null PERMISSIVE mesh', '8080 PERMISSIVE port'])
  expect(explanation.workloads[0]?.ports[0]?.why).toContain(
    'istiod sends no policy for it: plaintext passes',
  )
})

it('says that a selector in the root namespace reaches nobody', () => {
  const explanation = explain(
    { workload: workload('mtls: {mode: STRICT}') },
    'workload',
    'istio-system',
  )
  expect(explanation).toMatchObject({
    level: 'ignored',
    workloads: [],
    summary: 'ignored: a selector in the root namespace reaches nobody',
  })
})

it('says for how many workloads another policy decides', () => {
  expect(
    explain({ mesh: STRICT, namespace: '{mtls: {mode: PERMISSIVE}}' }, 'mesh').effect,
  ).toContain('A nearer or earlier PeerAuthentication decides for 1 workload of them.')
})
