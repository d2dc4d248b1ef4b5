import type { RequestMatch, StringMatch } from '../resources/requestMatch.js'
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
  const { uri, ignoresUriCase, method, authority } = match
  return [
    ...(uri ? constantsOf(uri) : []).flatMap((constant) =>
      atom('path', constant, { uri, ignoresUriCase }),
    ),
    ...(method ? constantsOf(method) : []).flatMap((constant) =>
      atom('method', constant, { method }),
    ),
    ...(authority ? constantsOf(authority) : []).flatMap((constant) =>
      atom('host', constant, { authority }),
    ),
    ...match.headers.flatMap((header) =>
      constantsOf(header.match).flatMap((constant) =>
        atom(headerDimension(header.name), constant, { headers: [header] }),
      ),
    ),
    ...match.withoutHeaders.flatMap((header) =>
      constantsOf(header.match).flatMap((constant) =>
        atom(headerDimension(header.name), constant, { withoutHeaders: [header] }),
      ),
    ),
    ...match.queryParams.flatMap((param) =>
      atom('path', queryConstant(param.name, param.match), { queryParams: [param] }),
    ),
  ]
}

/** A path prefix `/a` matches `/a` and everything below `/a/`. */
function constantsOf({ kind, value }: StringMatch): Constant[] {
  if (kind === 'regex') return [{ type: 'regex', expression: value }]
  const patterns: TextPattern[] =
    kind === 'path prefix'
      ? [
          { kind: 'exact', text: value },
          { kind: 'prefix', text: value.endsWith('/') ? value : `${value}/` },
        ]
      : [{ kind, text: value }]
  return patterns.map((pattern) => ({ type: 'text', pattern, isRaw: true }))
}

function queryConstant(name: string, { kind, value }: StringMatch): Constant {
  if (kind === 'regex') return { type: 'regex', expression: value }
  return {
    type: 'query',
    name,
    pattern: { kind: kind === 'path prefix' ? 'prefix' : kind, text: value },
  }
}
