import { expect, it } from 'vitest'
import { object, serviceEntry, type Labels } from '../testing/index.js'
import { answer, namespace, pod, policy, toOperation } from '../testing/shopMesh.js'

const TO = { to: { host: 'vm.example', port: 80 } }
const machine = (annotations: Labels, port = 8443): readonly string[] => [
  namespace('shop'),
  pod('web'),
  serviceEntry('shop/out', {
    hosts: ['vm.example'],
    spec: { workloadSelector: { labels: { app: 'vm' } } },
  }),
  object('WorkloadEntry', 'shop/vm', {
    annotations,
    spec: { address: '10.0.0.9', labels: { app: 'vm' }, ports: { http: port } },
  }),
  policy('p', { action: 'DENY', rules: [toOperation({ ports: ['8443'] })] }),
]
const HBONE = { 'ambient.istio.io/redirection': 'enabled' }

it('a machine that accepts HBONE enforces policies on its own port, with an assumption', () => {
  expect(answer(machine(HBONE), TO)).toMatchObject({
    verdict: 'deny',
    hops: [{ point: 'ztunnel', name: 'shop/vm', port: 8443, policy: 'shop/p' }],
    assumptions: ['the machine of WorkloadEntry shop/vm has ztunnel'],
  })
  expect(answer(machine(HBONE, 9000), TO).verdict).toBe('allow')
})

it('a machine that does not accept HBONE has no hop', () => {
  expect(answer(machine({}), TO)).toMatchObject({ verdict: 'allow', hops: [] })
})
