import type { CompareReport } from '../../cli/compareReport.js'
import type { ReportedLine } from '../../cli/whyReport.js'
import { listAnswer, shortText } from '../answer.js'
import { closed, FROM, PATHS } from '../schemas.js'
import { number, outputOf, text, type Tool } from '../tool.js'
import { placeOf } from './checkTools.js'

export const whyTool: Tool = {
  name: 'why',
  title: 'Explain log lines',
  description:
    'Why a proxy denied or allowed: from lines of the access log of ztunnel, a waypoint or a sidecar, or of the RBAC debug log of Envoy, to the policy, rule and place in the files that decided, and whether the files agree with the log. Give the lines unchanged.',
  inputSchema: closed(
    {
      log: { type: 'string', minLength: 1, maxLength: 100_000, description: 'One or more lines.' },
      paths: PATHS,
      from: FROM,
    },
    ['log'],
  ),
  run: async (args, context) => {
    const command = ['why', '--format', 'json', '--', '-', ...context.paths(args['paths'])]
    const out = outputOf(await context.run(command, { stdin: text(args, 'log') ?? '' }))
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ReportedLine)
    return listAnswer(lines.map(summary), number(args, 'from') ?? 0, (shown) => ({ lines: shown }))
  },
}

function summary({ file, range, unmatched, findings, reason, ...line }: ReportedLine) {
  return {
    ...line,
    reason: shortText(reason),
    place: file === null || range === null ? null : placeOf({ file, range }),
    unmatched: unmatched.map(({ object, ...place }) => ({ object, place: placeOf(place) })),
    findings: findings.map(({ rule, level, message, fixes, ...place }) => ({
      rule,
      level,
      message: shortText(message),
      place: placeOf(place),
      fixes: fixes.map(({ title }) => title),
    })),
  }
}

export const compareTool: Tool = {
  name: 'compare',
  title: 'Compare with a ztunnel',
  description:
    'The differences between the configuration of a ztunnel, saved with "istioctl ztunnel-config all -o json", and the one that the files predict, field by field.',
  inputSchema: closed(
    {
      dump: {
        type: 'string',
        minLength: 1,
        maxLength: 4096,
        description: 'File with the JSON, below the root folder.',
      },
      paths: PATHS,
      from: FROM,
    },
    ['dump'],
  ),
  run: async (args, context) => {
    const [dump = ''] = context.paths([args['dump']])
    const command = ['compare', '--format', 'json', '--', dump, ...context.paths(args['paths'])]
    const report = JSON.parse(outputOf(await context.run(command))) as CompareReport
    const differences = report.differences.map(({ file, range, ...each }) => ({
      ...each,
      place: file === null || range === null ? null : placeOf({ file, range }),
    }))
    return listAnswer(differences, number(args, 'from') ?? 0, (shown) => ({
      compared: report.compared,
      differences: shown,
    }))
  },
}
