import type { FieldPath } from '@istio-ambient-policy/shared'
import { afterAll, expect, it } from 'vitest'
import { check, CONTEXT, createReportFolder, finding, reportOf } from '../testing/reports.js'
import { formatMarkdown } from './markdown.js'

const cli = createReportFolder()
afterAll(cli.remove)

it('the markdown format has a table of rules and folded findings', async () => {
  const out = await check(cli, 'markdown', 'mesh')
  expect(out).toMatch(
    /^## Ambient Policy for Istio\n\n3 errors, .*: 5 objects in 4 files\.\n\n\| rule \| findings \|\n\|---\|---\|\n\| `heredoc-debris` \| 1 error \|\n|\| `l7-allow/,
  )
  expect(out).toContain('| `l7-allow-rule-dropped` | 2 errors |\n')
  expect(out).toContain(
    '<details><summary><code>mesh/allow.yaml</code> — 1 error</summary>\n\n- **error** `l7-allow-rule-dropped` in line 11: Every connection to workload "api" is denied: ',
  )
  expect(out.match(/<details>/g)).toHaveLength(3)
  expect(out.match(/<\/details>/g)).toHaveLength(3)
})

it('the markdown format says if there are no findings', () => {
  expect(formatMarkdown(reportOf(), CONTEXT)).toBe(
    '## Ambient Policy for Istio\n\nNo findings: 1 object in 1 file.\n',
  )
})

it('text of a file does not become markup in the markdown format', () => {
  const out = formatMarkdown(
    reportOf(
      finding({
        message: '<img src=x> [a](http://b) `c` | @user #12 </details>',
        file: '<b>.yaml',
      }),
    ),
    CONTEXT,
  )
  expect(out).toContain('<code>&lt;b&gt;.yaml</code>')
  expect(out).toContain(
    '&lt;img src=x&gt; \\[a\\](http://b) \\`c\\` \\| @<!-- -->user #<!-- -->12 &lt;/details&gt;',
  )
})

it('the markdown format has at most the size of a comment, with the most severe findings', () => {
  const paths: FieldPath[] = Array.from({ length: 2000 }, (_, index) => ['spec', index])
  const many = paths.map((path, index) =>
    finding({
      path,
      line: index,
      message: `Number ${index} ${'x'.repeat(90)}.`,
      file: `f${index % 40}.yaml`,
      level: index === 1999 ? 'error' : 'warning',
    }),
  )
  const out = formatMarkdown(reportOf(...many), CONTEXT)
  expect(out.length).toBeLessThan(65_000)
  expect(out.length).toBeGreaterThan(40_000)
  const shown = out.match(/^- \*\*/gm)!.length
  expect(out).toContain(`${2000 - shown} more findings are not shown.\n`)
  expect(out).toContain('Number 1999 ')
  expect(out.match(/<details>/g)!.length).toBe(out.match(/<\/details>/g)!.length)
})

it('with an address of rule pages, the table of rules links them', () => {
  const findings = [finding(), finding({ rule: 'internal-error', level: 'warning' })]
  const out = formatMarkdown(reportOf(...findings), { rulePages: 'https://docs.example/{rule}' })
  expect(out).toContain('| [`empty-selector`](https://docs.example/empty-selector) | 1 error |\n')
  expect(out).toContain('| `internal-error` | 1 warning |\n')
})
