import { listAnswer, textAnswer } from '../answer.js'
import { closed, FROM, PATHS, PROPOSED, TEXT } from '../schemas.js'
import { number, outputOf, text, type Tool } from '../tool.js'

const OBJECT = {
  ...TEXT,
  pattern: '^[A-Za-z][^/\\s]*(/[^/\\s]+){1,2}$',
  description: 'KIND/NAMESPACE/NAME, such as AuthorizationPolicy/shop/readers, or KIND/NAME.',
}

export const explainTool: Tool = {
  name: 'explain',
  title: 'Explain an object',
  description:
    'Who enforces a policy, for which workloads and Services, and with which effect; or which policies, waypoint and mutual TLS mode apply to a workload, Service, Namespace or Gateway. Objects that are not in the files may exist in the cluster.',
  inputSchema: closed({ object: OBJECT, paths: PATHS, proposed: PROPOSED, from: FROM }, ['object']),
  run: async (args, context) => {
    const command = ['explain', '--', text(args, 'object') ?? '', ...context.paths(args['paths'])]
    const proposed = context.proposed(args['proposed'])
    const result = await context.run(command, { proposed })
    return textAnswer(outputOf(result), number(args, 'from'))
  },
}

interface Condition {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

export const statusTool: Tool = {
  name: 'status',
  title: 'Predict status conditions',
  description:
    'The status conditions that istiod will write: ZtunnelAccepted and WaypointAccepted of policies, istio.io/WaypointBound of Services and ServiceEntries. It treats the files as the whole mesh.',
  inputSchema: closed({
    object: { ...OBJECT, description: 'Only this object: KIND/NAMESPACE/NAME.' },
    paths: PATHS,
    from: FROM,
  }),
  run: async (args, context) => {
    const command = ['status', '--format', 'json', '--', ...context.paths(args['paths'])]
    const all = JSON.parse(outputOf(await context.run(command))) as readonly Condition[]
    const object = text(args, 'object')
    const wanted = all.filter(
      ({ kind, namespace, name }) =>
        object === undefined ||
        [`${kind}/${namespace}/${name}`, `${kind}/${name}`].includes(object),
    )
    return listAnswer(wanted, number(args, 'from') ?? 0, (conditions) => ({ conditions }))
  },
}

export const ruleTool: Tool = {
  name: 'rule',
  title: 'Explain a rule',
  description:
    'The page of a rule of "check": why the finding matters, a bad and a good example, the fix and references. Without a name: the list of all rules.',
  inputSchema: closed({
    name: { ...TEXT, pattern: '^[a-z0-9-]+$', description: 'Such as l7-allow-rule-dropped.' },
    from: FROM,
  }),
  run: async (args, context) => {
    const name = text(args, 'name')
    const command = ['rules', '--', ...(name === undefined ? [] : [name])]
    return textAnswer(outputOf(await context.run(command)), number(args, 'from'))
  },
}
