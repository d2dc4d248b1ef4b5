import { Analysis } from '@istio-ambient-policy/shared'
import { expect, it } from 'vitest'
import { findingsOf } from '../cli/checkReport.js'
import { locateFindings } from './toDiagnostic.js'

const POLICY = `# ambient-policy-ignore empty-selector -- until the selector is known
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec: {selector: {}, action: DENY, rules: [{from: [{source: {notNamespaces: [shop]}}]}]}
`
const namespace = (mode: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/dataplane-mode: ${mode}}}\n`

/** A mesh that draws in the policy, as an overlay draws in its base. */
function mesh(mode: string): Analysis {
  const files: Record<string, string> = {
    'base/policy.yaml': POLICY,
    [`${mode}/namespace.yaml`]: namespace(mode),
  }
  const analysis = new Analysis({
    settings: {},
    world: 'open',
    levels: {},
    readText: (file) => files[file],
  })
  analysis.update(Object.entries(files).map(([file, text]) => ({ file, text })))
  return analysis
}

it('a comment is unused only where no mesh that the file belongs to has a use for it', () => {
  const [ambient, none] = [mesh('ambient'), mesh('none')]
  const rules = (...meshes: Analysis[]): unknown => [
    locateFindings(meshes, 'base/policy.yaml').map(({ finding }) => finding.rule),
    findingsOf(meshes, (file) => file).map(({ finding }) => finding.rule),
  ]
  expect(rules(ambient)).toEqual([[], []])
  expect(rules(none)).toEqual([['unused-suppression'], ['unused-suppression']])
  expect(rules(ambient, none)).toEqual([[], []])
  expect(rules(none, mesh('none'))).toEqual([['unused-suppression'], ['unused-suppression']])
})
