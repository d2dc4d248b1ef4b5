import { expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import { analyse, deployment, documents, namespace } from '../testing/index.js'
import { explainWorkload } from './explainWorkload.js'

const FACT =
  'Plaintext bypasses ztunnel and its policies, because of ambient.istio.io/bypass-inbound-capture.'

it.each<[string, boolean, boolean]>([
  ['true', true, true],
  ['false', true, false],
  ['true', false, false],
])('a pod that bypasses inbound capture (%s, ambient: %s) says so: %s', (bypass, ambient, says) => {
  const { mesh } = analyse(
    documents(
      namespace('shop', { ambient }),
      deployment('shop/api', {
        podAnnotations: { 'ambient.istio.io/bypass-inbound-capture': bypass },
      }),
    ),
    { world: 'closed' },
  )
  const facts = mesh
    .workloadsAt(keys.workloads('shop'))
    .flatMap((workload) => explainWorkload(mesh, workload).facts)
  expect(facts.includes(FACT)).toBe(says)
})
