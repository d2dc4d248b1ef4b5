import { afterAll, expect, it } from 'vitest'
import { check, createReportFolder, reportOf } from '../testing/reports.js'
import { formatGitlab } from './gitlab.js'

const cli = createReportFolder()
afterAll(cli.remove)

it('the gitlab format is a code quality report with unique fingerprints', async () => {
  const issues = JSON.parse(await check(cli, 'gitlab', 'mesh')) as {
    readonly check_name: string
    readonly fingerprint: string
  }[]
  expect(issues.find((issue) => issue.check_name === 'l7-allow-rule-dropped')).toEqual({
    description: expect.stringMatching(
      /^Every connection to workload "[a-z]+" is denied: /,
    ) as string,
    check_name: 'l7-allow-rule-dropped',
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    severity: 'critical',
    location: { path: 'mesh/allow.yaml', lines: { begin: 11, end: 11 } },
  })
  expect(issues.find((issue) => issue.check_name === 'deprecated-api-version')).toMatchObject({
    severity: 'info',
  })
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length)
})

it('the gitlab format is an empty list without findings', () => {
  expect(formatGitlab(reportOf())).toBe('[]\n')
})
