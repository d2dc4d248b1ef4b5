import { applyTextEdits, type FieldPath } from '@istio-ambient-policy/shared'
import type { Log, Region } from 'sarif'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { afterAll, describe, expect, it } from 'vitest'
import type { CheckReport, ReportedFinding } from '../checkReport.js'
import { createStyle } from '../style.js'
import { createCliFolder } from '../testing/cliFolder.js'
import { ALLOW_GET, DISABLED, NAMESPACE_AND_API } from '../testing/meshFiles.js'
import type { CheckFormatContext } from './checkFormat.js'
import { formatGithub } from './github.js'
import { formatGitlab } from './gitlab.js'
import { formatJunit } from './junit.js'
import { formatMarkdown } from './markdown.js'
import { formatSarif } from './sarif.js'
import { sarifProblems } from '../testing/sarifSchema.js'

const cli = createCliFolder({
  'mesh/all the/mesh.yaml': NAMESPACE_AND_API,
  'mesh/peers.yaml': DISABLED.replaceAll('\n', '\r\n'),
  'mesh/allow.yaml': ALLOW_GET,
  'mesh/debris.yaml': `${ALLOW_GET.replace('allow-get', 'other')}EOF\n`,
  'shifted/mesh.yaml': `# one more line\n${NAMESPACE_AND_API}---\n# and another\n${ALLOW_GET}`,
  'unshifted/mesh.yaml': `${NAMESPACE_AND_API}---\n${ALLOW_GET}`,
})
afterAll(() => {
  cli.remove()
})

async function check(format: string, ...args: string[]): Promise<string> {
  return (await cli.run(['check', '--format', format, ...args])).out
}

const sarif = async (...args: string[]): Promise<Log> =>
  JSON.parse(await check('sarif', ...args)) as Log

/** A finding as no rule would make it, to see what becomes of odd characters. */
function finding(
  given: Partial<ReportedFinding> & { readonly line?: number } = {},
): ReportedFinding {
  const line = given.line ?? 0
  return {
    rule: 'empty-selector',
    level: 'error',
    message: 'Nothing.',
    file: 'a.yaml',
    range: { start: { line, character: 2 }, end: { line, character: 5 } },
    object: { kind: 'Service', namespace: 'shop', name: 'api' },
    path: ['spec'],
    related: [],
    assumptions: [],
    fixes: [],
    ...given,
  }
}

function reportOf(...findings: ReportedFinding[]): CheckReport {
  return {
    findings,
    summary: { files: 1, objects: 1, error: findings.length, warning: 0, information: 0, hint: 0 },
  }
}

const CONTEXT: CheckFormatContext = {
  version: '1.2.3',
  style: createStyle(false),
  failOn: 'error',
  files: ['a.yaml'],
  complete: true,
  textOf: () => undefined,
  fixesOf: () => [],
}

describe('sarif', () => {
  it('keeps to the schema of SARIF 2.1.0', async () => {
    expect(sarifProblems(await sarif('mesh'))).toEqual([])
    expect(sarifProblems(JSON.parse(formatSarif(reportOf(), CONTEXT)))).toEqual([])
    const wrong = await sarif('mesh')
    wrong.runs[0]!.results![0]!.locations![0]!.physicalLocation!.region!.startLine = 0
    expect(sarifProblems(wrong)).not.toEqual([])
  })

  it('tells rule, level, place and related places', async () => {
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

  it('carries the pages of the rules that found something', async () => {
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

  it('carries fixes that make of the text what the fix makes of it', async () => {
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
    expect(applyTextEdits(text, edits)).toBe(text.replace('DISABLE', 'STRICT'))
  })

  it('knows findings again after lines have moved, and tells apart what is the same', async () => {
    const fingerprints = async (path: string): Promise<unknown[]> =>
      (await sarif(path)).runs[0]!.results!.map(({ ruleId, partialFingerprints }) => [
        ruleId,
        partialFingerprints,
      ])
    const shifted = await fingerprints('shifted')
    expect(shifted.length).toBeGreaterThan(0)
    expect(shifted).toEqual(await fingerprints('unshifted'))
    const twins = JSON.parse(
      formatSarif(reportOf(finding({ line: 1 }), finding({ line: 2 })), CONTEXT),
    ) as Log
    const [one, two] = twins.runs[0]!.results!.map(
      ({ partialFingerprints }) => Object.values(partialFingerprints!)[0],
    )
    expect(one).not.toBe(two)
  })

  it('says what was assumed, what failed, and copes with any file name', () => {
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
          message: { text: 'Nothing.\nAssumed: The namespace is ambient.' },
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
})

describe('github', () => {
  it('writes a command for each finding', async () => {
    const lines = (await check('github', 'mesh')).trimEnd().split('\n')
    expect(lines.find((line) => line.includes('title=l7-allow-rule-dropped'))).toMatch(
      /^::error file=mesh\/allow\.yaml,line=11,endLine=11,col=13,endColumn=20,title=l7-allow-rule-dropped::Every connection to workload "[a-z]+" is denied: .*%0Asee: mesh\/all the\/mesh\.yaml:6:/,
    )
    expect(lines.filter((line) => !/^::(error|warning|notice) /.test(line))).toEqual([])
    expect(lines.find((line) => line.includes('deprecated-api-version'))).toMatch(/^::notice /)
  })

  it('escapes, and leaves out columns over several lines', () => {
    const range = { start: { line: 0, character: 4 }, end: { line: 2, character: 1 } }
    expect(
      formatGithub(
        reportOf(finding({ file: 'a,b:c%.yaml', message: '100%\r\n::error::x', range })),
      ),
    ).toBe(
      '::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=3,title=empty-selector::100%25%0D%0A::error::x\n',
    )
  })
})

describe('gitlab', () => {
  it('writes a code quality report', async () => {
    const issues = JSON.parse(await check('gitlab', 'mesh')) as {
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

  it('writes an empty list where nothing was found', () => {
    expect(formatGitlab(reportOf())).toBe('[]\n')
  })
})

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

/** Reads XML strictly: what is not well-formed throws. */
function parseXml(xml: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [top]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const element: Element = { name, attributes, children: [], text: '' }
    open.at(-1)!.children.push(element)
    open.push(element)
  })
  parser.on('text', (text) => {
    open.at(-1)!.text += text
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(xml).close()
  return top.children[0]!
}

describe('junit', () => {
  it('has a suite for each file and a case for each finding', async () => {
    const root = parseXml(await check('junit', 'mesh'))
    expect(root.children.map(({ attributes }) => attributes['name'])).toEqual([
      'mesh/all the/mesh.yaml',
      'mesh/allow.yaml',
      'mesh/debris.yaml',
      'mesh/peers.yaml',
    ])
    const [clean, allow, , peers] = root.children
    expect(
      clean!.children.map(({ attributes, children }) => [attributes['name'], children]),
    ).toEqual([['no findings', []]])
    const failed = allow!.children.find(
      ({ attributes }) => attributes['name'] === 'l7-allow-rule-dropped 11:13',
    )!
    expect(failed.children[0]).toMatchObject({
      name: 'failure',
      attributes: { type: 'l7-allow-rule-dropped' },
      text: expect.stringMatching(
        /^mesh\/allow\.yaml:11:13 error Every connection to workload "api" is denied: /,
      ) as string,
    })
    expect(peers!.attributes).toMatchObject({ failures: '0' })
    expect(peers!.children.flatMap(({ children }) => children.map(({ name }) => name))).toContain(
      'system-out',
    )
    const cases = root.children.flatMap(({ children }) => children)
    expect(root.attributes).toMatchObject({
      tests: String(cases.length),
      failures: String(cases.filter(({ children }) => children[0]?.name === 'failure').length),
    })
  })

  it('fails what the exit status fails', async () => {
    const failures = async (level: string): Promise<number> =>
      Number(parseXml(await check('junit', '--fail-on', level, 'mesh')).attributes['failures'])
    expect(await failures('never')).toBe(0)
    expect(await failures('warning')).toBeGreaterThan(await failures('error'))
  })

  it('survives every character', () => {
    const message = 'a\u0000b <c> & "d"\u001b[31m \ud800 \ufffe ]]> é \u{1f600}'
    const root = parseXml(formatJunit(reportOf(finding({ message, file: 'a"<&\n.yaml' })), CONTEXT))
    const [, suite] = root.children
    expect(suite!.attributes['name']).toBe('a"<&\n.yaml')
    expect(suite!.children[0]!.children[0]!.attributes['message']).toBe(
      'a\ufffdb <c> & "d"\ufffd[31m \ufffd \ufffd ]]> é \u{1f600}',
    )
  })
})

describe('markdown', () => {
  it('sums up and folds the rest', async () => {
    const out = await check('markdown', 'mesh')
    expect(out).toMatch(
      /^## Istio Ambient Policy\n\n3 errors, .*: 5 objects in 4 files\.\n\n\| rule \| findings \|\n\|---\|---\|\n\| `heredoc-debris` \| 1 error \|\n|\| `l7-allow/,
    )
    expect(out).toContain('| `l7-allow-rule-dropped` | 2 errors |\n')
    expect(out).toContain(
      '<details><summary><code>mesh/allow.yaml</code> — 1 error</summary>\n\n- **error** `l7-allow-rule-dropped` in line 11: Every connection to workload "api" is denied: ',
    )
    expect(out.match(/<details>/g)).toHaveLength(3)
    expect(out.match(/<\/details>/g)).toHaveLength(3)
  })

  it('says so where nothing was found', () => {
    expect(formatMarkdown(reportOf())).toBe(
      '## Istio Ambient Policy\n\nNo findings: 1 object in 1 file.\n',
    )
  })

  it('takes nothing from a file for markup', () => {
    const out = formatMarkdown(
      reportOf(
        finding({
          message: '<img src=x> [a](http://b) `c` | @someone #12 </details>',
          file: '<b>.yaml',
        }),
      ),
    )
    expect(out).toContain('<code>&lt;b&gt;.yaml</code>')
    expect(out).toContain(
      '&lt;img src=x&gt; \\[a\\](http://b) \\`c\\` \\| @<!-- -->someone #<!-- -->12 &lt;/details&gt;',
    )
  })

  it('stays within what a comment holds, the gravest first', () => {
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
    const out = formatMarkdown(reportOf(...many))
    expect(out.length).toBeLessThan(65_000)
    expect(out.length).toBeGreaterThan(40_000)
    const shown = out.match(/^- \*\*/gm)!.length
    expect(out).toContain(`${2000 - shown} more findings did not fit here.\n`)
    expect(out).toContain('Number 1999 ')
    expect(out.match(/<details>/g)!.length).toBe(out.match(/<\/details>/g)!.length)
  })
})
