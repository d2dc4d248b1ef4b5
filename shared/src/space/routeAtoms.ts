import type { NamedMatch, RequestMatch, StringMatch } from '../resources/requestMatch.js'
import type { EnvoyConnection } from '../waypoint/connection.js'
import { matchesRequest } from '../waypoint/matchRequest.js'
import type { Atom, Constant, DimensionName } from './atom.js'
import { headerDimension } from './policyAtoms.js'
import type { TextPattern } from './textPattern.js'

/** The tests of a route's match, each as a match with one condition. */
export function routeAtoms(match: RequestMatch): Atom[] {
  const none: RequestMatch = {
    ...match,
    uri: undefined,
    method: undefined,
    authority: undefined,
    scheme: undefined,
    headers: [],
    withoutHeaders: [],
    queryParams: [],
  }
  const atom = (
    dimension: DimensionName | undefined,
    constant: Constant,
    condition: Partial<RequestMatch>,
  ): Atom[] => {
    if (dimension === undefined) return []
    const test = { ...none, ...condition }
    return [
      {
        id: `route ${JSON.stringify(condition)}`,
        dimension,
        constant,
        test: ({ http }: EnvoyConnection) => matchesRequest(test, http),
      },
    ]
  }
  const headerAtoms = (
    { name, match: value }: NamedMatch,
    condition: Partial<RequestMatch>,
  ): Atom[] => {
    const dimension = headerDimension(name)
    return [
      ...(dimension === 'host' ? [HOST_IS_KNOWN] : []),
      ...atom(dimension, constantOf(value), condition),
    ]
  }
  const { uri, ignoresUriCase, method, authority } = match
  return [
    ...(uri ? atom('path', constantOf(uri), { uri, ignoresUriCase }) : []),
    ...(method ? atom('method', constantOf(method), { method }) : []),
    ...(authority ? [HOST_IS_KNOWN, ...atom('host', constantOf(authority), { authority })] : []),
    ...match.headers.flatMap((header) => headerAtoms(header, { headers: [header] })),
    ...match.withoutHeaders.flatMap((header) => headerAtoms(header, { withoutHeaders: [header] })),
    ...match.queryParams.flatMap((param) =>
      atom('path', queryConstant(param.name, param.match), { queryParams: [param] }),
    ),
  ]
}

/** A route that reads the host is not known for a request that specifies none. */
const HOST_IS_KNOWN: Atom = {
  id: 'route host is known',
  dimension: 'host',
  constant: { type: 'text', pattern: { kind: 'present', text: '' }, isRaw: true },
  test: ({ http }) => http !== undefined && http.host !== '',
}

function constantOf({ kind, value }: StringMatch): Constant {
  if (kind === 'regex') return { type: 'regex', expression: value }
  const pattern: TextPattern = { kind: kind === 'path prefix' ? 'below' : kind, text: value }
  return { type: 'text', pattern, isRaw: true }
}

function queryConstant(name: string, { kind, value }: StringMatch): Constant {
  if (kind === 'regex') return { type: 'regex', expression: value }
  return {
    type: 'query',
    name,
    pattern: { kind: kind === 'path prefix' ? 'prefix' : kind, text: value },
  }
}
