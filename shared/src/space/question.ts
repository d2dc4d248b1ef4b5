import type { ServiceAccountName } from '../vocabulary/serviceAccountName.js'
import { matchesPath, normalizePath } from '../waypoint/path.js'
import { matchesPattern } from '../waypoint/stringMatch.js'
import type { Atom } from './atom.js'
import type { Dimension } from './dimension.js'
import type { PartPlan } from './plan.js'
import { pathPattern, textPattern } from './textPattern.js'

/** Which requests are wanted. An absent field means all of them. */
export interface Question {
  readonly from?:
    | { readonly account: ServiceAccountName }
    | { readonly namespace: string }
    /** Clients without an identity. */
    | 'outside'
    | undefined
  /** As in a policy: `GET`, or a pattern with `*`. */
  readonly method?: string | undefined
  /** As in a policy: with `*`, `{*}` and `{**}`. */
  readonly path?: string | undefined
}

/** The atoms of a question, so that every class lies inside or outside of it. */
export function questionAtoms({ from, method, path }: Question): Atom[] {
  return [
    ...(from === undefined ? [] : [clientAtom(from)]),
    ...(method === undefined
      ? []
      : [
          {
            id: `question method ${method}`,
            dimension: 'method',
            constant: { type: 'text', pattern: textPattern(method), isRaw: false },
            test: ({ http }) => http !== undefined && matchesPattern(method, http.method),
          } satisfies Atom,
        ]),
    ...(path === undefined
      ? []
      : [
          {
            id: `question path ${path}`,
            dimension: 'path',
            constant: { type: 'text', pattern: pathPattern(path), isRaw: false },
            test: ({ http }) => http !== undefined && matchesPath(path, normalizePath(http.path)),
          } satisfies Atom,
        ]),
  ]
}

function clientAtom(from: NonNullable<Question['from']>): Atom {
  if (from === 'outside')
    return {
      id: 'question outside',
      dimension: 'client',
      constant: { type: 'identity' },
      test: ({ identity }) => identity === undefined,
    }
  if ('namespace' in from)
    return {
      id: `question namespace ${from.namespace}`,
      dimension: 'client',
      constant: { type: 'namespace', value: from.namespace },
      test: ({ identity }) => identity?.namespace === from.namespace,
    }
  const { namespace, serviceAccount } = from.account
  return {
    id: `question account ${namespace}/${serviceAccount}`,
    dimension: 'client',
    constant: { type: 'account', namespace, serviceAccount },
    test: ({ identity }) =>
      identity?.namespace === namespace && identity.serviceAccount === serviceAccount,
  }
}

/** The classes that lie inside a question. Parts without any are left out. */
export function restrictParts(parts: readonly PartPlan[], question: Question): PartPlan[] {
  const isHttp = question.method !== undefined || question.path !== undefined
  const wanted = new Set(questionAtoms(question).map(({ id }) => id))
  return parts
    .filter(({ form }) => form !== 'tcp' || !isHttp)
    .map((part) => ({
      ...part,
      dimensions: part.dimensions.map((dimension) => restrict(dimension, wanted)),
    }))
    .filter(({ dimensions }) => dimensions.every(({ classes }) => classes.length > 0))
}

/** Clients that a question names have no words for all of them together. */
function restrict(dimension: Dimension, wanted: ReadonlySet<string>): Dimension {
  const places = dimension.atoms.flatMap(({ id }, index) => (wanted.has(id) ? [index] : []))
  if (places.length === 0) return dimension
  const isClient = dimension.name === 'client'
  return {
    ...dimension,
    classes: dimension.classes.flatMap((each) => {
      const bits = isClient ? each.vector.slice(each.vector.indexOf(' ') + 1) : each.vector
      if (!places.every((place) => bits[place] === '1')) return []
      return [isClient ? { ...each, group: undefined } : each]
    }),
  }
}
