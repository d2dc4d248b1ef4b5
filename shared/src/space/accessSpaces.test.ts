import { expect, it } from 'vitest'
import { analyse, deployment, documents, namespace } from '../testing/index.js'
import { AccessSpaces } from './accessSpaces.js'

const TARGET = { workload: 'shop/api', port: 8080 }
const STRICT = {
  'strict.yaml': `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict, namespace: shop }
spec: { mtls: { mode: STRICT } }
`,
}
const left = { 'istio.io/dataplane-mode': 'none' }

it('spaces of several definitions are evaluated again when only one is left', () => {
  const analysis = analyse(
    {
      'mesh.yaml': documents(namespace('shop'), deployment('shop/api')),
      'other.yaml': deployment('shop/api', { podLabels: left }),
      ...STRICT,
    },
    { world: 'closed' },
  )
  const spaces = new AccessSpaces(analysis.mesh)
  const verdicts = (): string[] => {
    spaces.update()
    const space = spaces.spaceTo(TARGET)
    return typeof space === 'string'
      ? [space]
      : [
          ...new Set(space.outcomes.flatMap((outcome) => outcome.map(({ verdict }) => verdict))),
        ].sort()
  }
  expect(verdicts()).toEqual(['allow', 'undecided'])
  analysis.update([{ file: 'other.yaml', text: undefined }])
  expect(verdicts()).toEqual(['allow', 'deny'])
})
