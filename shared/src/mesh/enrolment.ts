import type { Workload } from '../inventory/workloads.js'
import type { Labels } from '../resources/resource.js'
import type { WorkloadController } from '../resources/workload.js'
import { REDIRECTION, SIDECAR_STATUS } from '../vocabulary/annotations.js'
import {
  DATAPLANE_MODE,
  INJECT,
  INJECTION,
  isOtherDataPlane,
  REVISION,
  TUNNEL,
} from '../vocabulary/labels.js'
import { isPlaceholder } from '../yaml/placeholder.js'
import { CERTAIN, type Evidence } from './certainty.js'
import { query, type Mesh } from './mesh.js'
import {
  isNeverInjected,
  NOT_KNOWN,
  type Enrolment,
  type EnrolmentMode,
} from './enrolmentByLabels.js'
import { namespaceEnrolment } from './namespaceEnrolment.js'
import { namespaceObject } from './namespaces.js'
import { podLabels } from './pods.js'

/**
 * Which proxy enforces policies at the pods of a workload, and why (docs/semantics.md §1.1, §1.2).
 * What is written on the pods counts before the labels of their namespace.
 */
export const enrolmentOf = query('enrolment', (mesh, workload: Workload): Enrolment => {
  if (workload.type === 'WorkloadEntry')
    return advertisesHbone(workload)
      ? NOT_KNOWN
      : certainly(
          'none',
          workload,
          ['kind'],
          'A WorkloadEntry is no pod: ztunnel does not capture it.',
        )
  return neverCaptured(workload) ?? injected(mesh, workload) ?? fromPodOrNamespace(mesh, workload)
})

/**
 * Whether istiod tells clients to use HBONE for a workload by what is written on it (`ambient/workloads.go`
 * setTunnelProtocol). On a WorkloadEntry it means that its machine has a proxy of the mesh.
 */
export function advertisesHbone(workload: Workload): boolean {
  return (
    (workload.type === 'WorkloadEntry' && workload.annotations?.[REDIRECTION] === 'enabled') ||
    (podLabels(workload)?.[TUNNEL]?.split(',').includes('http') ?? false)
  )
}

/** Pods that no label enrols: they are on the host network, have a sidecar already, or have ended. */
function neverCaptured(workload: WorkloadController): Enrolment | undefined {
  const { template, templatePath } = workload
  if (template.hostNetwork)
    return certainly(
      'none',
      workload,
      [...templatePath, 'spec', 'hostNetwork'],
      'A pod on the host network is never captured.',
    )
  if (template.annotations?.[SIDECAR_STATUS] !== undefined)
    return certainly(
      'sidecar',
      workload,
      [...templatePath, 'metadata', 'annotations', SIDECAR_STATUS],
      'The pod has a sidecar.',
    )
  return workload.terminated
    ? certainly('none', workload, ['status', 'phase'], 'The pod has ended.')
    : undefined
}

/** Pods that certainly get a sidecar: by their own label, or by a label of their namespace. */
function injected(mesh: Mesh, workload: WorkloadController): Enrolment | undefined {
  const { namespace } = workload
  if (refusesInjection(workload) || isNeverInjected(namespace)) return undefined
  const asking = askingLabel(workload, mesh.get(namespaceObject, namespace)?.labels)
  if (asking !== undefined)
    return certainly(
      'sidecar',
      workload,
      labelPath(workload, asking),
      'The pod asks for a sidecar.',
    )
  const enrolment = mesh.get(namespaceEnrolment, namespace)
  return enrolment.mode === 'sidecar' && enrolment.certainty.level === 'certain'
    ? enrolment
    : undefined
}

/**
 * The label by which the injection webhooks select a pod (`mutatingwebhook.yaml`). They read it only
 * where the namespace has no label for injection.
 */
function askingLabel(
  { template }: WorkloadController,
  namespaceLabels: Labels | undefined,
): string | undefined {
  if (namespaceLabels?.[INJECTION] !== undefined || namespaceLabels?.[REVISION] !== undefined)
    return undefined
  if (template.labels?.[INJECT] === 'true') return INJECT
  return template.labels?.[REVISION] === undefined ? undefined : REVISION
}

function fromPodOrNamespace(mesh: Mesh, workload: WorkloadController): Enrolment {
  const { template, namespace } = workload
  if (mesh.settings.cniExcludeNamespaces.includes(namespace))
    return certainly(
      'none',
      workload,
      ['metadata', 'namespace'],
      `The CNI leaves out namespace "${namespace}".`,
    )
  const mode = template.labels?.[DATAPLANE_MODE]
  if (mode === 'ambient' || mode === 'none')
    return certainly(
      mode,
      workload,
      labelPath(workload, DATAPLANE_MODE),
      `The pod has ${DATAPLANE_MODE}: ${mode}.`,
    )
  if (mode !== undefined && (isPlaceholder(mode) || isOtherDataPlane(mode))) return NOT_KNOWN
  const enrolment = mesh.get(namespaceEnrolment, namespace)
  if (enrolment.mode !== 'sidecar') return enrolment
  if (hasAmbientLabel(mesh, namespace)) return { ...enrolment, mode: 'ambient' }
  return { ...enrolment, mode: refusesInjection(workload) ? 'none' : 'sidecar' }
}

/** The label of a pod counts before its annotation. */
function refusesInjection({ template }: WorkloadController): boolean {
  return (template.labels?.[INJECT] ?? template.annotations?.[INJECT]) === 'false'
}

/** Whether a namespace with injection has the ambient label too: it enrols pods that refuse injection. */
function hasAmbientLabel(mesh: Mesh, namespace: string): boolean {
  return mesh.get(namespaceObject, namespace)?.labels?.[DATAPLANE_MODE] === 'ambient'
}

function labelPath({ templatePath }: WorkloadController, label: string): Evidence['path'] {
  return [...templatePath, 'metadata', 'labels', label]
}

function certainly(
  mode: EnrolmentMode,
  resource: Workload,
  path: Evidence['path'],
  message: string,
): Enrolment {
  return { mode, certainty: CERTAIN, evidence: [{ resource, path, message }] }
}
