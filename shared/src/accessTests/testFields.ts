import type { FieldPath } from '../yaml/node.js'

/** What the values of a field are completed with. */
export type SuggestedValues =
  | 'clients'
  | 'selectedClients'
  | 'targets'
  | 'selectedTargets'
  | 'policies'
  | 'methods'
  | 'paths'
  | 'hosts'

/** A key of a test file. Items of a list have the facts of the list. */
export interface TestField {
  readonly holds: 'scalar' | 'map' | 'list'
  readonly description: string
  readonly properties?: Readonly<Record<string, TestField>>
  /** All values, with their meaning. */
  readonly values?: Readonly<Record<string, string>>
  readonly suggests?: SuggestedValues
}

const HTTP_OF_CASE: TestField = {
  holds: 'map',
  description: 'The HTTP request. Without it, the request is a plain TCP connection.',
  properties: {
    method: {
      holds: 'scalar',
      description: 'The method, or a list of methods.',
      suggests: 'methods',
    },
    path: { holds: 'scalar', description: 'The path, or a list of paths.', suggests: 'paths' },
    host: { holds: 'scalar', description: 'The host, or a list of hosts.', suggests: 'hosts' },
    headers: { holds: 'map', description: 'Headers by name. A list is a repeated header.' },
    claims: { holds: 'map', description: 'The payload of a verified token.' },
    requestPrincipal: {
      holds: 'scalar',
      description: '`issuer/subject` of a verified token; a short form of `claims`.',
    },
  },
}

const HTTP_OF_RULE: TestField = {
  holds: 'map',
  description:
    'HTTP requests with these patterns, as in a policy. Without it, the rule is about HTTP requests and TCP connections.',
  properties: {
    method: {
      holds: 'scalar',
      description: 'A pattern, or a list: `GET`, `*`.',
      suggests: 'methods',
    },
    path: {
      holds: 'scalar',
      description: 'A pattern, or a list: `/orders*`, `*/admin`, `/items/{*}`.',
      suggests: 'paths',
    },
    host: {
      holds: 'scalar',
      description: 'A pattern, or a list: `*.example.com`.',
      suggests: 'hosts',
    },
    headers: { holds: 'map', description: 'Patterns of headers by name.' },
  },
}

const SELECTION: Readonly<Record<string, TestField>> = {
  from: {
    holds: 'scalar',
    description:
      'The clients: `NAMESPACE/ACCOUNT`, `namespace:NAME`, `outside` for clients without an identity, or a list. Without it: all clients.',
    suggests: 'selectedClients',
  },
  notFrom: {
    holds: 'scalar',
    description: 'Clients that the rule is not about, as in `from`.',
    suggests: 'selectedClients',
  },
  to: {
    holds: 'scalar',
    description:
      'The destinations: `service NAMESPACE/NAME`, `workload NAMESPACE/NAME`, `host NAME`, each also with `:PORT`, `namespace:NAME`, or a list. Without it: all destinations.',
    suggests: 'selectedTargets',
  },
  http: HTTP_OF_RULE,
}

const ROOT: TestField = {
  holds: 'map',
  description: 'A file with policy tests.',
  properties: {
    mesh: {
      holds: 'list',
      description:
        'The files and folders of the mesh, relative to this file. A path of another test file means the mesh of that file. Without it: the folder of this file.',
    },
    cases: {
      holds: 'list',
      description: 'Requests with the verdict that is expected for each of them.',
      properties: {
        name: { holds: 'scalar', description: 'The name of the test, unique in the file.' },
        request: {
          holds: 'map',
          description:
            'One request, or a list. `from`, `to`, `method`, `path` and `host` can be lists: one request for each combination.',
          properties: {
            from: {
              holds: 'scalar',
              description:
                'The client: `NAMESPACE/ACCOUNT`, `outside` for a client without an identity, or a mapping.',
              suggests: 'clients',
              properties: {
                namespace: {
                  holds: 'scalar',
                  description: 'The namespace of the service account.',
                },
                serviceAccount: { holds: 'scalar', description: 'The service account.' },
                ip: { holds: 'scalar', description: 'The address of the client.' },
                trustDomain: {
                  holds: 'scalar',
                  description: 'The trust domain of the client. Without it: that of the mesh.',
                },
              },
            },
            to: {
              holds: 'scalar',
              description:
                'The destination: `service NAMESPACE/NAME:PORT`, `workload NAMESPACE/NAME:PORT` or `host NAME:PORT`.',
              suggests: 'targets',
            },
            http: HTTP_OF_CASE,
          },
        },
        expect: {
          holds: 'scalar',
          description: 'The verdict that every request must have.',
          values: {
            allow: 'All proxies on the path allow the request.',
            deny: 'A proxy on the path denies the request.',
            undecided: 'The files do not decide.',
          },
        },
        by: {
          holds: 'scalar',
          description:
            '`NAMESPACE/NAME` of the policy that decides: the policy of the rule that matched, or an ALLOW policy without a matching rule.',
          suggests: 'policies',
        },
      },
    },
    rules: {
      holds: 'list',
      description: 'Statements about all requests, not about examples.',
      properties: {
        name: { holds: 'scalar', description: 'The name of the test, unique in the file.' },
        never: {
          holds: 'map',
          description: 'No selected request is allowed.',
          properties: SELECTION,
        },
        always: {
          holds: 'map',
          description: 'Every selected request is allowed.',
          properties: SELECTION,
        },
        through: {
          holds: 'scalar',
          description:
            'The rule is about allowed requests: with `always`, each of them uses a waypoint; with `never`, none of them.',
          values: { waypoint: 'A waypoint evaluates the request.' },
        },
      },
    },
  },
}

/** The field at a path; undefined if it is not known. */
export function testFieldAt(path: FieldPath): TestField | undefined {
  let field: TestField | undefined = ROOT
  for (const segment of path) if (typeof segment === 'string') field = field?.properties?.[segment]
  return field
}

/** What a field is, in Markdown; undefined for a path that is no field of a test file. */
export function explainTestField(path: FieldPath): string | undefined {
  const field = testFieldAt(path)
  const name = path.findLast((segment) => typeof segment === 'string')
  if (!field || name === undefined) return undefined
  const values = Object.entries(field.values ?? {}).map(
    ([value, meaning]) => `- \`${value}\`: ${meaning}`,
  )
  return [`**${name}**`, field.description, values.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n')
}
