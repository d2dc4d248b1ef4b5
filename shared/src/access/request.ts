import type { FieldPath } from '../yaml/node.js'
import type { Resource } from '../resources/resource.js'

/** Who asks: a service account of the mesh, or an address outside it. */
export interface RequestSource {
  /** Both or neither: without them the client is outside the mesh and has no identity. */
  readonly namespace?: string | undefined
  readonly serviceAccount?: string | undefined
  readonly ip?: string | undefined
  /** The mesh's own where absent. */
  readonly trustDomain?: string | undefined
}

/** What is asked for, as `namespace/name` of a Service or a workload, or a host of a ServiceEntry. */
export type RequestTarget =
  | { readonly service: string; readonly port: number }
  | { readonly workload: string; readonly port: number }
  | { readonly host: string; readonly port: number }

export interface RequestHttp {
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly host?: string | undefined
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined
  /** `issuer/subject` of a verified token, where nothing else of it matters. */
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

/** One point that judged the request, in the order of the traffic. */
export interface Hop {
  readonly point: 'waypoint' | 'ztunnel' | 'sidecar'
  /** `namespace/gateway` of a waypoint, `namespace/workload` of the others. */
  readonly name: string
  /** The client's identity as this point sees it, without `spiffe://`; null for plaintext. */
  readonly identity: string | null
  /** Service port at a waypoint, container port elsewhere. */
  readonly port: number
  readonly verdict: Verdict
  /** As the proxy logs it. */
  readonly reason: string
  /** `namespace/name` of the policy that decided; null where none did. */
  readonly policy: string | null
  /** Index of the rule that decided. */
  readonly rule: number | null
  /** Where that stands; undefined where no file holds it. */
  readonly place: { readonly resource: Resource; readonly path: FieldPath } | undefined
  /** The ALLOW policies in force of which none matched. */
  readonly evidence: readonly string[]
}

export interface AccessAnswer {
  readonly id: string | undefined
  readonly verdict: Verdict
  readonly hops: readonly Hop[]
  /** What was taken to be so and decides the answer. */
  readonly assumptions: readonly string[]
}
