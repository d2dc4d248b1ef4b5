import { expect, it } from 'vitest'
import { analyse, replaceIn } from '../testing/index.js'
import type { Analysis } from './analysis.js'
import { meshFindings } from './meshFindings.js'

const POLICY = `# ambient-policy-ignore empty-selector -- until the selector is known
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec: {selector: {}, action: DENY, rules: [{from: [{source: {notNamespaces: [shop]}}]}]}
`

/** A mesh that includes the policy, as an overlay includes its base. */
function mesh(mode: string, policy = POLICY): Analysis {
  return analyse({
    'base/policy.yaml': policy,
    [`${mode}/namespace.yaml`]: `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ${mode}}}\n`,
  })
}

function rules(...meshes: Analysis[]): string[] {
  return meshFindings(meshes, 'base/policy.yaml').map(({ finding }) => finding.rule)
}

it('an ignore comment is unused only if no mesh of the file needs it', () => {
  expect(rules(mesh('ambient'))).toEqual([])
  expect(rules(mesh('none'))).toEqual(['unused-suppression'])
  expect(rules(mesh('ambient'), mesh('none'))).toEqual([])
  expect(rules(mesh('none'), mesh('none'))).toEqual(['unused-suppression'])
})

it('a finding that several meshes have is there once, with the first mesh', () => {
  const uncommented = replaceIn(POLICY, [/^#.*\n/, ''])
  const [first, second] = [mesh('ambient', uncommented), mesh('ambient', uncommented)]
  expect(rules(first)).toEqual(['empty-selector'])
  const [finding, ...others] = meshFindings([first, second], 'base/policy.yaml')
  expect(others).toEqual([])
  expect(finding?.analysis).toBe(first)
  expect(finding?.file).toBe('base/policy.yaml')
})
