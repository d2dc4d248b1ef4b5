import type { AttributeName } from '../../vocabulary/attributes.js'

/** The documentation of an attribute, in Markdown. */
export interface AttributeWords {
  readonly meaning: string
  readonly matching: string
  /** What is different at a waypoint. Empty where nothing is. */
  readonly atWaypoint: string
}

const STRING =
  'exact, prefix `abc*`, suffix `*abc`, or `*` for any value; a `*` in the middle is literal'
const ADDRESS = 'an address or a CIDR block; ztunnel silently drops values that it cannot parse'
const BEHIND_WAYPOINT = 'Behind a waypoint ztunnel sees the waypoint'

const CLAIM: AttributeWords = {
  meaning: 'A claim of a verified JWT.',
  matching: STRING,
  atWaypoint:
    'a string, or a list that contains one; nothing matches without a RequestAuthentication for the same target',
}

export const ATTRIBUTE_WORDS: Readonly<Record<AttributeName, AttributeWords>> = {
  principal: {
    meaning:
      "The client's identity, `<trust domain>/ns/<namespace>/sa/<service account>`, without `spiffe://`. " +
      `${BEHIND_WAYPOINT}'s identity. Plaintext clients have none.`,
    matching: `${STRING}. ztunnel compares the trust domain as written; only a waypoint knows aliases`,
    atWaypoint:
      "trust domain aliases are expanded, and `cluster.local` means the mesh's own trust domain",
  },
  serviceAccount: {
    meaning: `The client's service account, in any trust domain. ${BEHIND_WAYPOINT}'s service account.`,
    matching: "`namespace/name`, or `name` for the policy's own namespace; no wildcards",
    atWaypoint: '',
  },
  namespace: {
    meaning: `The namespace in the client's identity. ${BEHIND_WAYPOINT}'s namespace.`,
    matching: STRING,
    atWaypoint: 'every `*` matches any characters',
  },
  trustDomain: {
    meaning: "The trust domain in the client's identity.",
    matching: STRING,
    atWaypoint: '',
  },
  sourceIp: {
    meaning: `The source address of the connection. ${BEHIND_WAYPOINT}'s address.`,
    matching: ADDRESS,
    atWaypoint:
      "never matches, because a waypoint does not know the client's address; `notIpBlocks` always matches",
  },
  remoteIp: {
    meaning: "The client's original address.",
    matching: 'an address or a CIDR block',
    atWaypoint: 'it is the last entry of `x-forwarded-for`, which any client in the mesh can set',
  },
  requestPrincipal: {
    meaning: 'The `iss/sub` of a verified JWT.',
    matching: STRING,
    atWaypoint:
      'nothing matches without a RequestAuthentication for the same target that verifies the token',
  },
  port: {
    meaning: "The destination port. At ztunnel it is the **container port**, not the Service's.",
    matching: 'a number',
    atWaypoint: 'it is the **Service port**',
  },
  host: {
    meaning: 'The host in the request.',
    matching: STRING,
    atWaypoint:
      '`:authority` unchanged, case-insensitive; a port in it counts (`api.shop` is not `api.shop:80`)',
  },
  method: { meaning: 'The HTTP method.', matching: STRING, atWaypoint: '' },
  path: {
    meaning: 'The path of the request, without query.',
    matching: `${STRING}; \`{*}\` matches one segment, \`{**}\` any number`,
    atWaypoint: 'normalised, case-sensitive; `/x/`, `//x` and `/x;a=b` are not `/x`',
  },
  destinationIp: {
    meaning: 'The destination address of the connection: the address of the pod.',
    matching: ADDRESS,
    atWaypoint: "it is the Service's address",
  },
  serverName: {
    meaning: 'The server name of the TLS handshake.',
    matching: STRING,
    atWaypoint: '',
  },
  header: {
    meaning: 'A header of the request.',
    matching: STRING,
    atWaypoint:
      'the name is case-insensitive, the value case-sensitive; repeated headers are compared one by one',
  },
  audience: CLAIM,
  presenter: CLAIM,
  claim: CLAIM,
  filterState: {
    meaning: 'A value that an Envoy filter sets.',
    matching: STRING,
    atWaypoint: '',
  },
}
