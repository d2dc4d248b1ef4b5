import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import type { EnvoyConnection, HttpRequest } from '../waypoint/connection.js'
import { decideAtEnvoy, type EnvoyContext } from '../waypoint/decide.js'
import { resourceOf } from './readYaml.js'

interface PolicySpec {
  readonly action?: string
  readonly rules?: readonly object[]
  readonly provider?: string
  readonly annotations?: object
}

/** An AuthorizationPolicy of the namespace `shop`. */
export const policy = (
  name: string,
  { action = 'ALLOW', rules, provider, annotations }: PolicySpec,
): AuthorizationPolicy =>
  resourceOf(
    'AuthorizationPolicy',
    JSON.stringify({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name, namespace: 'shop', ...(annotations ? { annotations } : {}) },
      spec: {
        action,
        ...(rules ? { rules } : {}),
        ...(provider ? { provider: { name: provider } } : {}),
      },
    }),
  )
export const http: HttpRequest = {
  method: 'GET',
  path: '/api',
  host: 'API.shop:80',
  headers: {},
  claims: undefined,
}
const connection: EnvoyConnection = {
  identity: { trustDomain: 'corp', namespace: 'shop', serviceAccount: 'web' },
  sourceIp: '10.0.0.1',
  seesSourceIp: false,
  destinationIp: undefined,
  destinationPort: 80,
  http,
}
const trust: EnvoyContext = {
  trustDomain: 'corp',
  aliases: ['old'],
  severalProviders: false,
  extensionProviders: undefined,
}
/** Envoy's decision about `GET /api` from `shop/web` on port 80. */
export const decided = (
  policies: readonly AuthorizationPolicy[],
  change: Partial<EnvoyConnection> = {},
  context: Partial<EnvoyContext> = {},
) => decideAtEnvoy(policies, { ...connection, ...change }, { ...trust, ...context })
export const verdict = (...given: Parameters<typeof decided>): string => decided(...given).verdict

/** A rule that matches every request. */
export const everything = {}
export const get = { to: [{ operation: { methods: ['GET'] } }] }
export const post = { to: [{ operation: { methods: ['POST'] } }] }
/** A rule on an address that the request does not specify. */
export const unsure = { when: [{ key: 'destination.ip', values: ['10.0.0.0/8'] }] }

/** Whether a rule matches a request: `yes`, `no` or `unknown`. */
export const matches = (rule: object, change: Partial<EnvoyConnection> = {}): string =>
  ({ deny: 'yes', allow: 'no', undecided: 'unknown' })[
    decided([policy('p', { action: 'DENY', rules: [rule] })], change).verdict
  ]
export const from = (source: object): object => ({ from: [{ source }] })
export const to = (operation: object): object => ({ to: [{ operation }] })
export const when = (key: string, values: string[], notValues: string[] = []): object => ({
  when: [{ key, values, notValues }],
})
/** The client with a trust domain alias. */
export const fromAlias = {
  identity: { trustDomain: 'old', namespace: 'shop', serviceAccount: 'web' },
}
export const noIdentity = { identity: undefined }
/** A proxy that sees the address of the client. */
export const atSidecar = { seesSourceIp: true }
export const withHttp = (change: Partial<HttpRequest>): Partial<EnvoyConnection> => ({
  http: { ...http, ...change },
})
export const forwarded = (value: string | readonly string[]): Partial<EnvoyConnection> =>
  withHttp({ headers: { 'X-Forwarded-For': value } })
