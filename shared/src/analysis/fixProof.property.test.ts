import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Finding } from '../rules/finding.js'
import type { Fix } from '../rules/fix.js'
import { docsOf } from '../rules/docsOf.js'
import { ALL_RULES } from '../rules/registry.js'
import { fixtureFolders } from '../testing/fixtureFiles.js'
import { manifests, toFiles } from '../testing/generatedMesh.js'
import { analyse, findingsOf, withoutArrows, type Files } from '../testing/index.js'
import { FixTrials } from '../testing/fixTrials.js'
import { runs } from '../testing/runs.js'
import type { Analysis } from './analysis.js'
import { effectInWords, policiesOf, proveFix, provenFix } from './fixProof.js'
import { renderEdits } from './renderEdits.js'
import { sourceLookupOf } from './sourceLookup.js'

/** Two findings of a rule at one place have other levels: a value that is rejected, and one without effect. */
const identityOf = ({ rule, level, place }: Finding): string =>
  `${level} ${rule} ${place.kind === 'field' ? `${place.resource.type} ${place.resource.namespace}/${place.resource.name} ${place.path.join('.')}` : place.file}`

/** What is wrong with the fixes of a mesh, each applied alone, by requests that are evaluated one by one. */
function mistakesIn(files: Files): string[] {
  const analysis = analyse(files)
  const before = describe(analysis)
  const findings = findingsOf(analysis)
  const closed = analyse(files, { world: 'closed' }).mesh
  const trials = new FixTrials(files)
  const mistakes = findings.flatMap((finding) =>
    finding.fixes.flatMap((fix) =>
      mistakesOf(fix, { finding, findings, files, analysis, closed, trials }),
    ),
  )
  expect(describe(analysis)).toEqual(before)
  return mistakes
}

interface Offered {
  readonly finding: Finding
  readonly findings: readonly Finding[]
  readonly files: Files
  readonly analysis: Analysis
  readonly closed: Mesh
  readonly trials: FixTrials
}

function mistakesOf(
  given: Fix,
  { finding, findings, files, analysis, closed, trials }: Offered,
): string[] {
  const textOf = (file: string): string | undefined => files[file]
  const edits = renderEdits(given.edits, sourceLookupOf(analysis, textOf))
  const proof = edits && proveFix([analysis], { finding, fix: given }, edits, textOf)
  if (!proof) return []
  const { findings: found, mesh: after } = trials.after(edits)
  const countIn = (list: readonly Finding[], wanted: Finding): number =>
    list.filter((each) => identityOf(each) === identityOf(wanted)).length
  const errors = found.filter(
    (each) => each.level === 'error' && countIn(findings, each) < countIn(found, each),
  )
  const [unsaid] = trials.denied.openedBeyond(after, policiesOf(finding, given))
  const fix = provenFix(given, proof)
  const untrue = proof.opens.filter(({ box }) => {
    const [was, is] = [closed, after].map((mesh) => evaluateRequest(mesh, box.witness).verdict)
    return was === is || is === 'deny' || was === 'allow'
  })
  return [
    ...(countIn(found, finding) < countIn(findings, finding) ? [] : ['does not end the finding']),
    ...(fix.activates ? [] : errors.map((error) => `makes ${identityOf(error)}`)),
    ...(unsaid !== undefined && (fix.preferred || fix.safe || proof.isClosed)
      ? [`opens ${unsaid} without saying so`]
      : []),
    ...untrue.map((each) => `does not open ${effectInWords(each)}`),
  ].map((mistake) => `${finding.rule} "${fix.title}" ${mistake}`)
}

/** The findings of an analysis: a proof does not change them. */
function describe(analysis: Analysis): string[] {
  return findingsOf(analysis).map((finding) => `${identityOf(finding)} ${finding.message}`)
}

it.each(ALL_RULES.map((rule) => [rule.name, withoutArrows(docsOf(rule).bad)] as const))(
  'a fix ends its finding, makes no error and opens nothing unsaid: %s',
  (_, bad) => {
    expect(mistakesIn({ 'mesh.yaml': bad })).toEqual([])
  },
)

it('a fix ends its finding, makes no error and opens nothing unsaid: the sample mesh', () => {
  const folder = new URL('../../../test-fixtures/meshes/shop/', import.meta.url)
  const files = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
  )
  expect(mistakesIn(files)).toEqual([])
})

/** A patch of a kustomization overrides what the fix writes. */
const PATCHED = ['261b-patch-that-enrols']

it.each(fixtureFolders('field').filter(([name]) => !PATCHED.includes(name)))(
  'a fix ends its finding, makes no error and opens nothing unsaid: %s',
  (_, files) => {
    expect(mistakesIn(files)).toEqual([])
  },
)

const LIMIT_MS = 120_000

/** Ten draws of ten meshes: each within the time of a test on a busy machine. */
const DRAWS = Array.from({ length: 10 }, (_, draw) => draw)

it.each(DRAWS)(
  'a fix ends its finding, makes no error and opens nothing unsaid: generated meshes, draw %i',
  (draw) => {
    const { seed = 0 } = fc.readConfigureGlobal()
    fc.assert(
      fc.property(manifests, (objects) => {
        expect(mistakesIn(toFiles(objects))).toEqual([])
      }),
      { numRuns: runs(10), seed: seed + draw },
    )
  },
  LIMIT_MS,
)
