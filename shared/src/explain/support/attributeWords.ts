import type { AttributeName } from '../../vocabulary/attributes.js'

/** The documentation of an attribute, in Markdown. */
export interface AttributeWords {
  readonly meaning: string
  readonly matching: string
  /** What is different at a waypoint. Empty where nothing is. */
  readonly atWaypoint: string
}

const STRING =
  'exact, `abc*` as a prefix, `*abc` as a suffix, `*` for any value; a star elsewhere is an ordinary character'
const ADDRESS = 'an address or a CIDR block; ztunnel drops what it cannot read without a word'
const BEHIND_WAYPOINT = 'Behind a waypoint ztunnel sees the waypoint'

const CLAIM: AttributeWords = {
  meaning: 'A claim of a verified JWT.',
  matching: STRING,
  atWaypoint:
    'a string, or a list that holds one; nothing matches without a RequestAuthentication for the same target',
}

export const ATTRIBUTE_WORDS: Readonly<Record<AttributeName, AttributeWords>> = {
  principal: {
    meaning: `The client's identity, \`<trust domain>/ns/<namespace>/sa/<service account>\`, without \`spiffe://\`. ${BEHIND_WAYPOINT}'s. Plaintext clients have none.`,
    matching: `${STRING}. ztunnel compares the trust domain as written; only a waypoint knows aliases`,
    atWaypoint: "trust domain aliases are expanded, and `cluster.local` stands for the mesh's own",
  },
  serviceAccount: {
    meaning: `The client's service account, in any trust domain. ${BEHIND_WAYPOINT}'s.`,
    matching: "`namespace/name`, or `name` for the policy's own namespace; exact, no star",
    atWaypoint: '',
  },
  namespace: {
    meaning: `The namespace in the client's identity. ${BEHIND_WAYPOINT}'s namespace.`,
    matching: STRING,
    atWaypoint: 'every star stands for any characters',
  },
  trustDomain: {
    meaning: "The trust domain in the client's identity.",
    matching: STRING,
    atWaypoint: '',
  },
  sourceIp: {
    meaning: `The address that the connection comes from. ${BEHIND_WAYPOINT}'s own address.`,
    matching: ADDRESS,
    atWaypoint:
      "never matches, because the peer of the waypoint's inner listener has no IP address; `notIpBlocks` always matches",
  },
  remoteIp: {
    meaning: "The client's original address.",
    matching: 'an address or a CIDR block',
    atWaypoint:
      'it is the last entry of `x-forwarded-for`, which any caller inside the mesh can write',
  },
  requestPrincipal: {
    meaning: 'The `iss/sub` of a verified JWT.',
    matching: STRING,
    atWaypoint:
      'nothing matches without a RequestAuthentication for the same target that verified the token',
  },
  port: {
    meaning: "The destination port. At ztunnel it is the **container port**, not the Service's.",
    matching: 'a number',
    atWaypoint: 'it is the **Service port**',
  },
  host: {
    meaning: 'The host that the request asks for.',
    matching: STRING,
    atWaypoint:
      '`:authority` as it was sent, without regard to case; a port in it counts (`api.shop` is not `api.shop:80`)',
  },
  method: { meaning: 'The HTTP method.', matching: STRING, atWaypoint: '' },
  path: {
    meaning: 'The path of the request, without query.',
    matching: `${STRING}; \`{*}\` stands for one segment and \`{**}\` for the rest`,
    atWaypoint: 'compared after normalisation, case counts; `/x/`, `//x` and `/x;a=b` are not `/x`',
  },
  destinationIp: {
    meaning: "The address that the connection goes to: the pod's.",
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
      'the name without regard to case, the value with it; repeated lines are matched one by one',
  },
  audience: CLAIM,
  presenter: CLAIM,
  claim: CLAIM,
  filterState: {
    meaning: 'A value that an Envoy filter leaves behind.',
    matching: STRING,
    atWaypoint: '',
  },
}
