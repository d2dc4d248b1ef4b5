import { applyTextEdits } from '@istio-ambient-policy/shared'
import type { Log, Region } from 'sarif'
import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { ALLOW_GET, NAMESPACE_AND_API } from '../testing/meshFiles.js'
import { check, CONTEXT, createReportFolder, finding, reportOf } from '../testing/reports.js'
import { sarifProblems } from '../testing/sarifSchema.js'
import { formatSarif } from './sarif.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const cli = createReportFolder()
afterAll(cli.remove)

async function sarif(path: string, folder = cli): Promise<Log> {
  return JSON.parse(await check(folder, 'sarif', path)) as Log
}

it('the output is valid SARIF 2.1.0', async () => {
  expect(sarifProblems(await sarif('mesh'))).toEqual([])
  expect(sarifProblems(JSON.parse(formatSarif(reportOf(), CONTEXT)))).toEqual([])
  const wrong = await sarif('mesh')
  wrong.runs[0]!.results![0]!.locations![0]!.physicalLocation!.region!.startLine = 0
  expect(sarifProblems(wrong)).not.toEqual([])
})

it('a SARIF result has rule, level, place and related places', async () => {
  const {
    runs: [run],
  } = await sarif('mesh')
  const result = run!.results!.find(({ ruleId }) => ruleId === 'l7-allow-rule-dropped')!
  expect(result).toMatchObject({
    level: 'error',
    message: {
      text: expect.stringMatching(/^Every connection to workload "[a-z]+" is denied: /) as string,
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'mesh/allow.yaml', uriBaseId: '%SRCROOT%' },
          region: { startLine: 11, startColumn: 13, endLine: 11, endColumn: 20 },
        },
        logicalLocations: [{ fullyQualifiedName: 'AuthorizationPolicy/shop/allow-get' }],
      },
    ],
  })
  expect(result.relatedLocations![0]).toMatchObject({
    physicalLocation: {
      artifactLocation: { uri: 'mesh/all%20the/mesh.yaml' },
      region: { startLine: 6 },
    },
  })
  expect(run!.results!.find(({ ruleId }) => ruleId === 'deprecated-api-version')).toMatchObject({
    level: 'note',
  })
})

it('the SARIF output has the pages of the rules with findings', async () => {
  const { rules } = (await sarif('mesh')).runs[0]!.tool.driver
  const { results } = (await sarif('mesh')).runs[0]!
  expect(rules!.map(({ id }) => id)).toEqual(
    [...new Set(results!.map(({ ruleId }) => ruleId))].sort(),
  )
  for (const result of results!) expect(rules![result.ruleIndex!]!.id).toBe(result.ruleId)
  expect(rules!.find(({ id }) => id === 'l7-allow-rule-dropped')).toMatchObject({
    help: { markdown: expect.stringContaining('## How to fix it') as string },
    defaultConfiguration: { level: 'error' },
  })
})

it('a SARIF fix changes the text as the fix does', async () => {
  const text = cli.read('mesh/peers.yaml')
  const result = (await sarif('mesh')).runs[0]!.results!.find(
    ({ ruleId }) => ruleId === 'disable-mode-is-permissive',
  )!
  const fix = result.fixes!.find(
    ({ description }) => description!.text === 'Replace DISABLE with STRICT',
  )!
  expect(fix.artifactChanges).toHaveLength(1)
  expect(fix.artifactChanges[0]!.artifactLocation.uri).toBe('mesh/peers.yaml')
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const offset = (line: number, column: number): number => starts[line - 1]! + column - 1
  const edits = fix.artifactChanges[0]!.replacements.map(({ deletedRegion, insertedContent }) => {
    const { startLine, startColumn, endLine, endColumn } = deletedRegion as Required<Region>
    return {
      span: { start: offset(startLine, startColumn), end: offset(endLine, endColumn) },
      newText: insertedContent?.text ?? '',
    }
  })
  expect(applyTextEdits(text, edits)).toBe(replaceIn(text, ['DISABLE', 'STRICT']))
})

it('SARIF fingerprints do not depend on lines and are different for equal findings', async () => {
  const shifts = createCliFolder({
    'shifted/mesh.yaml': `# one more line\n${NAMESPACE_AND_API}---\n# and another\n${ALLOW_GET}`,
    'unshifted/mesh.yaml': `${NAMESPACE_AND_API}---\n${ALLOW_GET}`,
  })
  const fingerprints = async (path: string): Promise<unknown[]> =>
    (await sarif(path, shifts)).runs[0]!.results!.map(({ ruleId, partialFingerprints }) => [
      ruleId,
      partialFingerprints,
    ])
  const shifted = await fingerprints('shifted')
  expect(shifted.length).toBeGreaterThan(0)
  expect(shifted).toEqual(await fingerprints('unshifted'))
  shifts.remove()
  const twins = JSON.parse(
    formatSarif(reportOf(finding({ line: 1 }), finding({ line: 2 })), CONTEXT),
  ) as Log
  const [one, two] = twins.runs[0]!.results!.map(
    ({ partialFingerprints }) => Object.values(partialFingerprints!)[0],
  )
  expect(one).not.toBe(two)
})

it('the SARIF output has assumptions, failed runs and unusual file names', () => {
  const odd = finding({
    rule: 'internal-error',
    level: 'warning',
    file: 'D:/ä b/<stdin>.yaml',
    assumptions: ['The namespace is ambient.'],
    object: null,
  })
  const log = JSON.parse(formatSarif(reportOf(odd), { ...CONTEXT, complete: false })) as Log
  expect(sarifProblems(log)).toEqual([])
  expect(log.runs[0]).toMatchObject({
    invocations: [{ executionSuccessful: false }],
    results: [
      {
        message: { text: 'Nothing.\nAssumption: The namespace is ambient.' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'file:///D:/%C3%A4%20b/%3Cstdin%3E.yaml' },
            },
          },
        ],
      },
    ],
    tool: {
      driver: { rules: [{ id: 'internal-error', defaultConfiguration: { level: 'warning' } }] },
    },
  })
})

it('with an address of rule pages, each rule has it as its help', () => {
  const findings = [finding(), finding({ rule: 'internal-error' })]
  const log = JSON.parse(
    formatSarif(reportOf(...findings), {
      ...CONTEXT,
      rulePages: 'https://docs.example/rules/{rule}.html',
    }),
  ) as Log
  expect(sarifProblems(log)).toEqual([])
  expect(log.runs[0]!.tool.driver.rules!.map(({ id, helpUri }) => [id, helpUri])).toEqual([
    ['empty-selector', 'https://docs.example/rules/empty-selector.html'],
    ['internal-error', undefined],
  ])
})
