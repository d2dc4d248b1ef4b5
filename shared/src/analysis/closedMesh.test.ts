import { expect, it } from 'vitest'
import { keys } from '../inventory/indexKeys.js'
import { evaluateRequest } from '../access/evaluateRequest.js'
import { requestChoices } from '../access/choices.js'
import { analyse } from '../testing/index.js'
import { ClosedMesh } from './closedMesh.js'

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: api, labels: {app: api, istio.io/dataplane-mode: ambient}}\nspec: {containers: [{name: api, ports: [{containerPort: 8080}]}]}\n'
const POLICY =
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: nobody}\nspec: {selector: {matchLabels: {app: api}}}\n'
const request = {
  from: { namespace: 'default', serviceAccount: 'web' },
  to: { workload: 'default/api', port: 8080 },
}

it('follows the texts of an analysis, takes an unnamed namespace as default and keeps places', () => {
  const analysis = analyse({ 'pod.yaml': POD })
  const whole = new ClosedMesh(analysis)
  expect(evaluateRequest(whole.mesh, request).verdict).toBe('allow')
  analysis.update([{ file: 'policy.yaml', text: POLICY }])
  const denied = evaluateRequest(whole.mesh, request)
  expect(denied).toMatchObject({
    verdict: 'deny',
    hops: [{ name: 'default/api', evidence: ['default/nobody'] }],
  })
  analysis.update([{ file: 'policy.yaml', text: undefined }])
  expect(evaluateRequest(whole.mesh, request).verdict).toBe('allow')
  const [pod] = whole.mesh.workloadsAt(keys.allWorkloads())
  expect(
    pod &&
      analysis.locate({ kind: 'field', resource: pod, path: ['metadata', 'name'], on: 'value' })
        ?.range.start,
  ).toEqual({ line: 2, character: 17 })
})

it('computes nothing anew while no text changes', () => {
  const whole = new ClosedMesh(analyse({ 'pod.yaml': POD }))
  whole.mesh.get(requestChoices, '')
  const { runs } = whole.mesh
  whole.mesh.get(requestChoices, '')
  expect(whole.mesh.runs).toBe(runs)
})
