import { decodeRequest } from '@istio-ambient-policy/shared'
import type { ReportedAnswer } from '../../cli/evaluateReport.js'
import { listAnswer } from '../answer.js'
import { closed, PATHS, PROPOSED, QUALIFIED_NAME, TEXT } from '../schemas.js'
import { outputOf, ToolFailure, type Tool } from '../tool.js'

export const evaluateTool: Tool = {
  name: 'evaluate',
  title: 'Evaluate a request',
  description:
    'Whether a request or connection is allowed, denied or undecided, with the decision of each proxy (waypoint, ztunnel, sidecar), the policy, rule and place that decide, the smallest change that gives the other verdict (nearestMiss), and the assumptions. Call it for every question whether something can reach something. It treats the files as the whole mesh.',
  inputSchema: closed(
    {
      from: closed({
        namespace: TEXT,
        serviceAccount: TEXT,
        ip: {
          ...TEXT,
          description: 'Without namespace and serviceAccount: a client outside the mesh.',
        },
        trustDomain: TEXT,
      }),
      to: {
        ...closed(
          {
            service: { ...QUALIFIED_NAME, description: 'NAMESPACE/NAME of a Service' },
            workload: { ...QUALIFIED_NAME, description: 'NAMESPACE/NAME of a Deployment or Pod' },
            host: { ...TEXT, description: 'host of a ServiceEntry' },
            port: {
              type: 'integer',
              minimum: 1,
              maximum: 65_535,
              description: 'Port of the Service or host; container port of a workload.',
            },
          },
          ['port'],
        ),
        description: 'One of service, workload and host, and the port.',
      },
      http: {
        ...closed({
          method: TEXT,
          path: { type: 'string', minLength: 1, maxLength: 8000 },
          host: TEXT,
          headers: { type: 'object' },
          requestPrincipal: { ...TEXT, description: 'ISSUER/SUBJECT of a verified JWT' },
          claims: { type: 'object', description: 'Payload of a verified JWT.' },
        }),
        description: 'Without it the request is a plain TCP connection.',
      },
      paths: PATHS,
      proposed: PROPOSED,
    },
    ['from', 'to'],
  ),
  run: async ({ paths, proposed, ...request }, context) => {
    const { problem } = decodeRequest(request)
    if (problem !== undefined) throw new ToolFailure(problem)
    const args = ['evaluate', '--requests', '-', '--nearest-miss', '--', ...context.paths(paths)]
    const out = outputOf(
      await context.run(args, {
        stdin: JSON.stringify(request),
        proposed: context.proposed(proposed),
      }),
    )
    const answer = JSON.parse(out) as ReportedAnswer
    return listAnswer(answer.hops, 0, (hops) => ({ ...answer, hops }))
  },
}
