import { expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import { evaluateRequest } from '../access/evaluateRequest.js'
import { requestChoices } from '../access/choices.js'
import { analyse } from '../testing/index.js'
import { ClosedMesh } from './closedMesh.js'

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: api, labels: {app: api, istio.io/dataplane-mode: ambient}}\nspec: {containers: [{name: api, ports: [{containerPort: 8080}]}]}\n'
const POLICY =
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: deny-all}\nspec: {selector: {matchLabels: {app: api}}}\n'
const request = {
  from: { namespace: 'default', serviceAccount: 'web' },
  to: { workload: 'default/api', port: 8080 },
}

it('a closed mesh has the present texts of its analysis, with `default` as unnamed namespace and the same places', () => {
  const analysis = analyse({ 'pod.yaml': POD })
  const closed = new ClosedMesh(analysis)
  expect(evaluateRequest(closed.mesh, request).verdict).toBe('allow')
  analysis.update([{ file: 'policy.yaml', text: POLICY }])
  const denied = evaluateRequest(closed.mesh, request)
  expect(denied).toMatchObject({
    verdict: 'deny',
    hops: [{ name: 'default/api', evidence: ['default/deny-all'] }],
  })
  analysis.update([{ file: 'policy.yaml', text: undefined }])
  expect(evaluateRequest(closed.mesh, request).verdict).toBe('allow')
  const [pod] = closed.mesh.workloadsAt(keys.allWorkloads())
  expect(
    pod &&
      analysis.locate({ kind: 'field', resource: pod, path: ['metadata', 'name'], on: 'value' })
        ?.range.start,
  ).toEqual({ line: 2, character: 17 })
})

it('a closed mesh recomputes nothing while no text changes', () => {
  const closed = new ClosedMesh(analyse({ 'pod.yaml': POD }))
  closed.mesh.get(requestChoices, '')
  const { runs } = closed.mesh
  closed.mesh.get(requestChoices, '')
  expect(closed.mesh.runs).toBe(runs)
})
