import fc from 'fast-check'
import { expect, it } from 'vitest'
import { indexKeys } from '../../inventory/indexKeys.js'
import { alternativesOf } from '../../mesh/alternatives.js'
import {
  after,
  FEW,
  fewVariants,
  FILES,
  manyVariants,
  NAMES,
  stepOf,
  textIn,
  type Contents,
} from '../../testing/generated/variantEdits.js'
import { analyse } from '../../testing/index.js'
import { runs } from '../../testing/runs.js'
import type { Analysis } from '../analysis.js'

function fresh(contents: Contents): Analysis {
  const files: Record<string, string> = {}
  for (const [index, definitions] of contents.entries()) {
    const text = textIn(definitions)
    if (text !== undefined) files[FILES[index] ?? ''] = text
  }
  return analyse(files)
}

/** Everything that is published for a file. */
function describeFile(analysis: Analysis, file: string): string[] {
  return analysis
    .locatedFindingsOf(file)
    .map(({ finding: { rule, level, message, assumptions, related }, range }) =>
      JSON.stringify([
        rule,
        level,
        message,
        assumptions,
        range,
        related.map((fact) => [fact.message, analysis.locate(fact.place)?.file]),
      ]),
    )
}

/** The fixes of all findings, which are made when they are read. */
function describeFixes(analysis: Analysis): string[] {
  return FILES.flatMap((file) =>
    analysis
      .locatedFindingsOf(file)
      .flatMap(({ finding: { rule, fixes } }) =>
        fixes.map(({ title, edits }) =>
          JSON.stringify([file, rule, title, edits.map(({ op }) => op)]),
        ),
      ),
  )
}

/** Where each object is in a dispute, and the disputes of each key. */
function describeDisputes(analysis: Analysis): string[] {
  const alternatives = alternativesOf(analysis.mesh)
  return [...analysis.files.values()]
    .flatMap(({ documents: all }) => all.flatMap(({ facts }) => facts.resources))
    .flatMap((resource) => {
      const place = alternatives.placeOf(resource)
      return [
        JSON.stringify([
          resource.origin.file,
          resource.type,
          resource.name,
          textOfPlace(place),
          alternatives.none,
        ]),
        ...indexKeys(resource).map(
          (key) =>
            `${key}: ${alternatives
              .touches(key)
              .map(({ id }) => id)
              .join()}`,
        ),
      ]
    })
    .sort()
}

const textOfPlace = (
  place: ReturnType<ReturnType<typeof alternativesOf>['placeOf']>,
): string | undefined =>
  place && `${place.dispute.id} ${String(place.choice)} of ${String(place.of)}`

/** Makes edits, and compares the findings after each with those of a new analysis. */
function compareAfterEdits(
  start: fc.Arbitrary<Contents>,
  names: number,
  numRuns: number,
): { findings: number; ofObjects: number; ofFiles: number; many: number } {
  const counts = { findings: 0, ofObjects: 0, ofFiles: 0, many: 0 }
  fc.assert(
    fc.property(start, fc.array(stepOf(names), { minLength: 4, maxLength: 12 }), (first, steps) => {
      const analysis = fresh(first)
      const published = new Map(FILES.map((file) => [file, describeFile(analysis, file)]))
      let contents = first
      for (const each of steps) {
        const next = after(contents, each)
        const changes = FILES.flatMap((file, index) =>
          next[index] === contents[index]
            ? []
            : [{ file, text: textIn(next[index] ?? []), open: each.isOpen }],
        )
        contents = next
        // Only the findings of these files are read again.
        for (const file of analysis.update(changes).files)
          published.set(file, describeFile(analysis, file))
        const scratch = fresh(contents)
        for (const file of FILES)
          expect([file, published.get(file)]).toEqual([file, describeFile(scratch, file)])
        expect(describeFixes(analysis)).toEqual(describeFixes(scratch))
        const disputes = describeDisputes(analysis)
        expect(disputes).toEqual(describeDisputes(scratch))
        counts.findings += [...published.values()].flat().length
        if (disputes.some((line) => line.includes('object '))) counts.ofObjects++
        if (disputes.some((line) => line.includes('variant files '))) counts.ofFiles++
        if (disputes.some((line) => line.split('object ').length > 6)) counts.many++
      }
    }),
    { numRuns },
  )
  return counts
}

it('after each edit of objects with variants, the findings are those of a new analysis', () => {
  const { findings, ofObjects, ofFiles } = compareAfterEdits(fewVariants, FEW, runs(8))
  for (const count of [findings, ofObjects, ofFiles]) expect(count).toBeGreaterThan(runs(8))
})

it('the same with more variants than are combined', () => {
  const { findings, many } = compareAfterEdits(manyVariants, NAMES.length, runs(4, 2))
  for (const count of [findings, many]) expect(count).toBeGreaterThan(runs(4, 2))
})
