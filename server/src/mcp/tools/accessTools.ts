import { listAnswer, shortText } from '../answer.js'
import { closed, FROM, PATHS, PROPOSED, TEXT } from '../schemas.js'
import { number, outputOf, text, ToolFailure, type Tool } from '../tool.js'

interface AccessReport {
  readonly access: readonly object[]
}

/** Values of these flags begin with no `-`, so that they cannot be flags. */
const VALUE = { ...TEXT, pattern: '^[^-]' }

export const accessTool: Tool = {
  name: 'access',
  title: 'Show who can reach what',
  description:
    'All requests that are allowed to a destination or from a client, with the policy that decides: who can reach a Service at all, what an account can reach, what bypasses the waypoint. Give "to", "from" or both. It treats the files as the whole mesh.',
  inputSchema: closed({
    from: { ...VALUE, description: 'NAMESPACE/ACCOUNT, namespace:NAME, or outside.' },
    to: {
      ...VALUE,
      description:
        '"service NAMESPACE/NAME:PORT", "workload NAMESPACE/NAME:PORT", "host NAME:PORT" (each also without the port), or "namespace:NAME".',
    },
    notThroughWaypoint: {
      type: 'boolean',
      description: 'Only requests that no waypoint evaluates.',
    },
    method: { ...VALUE, description: 'Only requests with this HTTP method.' },
    path: { ...VALUE, description: 'Only requests with this HTTP path.' },
    paths: PATHS,
    page: FROM,
  }),
  run: async (args, context) => {
    const flags = (['from', 'to', 'method', 'path'] as const).flatMap((name) => {
      const value = text(args, name)
      return value === undefined ? [] : [`--${name}=${value}`]
    })
    const command = [
      'access',
      '--format=json',
      ...flags,
      ...(args['notThroughWaypoint'] === true ? ['--not-through=waypoint'] : []),
      '--',
      ...context.paths(args['paths']),
    ]
    const report = JSON.parse(outputOf(await context.run(command))) as AccessReport
    return listAnswer(report.access, number(args, 'page') ?? 0, (access) => ({ ...report, access }))
  },
}

interface DiffReport {
  readonly changes: readonly object[]
  readonly assumptions: readonly string[]
}

/** Where the root folder can be read with the proposed files. No such folder is on disk. */
const PROPOSED_FOLDER = '/.ambient-policy-proposed'

export const diffTool: Tool = {
  name: 'diff',
  title: 'Show what a change allows',
  description:
    'Which requests a change of files allows or denies, for which clients, before it is written: gained (deny to allow), lost (allow to deny), undecided. Give the whole text of each changed file. Call it before you write a change of a policy, Service, namespace or waypoint.',
  inputSchema: closed({ proposed: PROPOSED, from: FROM }, ['proposed']),
  run: async (args, context) => {
    const proposed = context.proposed(args['proposed'])
    const command = ['diff', '--format=json', '--fail-on=never', '--', '.', PROPOSED_FOLDER]
    const result = await context.run(command, { proposed, proposedAt: PROPOSED_FOLDER })
    const out = withoutFolder(outputOf(result))
    const report = JSON.parse(out) as DiffReport
    if (!Array.isArray(report.changes)) throw new ToolFailure('The files cannot be compared.')
    return listAnswer(report.changes, number(args, 'from') ?? 0, (changes) => ({
      ...report,
      changes,
      assumptions: report.assumptions.map((each) => shortText(each)),
    }))
  },
}

/** Places in the proposed files are shown below the root folder. */
function withoutFolder(json: string): string {
  return json.replaceAll(/"(?:\.\.\/)*\/?\.ambient-policy-proposed\//g, '"')
}
