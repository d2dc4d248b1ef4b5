import type { OperationField, SourceField } from '../../resources/authorizationPolicy.js'

/** What is to be said of an attribute, in Markdown. */
export interface AttributeWords {
  readonly meaning: string
  readonly matching: string
  /** What differs at a waypoint; empty where nothing does. */
  readonly atWaypoint: string
}

type Positive<F extends string> = Exclude<F, `not${string}`>
export type AttributeName = Positive<SourceField> | Positive<OperationField>

const STRING =
  'exact, `abc*` as a prefix, `*abc` as a suffix, `*` for any value; a star elsewhere is an ordinary character'
const ADDRESS = 'an address or a CIDR block; ztunnel drops what it cannot read without a word'
const BEHIND_WAYPOINT = 'Behind a waypoint ztunnel sees the waypoint'

/** By the attribute's name without `not`. */
export const ATTRIBUTE_WORDS: Readonly<Record<AttributeName, AttributeWords>> = {
  principals: {
    meaning: `The client's identity, \`<trust domain>/ns/<namespace>/sa/<service account>\`, without \`spiffe://\`. ${BEHIND_WAYPOINT}'s. Plaintext clients have none.`,
    matching: `${STRING}. ztunnel compares the trust domain as written; only a waypoint knows aliases`,
    atWaypoint: "trust domain aliases are expanded, and `cluster.local` stands for the mesh's own",
  },
  serviceAccounts: {
    meaning: `The client's service account, in any trust domain. ${BEHIND_WAYPOINT}'s.`,
    matching: "`namespace/name`, or `name` for the policy's own namespace; exact, no star",
    atWaypoint: '',
  },
  namespaces: {
    meaning: `The namespace in the client's identity. ${BEHIND_WAYPOINT}'s namespace.`,
    matching: STRING,
    atWaypoint: 'every star stands for any characters',
  },
  trustDomains: {
    meaning: "The trust domain in the client's identity.",
    matching: STRING,
    atWaypoint: '',
  },
  ipBlocks: {
    meaning: `The address that the connection comes from. ${BEHIND_WAYPOINT}'s own address.`,
    matching: ADDRESS,
    atWaypoint:
      "never matches, because the peer of the waypoint's inner listener has no IP address; `notIpBlocks` always matches",
  },
  remoteIpBlocks: {
    meaning: "The client's original address.",
    matching: 'an address or a CIDR block',
    atWaypoint:
      'it is the last entry of `x-forwarded-for`, which any caller inside the mesh can write',
  },
  requestPrincipals: {
    meaning: 'The `iss/sub` of a verified JWT.',
    matching: STRING,
    atWaypoint:
      'nothing matches without a RequestAuthentication for the same target that verified the token',
  },
  ports: {
    meaning: "The destination port. At ztunnel it is the **container port**, not the Service's.",
    matching: 'a number',
    atWaypoint: 'it is the **Service port**',
  },
  hosts: {
    meaning: 'The host that the request asks for.',
    matching: STRING,
    atWaypoint:
      '`:authority` as it was sent, without regard to case; a port in it counts (`api.shop` is not `api.shop:80`)',
  },
  methods: { meaning: 'The HTTP method.', matching: STRING, atWaypoint: '' },
  paths: {
    meaning: 'The path of the request, without query.',
    matching: `${STRING}; \`{*}\` stands for one segment and \`{**}\` for the rest`,
    atWaypoint: 'compared after normalisation, case counts; `/x/`, `//x` and `/x;a=b` are not `/x`',
  },
}

/** `when` keys that say the same as an attribute. */
const SAME_AS: Readonly<Record<string, AttributeName>> = {
  'source.principal': 'principals',
  'source.namespace': 'namespaces',
  'source.serviceAccount': 'serviceAccounts',
  'source.trustDomain': 'trustDomains',
  'source.ip': 'ipBlocks',
  'remote.ip': 'remoteIpBlocks',
  'destination.port': 'ports',
  'request.auth.principal': 'requestPrincipals',
}

/** What is to be said of a `when` key; undefined where Istio knows no such key. */
export function conditionWords(key: string): AttributeWords | undefined {
  const same = SAME_AS[key]
  if (same !== undefined) return ATTRIBUTE_WORDS[same]
  if (key === 'destination.ip')
    return {
      meaning: "The address that the connection goes to: the pod's.",
      matching: ADDRESS,
      atWaypoint: "it is the Service's address",
    }
  if (key === 'connection.sni')
    return { meaning: 'The server name of the TLS handshake.', matching: STRING, atWaypoint: '' }
  if (/^request\.headers\[.+\]$/.test(key))
    return {
      meaning: 'A header of the request.',
      matching: STRING,
      atWaypoint:
        'the name without regard to case, the value with it; repeated lines are matched one by one',
    }
  if (/^request\.auth\.(audiences|presenter|claims\[.+)/.test(key)) {
    return {
      meaning: 'A claim of a verified JWT.',
      matching: STRING,
      atWaypoint:
        'a string, or a list that holds one; nothing matches without a RequestAuthentication for the same target',
    }
  }
  return key.startsWith('experimental.envoy.filters.')
    ? { meaning: 'A value that an Envoy filter leaves behind.', matching: STRING, atWaypoint: '' }
    : undefined
}
