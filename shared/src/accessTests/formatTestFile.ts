import type { AccessRequest, RequestTarget, Verdict } from '../access/request.js'
import { renderDocument } from '../yaml/edit/renderDocument.js'
import type { PlainObject, PlainValue } from '../yaml/edit/operation.js'
import { OUTSIDE } from './selectors.js'

/** A case as it is written. */
export interface WrittenCase {
  readonly name: string
  readonly requests: readonly AccessRequest[]
  readonly expect: Verdict
  readonly by?: string | undefined
}

/** The text of a test file with cases. Names must be unique. */
export function formatTestFile(
  cases: readonly WrittenCase[],
  mesh: readonly string[] = [],
): string {
  const file: PlainObject = {
    ...(mesh.length > 0 ? { mesh } : {}),
    cases: cases.map((each) => plainCase(each)),
  }
  return `${renderDocument(file, '')}\n`
}

/** A case as plain data, with the short forms of clients and destinations. */
export function plainCase({ name, requests, expect, by }: WrittenCase): PlainObject {
  const [first, ...others] = requests.map(plainRequest)
  return {
    name,
    request: first && others.length === 0 ? first : requests.map(plainRequest),
    expect,
    ...(by === undefined ? {} : { by }),
  }
}

function plainRequest({ from, to, http }: AccessRequest): PlainObject {
  return {
    from: plainClient(from),
    to: targetText(to),
    ...(http ? { http: plainHttp(http) } : {}),
  }
}

function plainClient(from: AccessRequest['from']): PlainValue {
  const { namespace, serviceAccount, ip, trustDomain } = from
  if (namespace === undefined && ip === undefined) return OUTSIDE
  const isPlain = ip === undefined && trustDomain === undefined
  return isPlain ? `${namespace ?? ''}/${serviceAccount ?? ''}` : plainOf({ ...from })
}

/** An HTTP request without fields is an HTTP request too. */
function plainHttp(http: NonNullable<AccessRequest['http']>): PlainValue {
  const plain = plainOf({ ...http })
  return typeof plain === 'object' && plain !== null && Object.keys(plain).length === 0
    ? { method: 'GET' }
    : plain
}

/** `service shop/api:80`. */
export function targetText(to: RequestTarget): string {
  const [kind, name] =
    'service' in to
      ? ['service', to.service]
      : 'workload' in to
        ? ['workload', to.workload]
        : ['host', to.host]
  return `${kind} ${name}:${to.port}`
}

/** Plain data without undefined fields. */
function plainOf(value: unknown): PlainValue {
  if (Array.isArray(value)) return value.map(plainOf)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]): [string, PlainValue][] =>
        inner === undefined ? [] : [[key, plainOf(inner)]],
      ),
    )
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : null
}
