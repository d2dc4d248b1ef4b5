import type { FieldPath } from '../yaml/node.js'
import type { Resource } from '../resources/resource.js'

/** The client: a service account of the mesh, or an address outside it. */
export interface RequestSource {
  /** Both or neither: without them the client is outside the mesh and has no identity. */
  readonly namespace?: string | undefined
  readonly serviceAccount?: string | undefined
  readonly ip?: string | undefined
  /** The mesh's own where absent. */
  readonly trustDomain?: string | undefined
}

/** The destination: `namespace/name` of a Service or a workload, or a host of a ServiceEntry. */
export type RequestTarget =
  | { readonly service: string; readonly port: number }
  | { readonly workload: string; readonly port: number }
  | { readonly host: string; readonly port: number }

export interface RequestHttp {
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly host?: string | undefined
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined
  /** `issuer/subject` of a verified token; a short form of `claims`. */
  readonly requestPrincipal?: string | undefined
  /** Payload of a verified token. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

/** One request; without `http` it is a plain TCP connection. */
export interface AccessRequest {
  readonly id?: string | undefined
  readonly from: RequestSource
  readonly to: RequestTarget
  readonly http?: RequestHttp | undefined
}

export type Verdict = 'allow' | 'deny' | 'undecided'

/** One proxy that evaluated the request. Hops are in the order of the traffic. */
export interface Hop {
  readonly point: 'waypoint' | 'ztunnel' | 'sidecar'
  /** `namespace/gateway` for a waypoint, `namespace/workload` for ztunnel and a sidecar. */
  readonly name: string
  /** The client's identity as this proxy sees it, without `spiffe://`; null for plaintext. */
  readonly identity: string | null
  /** Service port at a waypoint, container port elsewhere. */
  readonly port: number
  readonly verdict: Verdict
  /** In the words of the proxy's log; `reasonInWords` explains it. */
  readonly reason: string
  /** `namespace/name` of the policy that decided; null where none did. */
  readonly policy: string | null
  /** Index of the rule that decided. */
  readonly rule: number | null
  /** Place of that rule; undefined where it is in no file. */
  readonly place: { readonly resource: Resource; readonly path: FieldPath } | undefined
  /** The ALLOW policies that apply, if none of them matched. */
  readonly evidence: readonly string[]
}

export interface AccessAnswer {
  readonly id: string | undefined
  readonly verdict: Verdict
  readonly hops: readonly Hop[]
  /** The assumptions that influenced the answer. */
  readonly assumptions: readonly string[]
}
