import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { Finding } from '../rules/finding.js'
import { docsOf } from '../rules/docsOf.js'
import { ALL_RULES } from '../rules/registry.js'
import { manifests, toFiles } from '../testing/generatedMesh.js'
import { analyse, findingsOf, withoutArrows, type Files } from '../testing/index.js'
import { FixTrials } from '../testing/fixTrials.js'
import { runs } from '../testing/runs.js'
import type { Analysis } from './analysis.js'
import { effectInWords, policiesOf, proveFix, provenFix } from './fixProof.js'
import { renderEdits } from './renderEdits.js'
import { sourceLookupOf } from './sourceLookup.js'

/** These fixes end an outage: istiod does not know the pods, which refuse all traffic. No policy denied it. */
const END_OUTAGE = ['namespace-not-discovered']

/**
 * These rules prefer a fix that sends traffic to a policy. Where the policy allows it, the editor and `--fix` do not
 * prefer the fix.
 */
const LEADS_TO_POLICY = ['ingress-bypasses-waypoint']

const identityOf = ({ rule, place }: Finding): string =>
  `${rule} ${place.kind === 'field' ? `${place.resource.type} ${place.resource.namespace}/${place.resource.name} ${place.path.join('.')}` : place.file}`

/** What is wrong with the proofs of all fixes of a mesh, by requests that are evaluated one by one. */
function mistakesIn(files: Files): string[] {
  const analysis = analyse(files)
  const closed = analyse(files, { world: 'closed' }).mesh
  const trials = new FixTrials(files)
  const textOf = (file: string): string | undefined => files[file]
  const before = describe(analysis)
  const mistakes = findingsOf(analysis).flatMap((finding) =>
    finding.fixes.flatMap((fix) => {
      const edits = renderEdits(fix.edits, sourceLookupOf(analysis, textOf))
      const proof = edits && proveFix([analysis], { finding, fix }, edits, textOf)
      if (!proof) return []
      const { findings, mesh: after } = trials.after(edits)
      const name = `${finding.rule} "${provenFix(fix, proof).title}"`
      const [unsaid] = trials.denied.openedBeyond(after, policiesOf(finding, fix))
      const untrue = proof.opens.filter(({ box }) => {
        const [was, is] = [closed, after].map((mesh) => evaluateRequest(mesh, box.witness).verdict)
        return was === is || is === 'deny' || was === 'allow'
      })
      const isGone = findings.every((other) => identityOf(other) !== identityOf(finding))
      return [
        ...(fix.preferred && !proof.isClosed && !LEADS_TO_POLICY.includes(finding.rule)
          ? [`${name} is preferred by its rule`]
          : []),
        ...(fix.preferred && !isGone && finding.level !== 'information'
          ? [`${name} does not remove the finding`]
          : []),
        ...(unsaid !== undefined && proof.isClosed && !END_OUTAGE.includes(finding.rule)
          ? [`${name} opens ${unsaid} without saying so`]
          : []),
        ...untrue.map((each) => `${name} does not open ${effectInWords(each)}`),
      ]
    }),
  )
  expect(describe(analysis)).toEqual(before)
  return mistakes
}

/** The findings of an analysis: a proof does not change them. */
function describe(analysis: Analysis): string[] {
  return findingsOf(analysis).map((finding) => `${identityOf(finding)} ${finding.message}`)
}

it.each(ALL_RULES.map((rule) => [rule.name, withoutArrows(docsOf(rule).bad)] as const))(
  'the proof of a fix names what requests show: %s',
  (_, bad) => {
    expect(mistakesIn({ 'mesh.yaml': bad })).toEqual([])
  },
)

it('the proof of a fix names what requests show: the sample mesh', () => {
  const folder = new URL('../../../test-fixtures/meshes/shop/', import.meta.url)
  const files = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
  )
  expect(mistakesIn(files)).toEqual([])
})

it('the proof of a fix names what requests show: generated meshes', () => {
  fc.assert(
    fc.property(manifests, (objects) => {
      const mistakes = mistakesIn(toFiles(objects)).filter(
        (mistake) =>
          !mistake.endsWith('does not remove the finding') &&
          !mistake.endsWith('is preferred by its rule'),
      )
      expect(mistakes).toEqual([])
    }),
    { numRuns: runs(10) },
  )
})
