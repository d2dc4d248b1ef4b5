import type { Identity } from '../vocabulary/principal.js'

/** The HTTP part of a request. */
export interface HttpRequest {
  readonly method: string
  readonly path: string
  /** `:authority`, unchanged. */
  readonly host: string
  /** By name, unchanged. A repeated header is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** The payload of a JWT that a RequestAuthentication verified. Undefined without one. */
  readonly claims: Readonly<Record<string, unknown>> | undefined
}

/** What Envoy knows about a connection when it evaluates policies. */
export interface EnvoyConnection {
  readonly identity: Identity | undefined
  /** The address of the client's pod, where the request has it. */
  readonly sourceIp: string | undefined
  /**
   * Whether the proxy sees the client's address as its peer. Sidecars and gateways do. The inner listener of
   * a waypoint does not (docs/semantics.md §3.9).
   */
  readonly seesSourceIp: boolean
  readonly destinationIp: string | undefined
  /** Service port at a waypoint, container port at a sidecar. */
  readonly destinationPort: number
  /** Whether the chain reads the server name of TLS, which no request specifies. */
  readonly isTls?: boolean
  /** Undefined on a TCP chain. */
  readonly http: HttpRequest | undefined
}
