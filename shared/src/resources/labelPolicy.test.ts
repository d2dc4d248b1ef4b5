import { expect, it } from 'vitest'
import { replaceIn } from '../testing/replaceIn.js'
import { setsMeshLabels } from './labelPolicy.js'

const MUTATE = `spec:
  rules:
    - name: label
      mutate:
        patchStrategicMerge: {metadata: {labels: {istio.io/use-waypoint: waypoint}}}
`
const VALIDATE = replaceIn(MUTATE, ['mutate:', 'validate:'])
const PATCH = '  - path: /metadata/labels/istio.io~1dataplane-mode\n'

it.each<[string, string, string, string, boolean]>([
  ['a policy of Kyverno that mutates', 'kyverno.io/v1', 'ClusterPolicy', MUTATE, true],
  ['one with a JSON patch', 'kyverno.io/v1', 'Policy', `  - mutate:\n${PATCH}`, true],
  ['one that validates', 'kyverno.io/v1', 'ClusterPolicy', VALIDATE, false],
  ['one for another label', 'kyverno.io/v1', 'ClusterPolicy', '  mutate: {team: a}\n', false],
  ['a newer kind of Kyverno', 'policies.kyverno.io/v1', 'MutatingPolicy', MUTATE, true],
  ['a newer kind that validates', 'policies.kyverno.io/v1', 'ValidatingPolicy', VALIDATE, false],
  [
    'a mutation of Gatekeeper',
    'mutations.gatekeeper.sh/v1',
    'AssignMetadata',
    'location: metadata.labels."istio-injection"\n',
    true,
  ],
  [
    'an admission policy',
    'admissionregistration.k8s.io/v1',
    'MutatingAdmissionPolicy',
    PATCH,
    true,
  ],
  ['an application', 'argoproj.io/v1alpha1', 'Application', MUTATE, false],
])('sees whether labels of Istio are set by %s', (_, apiVersion, kind, text, expected) => {
  expect(setsMeshLabels(apiVersion, kind, text)).toBe(expected)
})
