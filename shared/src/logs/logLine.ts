import type { RequestHttp } from '../access/request.js'
import type { Identity } from '../vocabulary/principal.js'

export type LogFormat =
  | 'ztunnel access log'
  | 'ztunnel policy log'
  | 'Envoy access log'
  | 'Envoy RBAC log'

/** The client of a connection, as far as the line names it. */
export interface LoggedClient {
  /** Undefined for plaintext, and where the line does not show identities (`showsIdentity`). */
  readonly identity: Identity | undefined
  readonly ip: string | undefined
}

/** The destination of a connection, as far as the line names it. */
export interface LoggedDestination {
  readonly namespace: string | undefined
  /** The name of the pod. */
  readonly pod: string | undefined
  readonly identity: Identity | undefined
  /** The host of the Service. */
  readonly host: string | undefined
  readonly ip: string | undefined
  readonly port: number | undefined
}

/** What decided, in the words of the log. */
export type LoggedDecision =
  /** `rule` is undefined in the logs of ztunnel. */
  | {
      readonly kind: 'policy'
      readonly namespace: string
      readonly name: string
      readonly rule: number | undefined
    }
  /** ALLOW policies apply, and none matched. */
  | { readonly kind: 'no ALLOW matched' }
  | { readonly kind: 'no ALLOW applies' }
  /** A policy denied, and the line does not say which. */
  | { readonly kind: 'not named' }
  /** The decision was not made by an AuthorizationPolicy or PeerAuthentication; `why` says what the line means. */
  | { readonly kind: 'other'; readonly why: string }

/** What one line of a proxy's log says about one connection or request. */
export interface LogLine {
  /** The number of the line in the input: the first is 1. */
  readonly line: number
  readonly format: LogFormat
  readonly proxy: 'ztunnel' | 'waypoint' | 'sidecar' | 'gateway' | 'envoy'
  /** `failed`: the connection ended for a reason that is not a policy. */
  readonly verdict: 'allow' | 'deny' | 'failed'
  /** The words of the log. */
  readonly reason: string
  readonly decision: LoggedDecision
  /** Whether it is of a dry-run policy, which denies nothing. */
  readonly isDryRun: boolean
  /** Whether the line would show the identity of a client that has one. */
  readonly showsIdentity: boolean
  /** `outbound`: the line is from the proxy of the client. */
  readonly direction: 'inbound' | 'outbound' | undefined
  readonly client: LoggedClient
  readonly destination: LoggedDestination
  readonly http: RequestHttp | undefined
}

export const NO_CLIENT: LoggedClient = { identity: undefined, ip: undefined }

export const NO_DESTINATION: LoggedDestination = {
  namespace: undefined,
  pod: undefined,
  identity: undefined,
  host: undefined,
  ip: undefined,
  port: undefined,
}
