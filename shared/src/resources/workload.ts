import { compact } from '../text/collections.js'
import { kindsOf, type KindNameOf } from '../vocabulary/kinds.js'
import type { FieldPath } from '../yaml/node.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import type { ObjectReader } from './objectReader.js'
import { objectOf, type DecodeInput, type Labels, type ResourceBase } from './resourceBase.js'

export type WorkloadKind = KindNameOf<'pods'>
export const WORKLOAD_KINDS = kindsOf('pods')

interface ContainerPort {
  readonly name: string | undefined
  readonly containerPort: number
  readonly protocol: string
}

/** The pods that an object creates, or the Pod itself. */
export interface PodTemplate {
  /**
   * Undefined if the pod has no labels, which is possible only for a Pod without a controller
   * (docs/semantics.md §3.3).
   */
  readonly labels: Labels | undefined
  readonly annotations: Labels | undefined
  /** `default` if absent. */
  readonly serviceAccountName: string
  readonly hostNetwork: boolean
  /** Those of the containers, then those of native sidecars. */
  readonly ports: readonly ContainerPort[]
  /** The probes of the containers, with their ports. */
  readonly probes: readonly {
    readonly kind: 'httpGet' | 'tcpSocket' | 'grpc'
    readonly port: number | string
  }[]
  /** Whether the first container runs Istio's proxy; undefined if its image is not known. */
  readonly runsProxy: boolean | undefined
  /** Names of the containers, sidecars included. */
  readonly containers: readonly string[]
}

/** A Pod, or a controller that creates pods from a template. */
export interface WorkloadController extends ResourceBase {
  readonly type: WorkloadKind
  readonly template: PodTemplate
  /** The path of `metadata` and `spec` of the pods: `[]` for a Pod. */
  readonly templatePath: FieldPath
  /** `spec.selector.matchLabels` of a controller. Its pods must have these labels. */
  readonly selector: Labels | undefined
  /** Whether `status.phase` says that the Pod has ended. */
  readonly terminated: boolean
}

const TEMPLATE_PATHS: Readonly<Record<WorkloadKind, FieldPath>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
}

export function decodeWorkload(kind: WorkloadKind): (input: DecodeInput) => WorkloadController {
  const templatePath = TEMPLATE_PATHS[kind]
  return ({ base, reader }) => {
    const template = descend(reader, templatePath)
    const phase = kind === 'Pod' ? reader.object('status')?.string('phase') : undefined
    const selector =
      kind === 'Pod'
        ? undefined
        : reader.object('spec')?.object('selector')?.stringMap('matchLabels')
    return objectOf(base, {
      type: kind,
      template: decodeTemplate(template),
      templatePath,
      selector,
      terminated: phase === 'Succeeded' || phase === 'Failed',
    })
  }
}

function descend(reader: ObjectReader, path: FieldPath): ObjectReader | undefined {
  return path.reduce<ObjectReader | undefined>((at, segment) => at?.object(String(segment)), reader)
}

function decodeTemplate(template: ObjectReader | undefined): PodTemplate {
  const metadata = template?.object('metadata')
  const spec = template?.object('spec')
  const containers = spec?.objects('containers') ?? []
  const initContainers = spec?.objects('initContainers') ?? []
  return {
    labels: metadata?.stringMap('labels'),
    annotations: metadata?.stringMap('annotations'),
    serviceAccountName:
      spec?.string('serviceAccountName') ?? spec?.string('serviceAccount') ?? 'default',
    hostNetwork: spec?.boolean('hostNetwork') ?? false,
    ports: compact(
      [...containers, ...initContainers.filter(isNativeSidecar)]
        .flatMap((container) => container.objects('ports') ?? [])
        .map((port) => ({
          name: port.string('name'),
          containerPort: port.integer('containerPort') ?? 0,
          protocol: port.string('protocol') ?? 'TCP',
        })),
    ),
    probes: compact(containers.flatMap(decodeProbes)),
    runsProxy: isProxyImage(containers[0]?.string('image')),
    containers: [...initContainers, ...containers].map(
      (container) => container.string('name') ?? '',
    ),
  }
}

/** An init container that keeps running beside the containers: its ports are ports of the pod. */
function isNativeSidecar(container: ObjectReader): boolean {
  return container.string('restartPolicy') === 'Always'
}

/** `proxyv2`, with any registry, tag or suffix. */
function isProxyImage(image: string | undefined): boolean | undefined {
  if (image === undefined || image === '' || isPlaceholder(image)) return undefined
  return /(^|[/-])proxyv2($|[-:@])/.test(image)
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const
const PROBE_KINDS = ['httpGet', 'tcpSocket', 'grpc'] as const

function decodeProbes(container: ObjectReader): PodTemplate['probes'][number][] {
  const probes: PodTemplate['probes'][number][] = []
  for (const name of PROBES) {
    const probe = container.object(name)
    if (!probe) continue
    for (const kind of PROBE_KINDS) {
      const port = probe.object(kind)?.intOrString('port')
      if (port !== undefined) probes.push({ kind, port })
    }
  }
  return probes
}
