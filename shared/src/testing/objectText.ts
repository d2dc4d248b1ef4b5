import { stringify } from 'yaml'

/** Fields of an object, as they are in YAML. A field that is `undefined` is left out. */
export type Fields = Readonly<Record<string, unknown>>
export type Labels = Readonly<Record<string, string>>

export interface Metadata {
  readonly labels?: Labels | undefined
  readonly annotations?: Labels | undefined
}

export interface ObjectOptions extends Metadata {
  /**
   * Only where the usual version of the kind is not the right one, or the kind is not in the list
   * below.
   */
  readonly apiVersion?: string | undefined
  /** Fields, or YAML text without indentation, in which comments and markers are kept. */
  readonly spec?: Fields | string | undefined
  /** Fields beside `spec`, such as `data`. */
  readonly rest?: Fields | undefined
}

const API_VERSIONS: Readonly<Record<string, string>> = {
  Namespace: 'v1',
  Service: 'v1',
  ServiceAccount: 'v1',
  Pod: 'v1',
  ConfigMap: 'v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  Gateway: 'gateway.networking.k8s.io/v1',
  GatewayClass: 'gateway.networking.k8s.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  GRPCRoute: 'gateway.networking.k8s.io/v1',
  TCPRoute: 'gateway.networking.k8s.io/v1alpha2',
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  WorkloadEntry: 'networking.istio.io/v1',
  VirtualService: 'networking.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  WasmPlugin: 'extensions.istio.io/v1alpha1',
  Istio: 'sailoperator.io/v1',
  IstioOperator: 'install.istio.io/v1alpha1',
}

/**
 * The YAML text of one object, in block style.
 *
 * @param at `namespace/name`, or only the name for an object without `metadata.namespace`.
 * @throws where the API version of the kind is neither known nor given.
 */
export function object(kind: string, at: string, options: ObjectOptions = {}): string {
  const apiVersion = options.apiVersion ?? API_VERSIONS[kind]
  if (apiVersion === undefined) throw new Error(`${kind} needs the option apiVersion.`)
  const slash = at.indexOf('/')
  const { spec, rest } = options
  const head = {
    apiVersion,
    kind,
    metadata: {
      name: at.slice(slash + 1),
      namespace: slash < 0 ? undefined : at.slice(0, slash),
      labels: filled(options.labels),
      annotations: filled(options.annotations),
    },
    ...rest,
  }
  return typeof spec === 'string'
    ? `${yaml(head)}spec:\n${indent(spec)}`
    : yaml({ ...head, spec: filled(spec) })
}

/** One YAML text of several, with a line `---` between them. */
export function documents(...texts: readonly string[]): string {
  return texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('---\n')
}

function yaml(value: Fields): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' })
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '\n' : `  ${line}\n`))
    .join('')
}

/** The fields, or nothing where all are `undefined`. */
export function filled<T extends Fields>(fields: T | undefined): T | undefined {
  return fields && Object.values(fields).some((value) => value !== undefined) ? fields : undefined
}
