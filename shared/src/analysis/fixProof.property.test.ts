import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { Resource } from '../resources/resource.js'
import type { Finding } from '../rules/finding.js'
import type { Fix } from '../rules/fix.js'
import { docsOf } from '../rules/docsOf.js'
import { ALL_RULES } from '../rules/registry.js'
import { fixtureFolders } from '../testing/fixtureFiles.js'
import { manifests, toFiles } from '../testing/generatedMesh.js'
import { analyse, findingsOf, withoutArrows, type Files } from '../testing/index.js'
import { FixTrials } from '../testing/fixTrials.js'
import { runs, sampled } from '../testing/runs.js'
import type { Analysis } from './analysis.js'
import { effectInWords, policiesOf, proveFix, provenFix } from './fixProof.js'
import { renderEdits } from './renderEdits.js'
import { sourceLookupOf } from './sourceLookup.js'

const objectOf = ({ type, namespace, name }: Resource): string => `${type} ${namespace}/${name}`

const placeOf = ({ place }: Finding): string =>
  place.kind === 'field' ? `${objectOf(place.resource)} ${place.path.join('.')}` : place.file

/** Two findings of a rule at one place have other levels: a value that is rejected, and one without effect. */
const identityOf = (finding: Finding): string =>
  `${finding.level} ${finding.rule} ${placeOf(finding)}`

const countIn = (list: readonly Finding[], wanted: Finding): number =>
  list.filter((each) => identityOf(each) === identityOf(wanted)).length

/** The findings of a list that are not in another list, as often as they are missing there. */
function missingIn(others: readonly Finding[], list: readonly Finding[]): Finding[] {
  const rest = others.map(identityOf)
  return list.filter((each) => {
    const index = rest.indexOf(identityOf(each))
    if (index >= 0) rest.splice(index, 1)
    return index < 0
  })
}

/**
 * The errors that a fix makes. A finding of an object that the fix does not edit can rise to an error and is no new
 * one: a DISABLE that overrides nothing, and then a STRICT.
 */
function newErrors(
  { finding, findings }: Pick<Offered, 'finding' | 'findings'>,
  found: readonly Finding[],
  fix: Fix,
): readonly Finding[] {
  const edited = fix.edits.flatMap((edit) => ('resource' in edit ? [objectOf(edit.resource)] : []))
  const changed = missingIn(found, findings).filter(
    (each) =>
      identityOf(each) !== identityOf(finding) &&
      each.place.kind === 'field' &&
      !edited.includes(objectOf(each.place.resource)),
  )
  const errors = missingIn(findings, found).filter(({ level }) => level === 'error')
  return errors.filter((error) => {
    const index = changed.findIndex(
      (each) => placeOf(each) === placeOf(error) && each.rule === error.rule,
    )
    if (index >= 0) changed.splice(index, 1)
    return index < 0
  })
}

/** What is wrong with the fixes of a mesh, each applied alone, by requests that are evaluated one by one. */
function mistakesIn(files: Files): string[] {
  const analysis = analyse(files)
  const before = describe(analysis)
  const findings = findingsOf(analysis)
  const trials = new FixTrials(files)
  const mistakes = findings.flatMap((finding) =>
    finding.fixes.flatMap((fix) => mistakesOf(fix, { finding, findings, files, analysis, trials })),
  )
  expect(describe(analysis)).toEqual(before)
  return mistakes
}

interface Offered {
  readonly finding: Finding
  readonly findings: readonly Finding[]
  readonly files: Files
  readonly analysis: Analysis
  readonly trials: FixTrials
}

function mistakesOf(given: Fix, { finding, findings, files, analysis, trials }: Offered): string[] {
  const textOf = (file: string): string | undefined => files[file]
  const edits = renderEdits(given.edits, sourceLookupOf(analysis, textOf))
  const proof = edits && proveFix([analysis], { finding, fix: given }, edits, textOf)
  if (!proof) return []
  const { findings: found, mesh: after } = trials.after(edits)
  const errors = newErrors({ finding, findings }, found, given)
  const [unsaid] = trials.denied.openedBeyond(after, policiesOf(finding, given))
  const fix = provenFix(given, proof)
  const untrue = proof.opens.filter(({ box }) => {
    const [was, is] = [trials.closed, after].map(
      (mesh) => evaluateRequest(mesh, box.witness).verdict,
    )
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

it.each(sampled(ALL_RULES, 2).map((rule) => [rule.name, withoutArrows(docsOf(rule).bad)] as const))(
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

it.each(sampled(fixtureFolders('field'), 8))(
  'a fix ends its finding, makes no error and opens nothing unsaid: %s',
  (_, files) => {
    expect(mistakesIn(files)).toEqual([])
  },
)

const LIMIT_MS = 120_000

/** Draws of ten meshes: each within the time of a test on a busy machine. */
const DRAWS = Array.from({ length: runs(1) }, (_, draw) => draw)

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
