import { afterAll, expect, it } from 'vitest'
import { check, createReportFolder, finding, reportOf } from '../testing/reports.js'
import { formatGithub } from './github.js'

const cli = createReportFolder()
afterAll(cli.remove)

it('the github format has a workflow command for each finding', async () => {
  const lines = (await check(cli, 'github', 'mesh')).trimEnd().split('\n')
  expect(lines.find((line) => line.includes('title=l7-allow-rule-dropped'))).toMatch(
    /^::error file=mesh\/allow\.yaml,line=11,endLine=11,col=13,endColumn=20,title=l7-allow-rule-dropped::Every connection to workload "[a-z]+" is denied: .*%0Asee: mesh\/all the\/mesh\.yaml:6:/,
  )
  expect(lines.filter((line) => !/^::(error|warning|notice) /.test(line))).toEqual([])
  expect(lines.find((line) => line.includes('deprecated-api-version'))).toMatch(/^::notice /)
})

it('the github format escapes text and has no columns for ranges of several lines', () => {
  const range = { start: { line: 0, character: 4 }, end: { line: 2, character: 1 } }
  expect(
    formatGithub(reportOf(finding({ file: 'a,b:c%.yaml', message: '100%\r\n::error::x', range }))),
  ).toBe(
    '::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=3,title=empty-selector::100%25%0D%0A::error::x\n',
  )
})
