import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { renderEdits } from '../../analysis/renderEdits.js'
import { sourceLookupOf } from '../../analysis/sourceLookup.js'
import { manifests, toFiles } from '../../testing/generatedMesh.js'
import { analyse, findingsOf, withoutArrows, type Files } from '../../testing/index.js'
import { fixtureFolders } from '../../testing/fixtureFiles.js'
import { FixTrials } from '../../testing/fixTrials.js'
import { editedPolicies } from '../../testing/openedByFix.js'
import { runs } from '../../testing/runs.js'
import type { AuthorizationPolicy } from '../../resources/authorizationPolicy.js'
import type { Finding } from '../finding.js'
import { docsOf } from '../docsOf.js'
import { ALL_RULES } from '../registry.js'

const identityOf = ({ rule, place }: Finding): string =>
  `${rule} ${place.kind === 'field' ? `${place.resource.type} ${place.resource.namespace}/${place.resource.name} ${place.path.join('.')}` : place.file}`

/** The words of the policy of a finding allow requests too, where the fix changes another object. */
const subjectOf = ({ place }: Finding): readonly AuthorizationPolicy[] =>
  place.kind === 'field' && place.resource.type === 'AuthorizationPolicy' ? [place.resource] : []

/** These fixes correct a name. The policy then takes effect, and another mistake of it is found. */
const TAKES_EFFECT = ['selector-matches-nothing', 'target-not-found', 'invalid-resource']

/** These fixes let a scraper in, as their titles say. */
const LETS_IN = ['scraper-refused']

/** These fixes end an outage: istiod does not know the pods, which refuse all traffic. No policy denied it. */
const END_OUTAGE = ['namespace-not-discovered']

/** What is wrong with the preferred fixes of all findings of a mesh. */
function mistakesIn(files: Files): string[] {
  const open = analyse(files)
  const trials = new FixTrials(files)
  const findings = findingsOf(open)
  const errors = new Set(
    findings.filter(({ level }) => level === 'error').map((finding) => identityOf(finding)),
  )
  return findings.flatMap((finding) =>
    finding.fixes.flatMap((fix) => {
      if (!fix.preferred || fix.edits.some(({ op }) => op === 'setting')) return []
      const edits = renderEdits(
        fix.edits,
        sourceLookupOf(open, (file) => files[file]),
      )
      if (!edits) return []
      const name = `${finding.rule} "${fix.title}"`
      const { findings: found, mesh: after } = trials.after(edits)
      const countIn = (list: readonly Finding[]): number =>
        list.filter((other) => identityOf(other) === identityOf(finding)).length
      const gone = countIn(found) < countIn(findings)
      const worse = found.filter(
        (other) => other.level === 'error' && !errors.has(identityOf(other)),
      )
      const [opened] = trials.denied.openedBeyond(after, [
        ...editedPolicies(fix),
        ...subjectOf(finding),
      ])
      return [
        ...(gone || finding.level === 'information' ? [] : [`${name} does not remove the finding`]),
        ...(TAKES_EFFECT.includes(finding.rule) ? [] : worse).map(
          (error) => `${name} makes ${identityOf(error)}`,
        ),
        ...(opened === undefined || [...END_OUTAGE, ...LETS_IN].includes(finding.rule)
          ? []
          : [`${name} opens ${opened}`]),
      ]
    }),
  )
}

it.each(ALL_RULES.map((rule) => [rule.name, withoutArrows(docsOf(rule).bad)] as const))(
  'a preferred fix opens nothing beyond the edited policy: %s',
  (_, bad) => {
    expect(mistakesIn({ 'mesh.yaml': bad })).toEqual([])
  },
)

it('a preferred fix opens nothing beyond the edited policy: the sample mesh', () => {
  const folder = new URL('../../../../test-fixtures/meshes/shop/', import.meta.url)
  const files = Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
  )
  expect(mistakesIn(files)).toEqual([])
})

/** A patch of a kustomization overrides what the fix writes. */
const PATCHED = ['261b-patch-that-enrols']

it.each(fixtureFolders('field').filter(([name]) => !PATCHED.includes(name)))(
  'a preferred fix opens nothing beyond the edited policy: %s',
  (_, files) => {
    expect(mistakesIn(files)).toEqual([])
  },
)

it('a preferred fix opens nothing beyond the edited policy: generated meshes', () => {
  fc.assert(
    fc.property(manifests, (objects) => {
      const mistakes = mistakesIn(toFiles(objects)).filter((mistake) => mistake.includes(' opens '))
      expect(mistakes).toEqual([])
    }),
    { numRuns: runs(15) },
  )
})
