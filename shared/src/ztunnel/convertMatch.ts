import type { AttributeTest } from '../resources/attributeTests.js'
import { formatCidr, parseCidr } from '../text/ip.js'
import { factsOf, type L4Attribute } from '../vocabulary/attributes.js'
import { parseServiceAccount } from '../vocabulary/serviceAccountName.js'
import { isL4Attribute } from './attributes.js'
import type { Match, StringMatch } from './authorization.js'

interface Converter {
  readonly convert: (test: AttributeTest, policyNamespace: string) => Match
  /** Whether istiod drops a value that it cannot read, without a status. */
  readonly dropsUnreadable: boolean
}

/** How istiod converts each attribute, in the order in which it writes the fields of a match. */
const CONVERTERS: Readonly<Record<L4Attribute, Converter>> = {
  namespace: {
    convert: ({ values, notValues }) => ({
      namespaces: values.map(stringMatch),
      notNamespaces: notValues.map(stringMatch),
    }),
    dropsUnreadable: false,
  },
  serviceAccount: {
    convert: ({ values, notValues }, policyNamespace) => ({
      serviceAccounts: values.map((value) => parseServiceAccount(value, policyNamespace)),
      notServiceAccounts: notValues.map((value) => parseServiceAccount(value, policyNamespace)),
    }),
    dropsUnreadable: false,
  },
  principal: {
    convert: ({ values, notValues }) => ({
      principals: values.map(stringMatch),
      notPrincipals: notValues.map(stringMatch),
    }),
    dropsUnreadable: false,
  },
  sourceIp: {
    convert: ({ values, notValues }) => ({
      sourceIps: blocks(values),
      notSourceIps: blocks(notValues),
    }),
    dropsUnreadable: true,
  },
  destinationIp: {
    convert: ({ values, notValues }) => ({
      destinationIps: blocks(values),
      notDestinationIps: blocks(notValues),
    }),
    dropsUnreadable: true,
  },
  port: {
    convert: ({ values, notValues }) => ({
      destinationPorts: ports(values),
      notDestinationPorts: ports(notValues),
    }),
    dropsUnreadable: true,
  },
}

/**
 * The match that istiod sends for one source, operation or condition: the tests that ztunnel can make.
 *
 * @param policyNamespace the namespace of service accounts that are written without one.
 */
export function matchOf(
  place: 'source' | 'operation' | 'when',
  tests: readonly AttributeTest[],
  policyNamespace: string,
): Match {
  const ordered = Object.keys(CONVERTERS).flatMap((name) =>
    tests.filter(
      ({ attribute }) => attribute === name && factsOf(attribute)[place]?.layer === 'L4',
    ),
  )
  return withoutEmptyFields(
    ordered.reduce<Match>(
      (match, test) =>
        isL4Attribute(test.attribute)
          ? { ...match, ...CONVERTERS[test.attribute].convert(test, policyNamespace) }
          : match,
      {},
    ),
  )
}

/** Whether istiod drops, without a status, a value of an attribute that it cannot read. */
export function dropsUnreadable(attribute: L4Attribute): boolean {
  return CONVERTERS[attribute].dropsUnreadable
}

function withoutEmptyFields(match: Match): Match {
  return Object.fromEntries(
    Object.entries(match).filter(([, values]: [string, readonly unknown[]]) => values.length > 0),
  )
}

/** `stringToMatch` (authorization.go:677-700): only a `*` at the start, or else at the end, is special. */
export function stringMatch(value: string): StringMatch {
  if (value === '*') return { Presence: [] }
  if (value.startsWith('*')) return { Suffix: value.slice(1) }
  return value.endsWith('*') ? { Prefix: value.slice(0, -1) } : { Exact: value }
}

/** `stringToPort`. */
function ports(values: readonly string[]): number[] {
  return values.filter((value) => /^\d+$/.test(value) && Number(value) <= 65535).map(Number)
}

/** `stringToIP`, which reads what Go's netip reads. */
function blocks(values: readonly string[]): string[] {
  return values.flatMap((value) => {
    const cidr = parseCidr(value)
    return cidr ? [formatCidr(cidr)] : []
  })
}
