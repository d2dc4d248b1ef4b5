import type { Identity } from '../ztunnel/rbac.js'

/** A request's HTTP side. */
export interface HttpRequest {
  readonly method: string
  readonly path: string
  /** `:authority` as sent. */
  readonly host: string
  /** By name as sent; a repeated header is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** Payload of a JWT that a RequestAuthentication verified; undefined where there is none. */
  readonly claims: Readonly<Record<string, unknown>> | undefined
}

/** What Envoy knows when it judges. */
export interface EnvoyConnection {
  readonly identity: Identity | undefined
  /** The client pod's address, where the request says it. */
  readonly sourceIp: string | undefined
  /** Whether the proxy sees the client's address as peer: a sidecar or a gateway does, a waypoint's inner listener never (docs/semantics.md §3.9). */
  readonly seesSourceIp: boolean
  readonly destinationIp: string | undefined
  /** Service port at a waypoint, container port at a sidecar. */
  readonly destinationPort: number
  /** Undefined on a TCP chain. */
  readonly http: HttpRequest | undefined
}
