import type { BuilderOptions } from './builders.js'
import { object, type Fields, type Metadata } from './objectText.js'

/** What a policy applies to. Without any of these: all workloads of its namespace. */
export interface AttachmentOptions {
  /** Label `app` that its selector asks for. */
  readonly app?: string | undefined
  /** `Kind/name`, such as `Service/api` or `Gateway/waypoint`, or the fields of a reference. */
  readonly targetRefs?: readonly (string | Fields)[] | undefined
}

export interface AuthorizationPolicyOptions extends BuilderOptions, AttachmentOptions {
  readonly action?: string | undefined
  /** Rules, made with `from`, `to` and `when`: `[{ ...from({…}), ...to({…}) }]`. */
  readonly rules?: readonly Fields[] | undefined
}

export function authorizationPolicy(at: string, options: AuthorizationPolicyOptions = {}): string {
  const { action, rules } = options
  return policy('AuthorizationPolicy', at, options, { action, rules })
}

export interface PeerAuthenticationOptions extends BuilderOptions, AttachmentOptions {
  readonly mode?: string | undefined
  /** Mode by port. */
  readonly ports?: Readonly<Record<number, string>> | undefined
}

export function peerAuthentication(at: string, options: PeerAuthenticationOptions = {}): string {
  const { mode, ports } = options
  return policy('PeerAuthentication', at, options, {
    mtls: mode === undefined ? undefined : { mode },
    portLevelMtls:
      ports && new Map(Object.entries(ports).map(([port, of]) => [Number(port), { mode: of }])),
  })
}

export interface RequestAuthenticationOptions extends BuilderOptions, AttachmentOptions {
  /** `https://issuer.example` by default. */
  readonly issuer?: string | undefined
  /** Of the rule of the issuer; absent by default. */
  readonly presence?: 'OPTIONAL' | 'REQUIRED' | undefined
}

export function requestAuthentication(
  at: string,
  options: RequestAuthenticationOptions = {},
): string {
  const { issuer = 'https://issuer.example', presence } = options
  return policy('RequestAuthentication', at, options, {
    jwtRules: [{ issuer, ...(presence ? { presence } : {}) }],
  })
}

export interface NetworkPolicyOptions extends Metadata {
  /** Label `app` of its pods; all pods of the namespace by default. */
  readonly app?: string | undefined
  readonly policyTypes?: readonly ('Ingress' | 'Egress')[] | undefined
  readonly ingress?: readonly Fields[] | undefined
  readonly egress?: readonly Fields[] | undefined
}

export function networkPolicy(at: string, options: NetworkPolicyOptions = {}): string {
  const { app, policyTypes, ingress, egress, ...metadata } = options
  const podSelector = app === undefined ? {} : { matchLabels: { app } }
  return object('NetworkPolicy', at, {
    ...metadata,
    spec: { podSelector, policyTypes, ingress, egress },
  })
}

/** The part of a rule that names sources: `from({ namespaces: ['web'] })`. */
export function from(...sources: readonly Fields[]): Fields {
  return { from: sources.map((source) => ({ source })) }
}

/** The part of a rule that names operations: `to({ methods: ['GET'] })`. */
export function to(...operations: readonly Fields[]): Fields {
  return { to: operations.map((operation) => ({ operation })) }
}

/**
 * The part of a rule that names conditions: `when({ key: 'source.ip', values: ['10.0.0.0/8'] })`.
 */
export function when(...conditions: readonly Fields[]): Fields {
  return { when: conditions }
}

export interface HttpRouteOptions extends BuilderOptions {
  /** `Kind/name`, such as `Gateway/edge` or `Service/api`, or the fields of a reference. */
  readonly parents?: readonly (string | Fields)[] | undefined
  readonly backends?: readonly Fields[] | undefined
}

export function httpRoute(at: string, options: HttpRouteOptions = {}): string {
  const { parents, backends } = options
  return object('HTTPRoute', at, {
    labels: options.labels,
    annotations: options.annotations,
    spec: {
      parentRefs: parents?.map(reference),
      rules: backends && [{ backendRefs: backends }],
      ...options.spec,
    },
  })
}

function policy(
  kind: string,
  at: string,
  { app, targetRefs, labels, annotations, spec }: BuilderOptions & AttachmentOptions,
  fields: Fields,
): string {
  return object(kind, at, {
    labels,
    annotations,
    spec: {
      selector: app === undefined ? undefined : { matchLabels: { app } },
      targetRefs: targetRefs?.map(reference),
      ...fields,
      ...spec,
    },
  })
}

const GROUPS: Readonly<Record<string, string>> = {
  Service: '',
  Gateway: 'gateway.networking.k8s.io',
  GatewayClass: 'gateway.networking.k8s.io',
  ServiceEntry: 'networking.istio.io',
}

export function reference(to: string | Fields): Fields {
  if (typeof to !== 'string') return to
  const slash = to.indexOf('/')
  const kind = to.slice(0, slash)
  return { kind, group: GROUPS[kind], name: to.slice(slash + 1) }
}
