import type { CheckReport, ReportedFinding } from '../../cli/checkReport.js'
import { objectName } from '../../cli/fingerprint.js'
import { listAnswer, shortText, textAnswer } from '../answer.js'
import { closed, FROM, PATHS, PROPOSED, TEXT } from '../schemas.js'
import { number, outputOf, text, type Tool } from '../tool.js'

export const checkTool: Tool = {
  name: 'check',
  title: 'Find mistakes in policies',
  description:
    'The findings about AuthorizationPolicies, PeerAuthentications, waypoints and routes: what Istio ambient mode does not enforce as it seems, with the place and the titles of fixes. Errors come first. Call it before and after every change of a manifest, and for "what is wrong here". The tool "rule" explains a finding.',
  inputSchema: closed({
    paths: PATHS,
    proposed: PROPOSED,
    rule: { ...TEXT, description: 'Only findings of this rule.' },
    object: { ...TEXT, description: 'Only findings about this object: KIND/NAMESPACE/NAME.' },
    from: FROM,
  }),
  run: async (args, context) => {
    const command = ['check', '--format', 'json', '--', ...context.paths(args['paths'])]
    const report = JSON.parse(
      outputOf(await context.run(command, { proposed: context.proposed(args['proposed']) })),
    ) as CheckReport
    const [rule, object] = [text(args, 'rule'), text(args, 'object')]
    const wanted = report.findings.filter(
      (finding) =>
        (rule === undefined || finding.rule === rule) &&
        (object === undefined || nameOf(finding) === object),
    )
    const sorted = [...wanted].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
    return listAnswer(sorted.map(summary), number(args, 'from') ?? 0, (findings) => ({
      summary: report.summary,
      findings,
    }))
  },
}

const LEVELS = ['error', 'warning', 'information', 'hint']

function summary(finding: ReportedFinding) {
  const { rule, level, message, assumptions, fixes } = finding
  return {
    rule,
    level,
    message: shortText(message),
    place: placeOf(finding),
    object: nameOf(finding),
    ...(assumptions.length > 0 ? { assumptions: assumptions.map((each) => shortText(each)) } : {}),
    ...(fixes.length > 0 ? { fixes: fixes.map(({ title }) => shortText(title)) } : {}),
  }
}

function nameOf({ object }: ReportedFinding): string | null {
  return object && objectName(object)
}

/** `deploy/policies.yaml:12:7`, with the first line and column as 1. */
export function placeOf({
  file,
  range: { start },
}: Pick<ReportedFinding, 'file' | 'range'>): string {
  return `${file}:${start.line + 1}:${start.character + 1}`
}

export const fixesTool: Tool = {
  name: 'fixes',
  title: 'Show safe fixes',
  description:
    'The safe fixes as a unified diff: the changes that cannot allow more traffic. Nothing is written. Fixes that can widen access are not here: the tool "check" names them.',
  inputSchema: closed({ paths: PATHS, from: FROM }),
  run: async (args, context) => {
    const result = await context.run([
      'check',
      '--fix-dry-run',
      '--',
      ...context.paths(args['paths']),
    ])
    const diff = outputOf(result)
    return textAnswer(diff === '' ? 'No safe fix.' : diff, number(args, 'from'))
  },
}
