import { keys } from '../../inventory/indexKeys.js'
import type { Workload } from '../../inventory/workloads.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import { namespaceObject } from '../../mesh/namespaces.js'
import { podLabels } from '../../mesh/pods.js'
import { isGatewayPod } from '../../mesh/gatewayClass.js'
import type { Mesh } from '../../mesh/mesh.js'
import { workloadsOfService } from '../../mesh/services.js'
import type { Namespace } from '../../resources/namespace.js'
import { changesLabels } from '../../resources/otherObject.js'
import type { Service } from '../../resources/service.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { rankFixes } from '../fixes/rankFixes.js'
import type { Fix } from '../fix.js'
import { defineRule } from '../rule.js'
import { eachWorkload } from '../support/coverage.js'
import { firstThatFits, quoted } from '../support/words.js'
import { useWaypointLabelOf } from '../support/useWaypointLabel.js'
import { shownName } from '../support/resourceNames.js'
import { DATAPLANE_MODE } from '../../vocabulary/labels.js'

export const waypointWithoutAmbient = defineRule({
  name: 'waypoint-without-ambient',
  level: 'warning',
  subjects: ['Namespace', 'Service'],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'MeshConfig',
    'Namespace',
    'Other',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(subject, { mesh, report }) {
    const object = useWaypointLabelOf(subject)
    if (!object || object.waypoint.name === 'none' || isPlaceholder(object.waypoint.name)) return
    const workloads = podsOf(mesh, subject)
    if (
      workloads.length === 0 ||
      !workloads.every((pod) => isCertainlyOutside(mesh, pod)) ||
      mesh.all('Other').some(changesLabels)
    )
      return
    const pods = `no pod of ${subject.type === 'Namespace' ? 'namespace' : 'Service'} ${quoted(subject.name)}`
    report({
      message: firstThatFits(
        `Traffic can bypass waypoint ${quoted(shownName(object.waypoint))}: ${pods} is in ambient mode.`,
        `Traffic can bypass the waypoint: ${pods} is in ambient mode.`,
      ),
      path: object.path,
      related: [
        ...evidenceOf(mesh, workloads),
        ...eachWorkload(workloads, 'it is not in ambient mode.'),
      ],
      fixes: () => rankFixes(addNamespaceToAmbient(mesh, object.consumerNamespace, workloads)),
    })
  },
})

/** The pods that a label affects. Empty where it also affects other objects, or pods outside these files. */
function podsOf(mesh: Mesh, subject: Namespace | Service): readonly Workload[] {
  if (subject.type === 'Namespace') {
    const { mode, certainty } = mesh.get(namespaceEnrolment, subject.name)
    if (mode === 'ambient' || certainty.level !== 'certain') return []
    // The label may be for external hosts, which have no pods.
    if (mesh.inNamespace('ServiceEntry', subject.name).length > 0 || mesh.hasOpaque('ServiceEntry'))
      return []
  }
  const workloads =
    subject.type === 'Namespace'
      ? mesh.workloadsAt(keys.workloads(subject.name))
      : mesh.get(workloadsOfService, subject)
  if (workloads.some(({ type }) => type === 'WorkloadEntry')) return []
  return workloads.filter((workload) => !isGatewayPod(podLabels(workload)))
}

function isCertainlyOutside(mesh: Mesh, workload: Workload): boolean {
  const { mode, certainty } = mesh.get(enrolmentOf, workload)
  return certainty.level === 'certain' && (mode === 'none' || mode === 'sidecar')
}

function evidenceOf(mesh: Mesh, pods: readonly Workload[]) {
  return [
    ...new Map(
      pods
        .flatMap((pod) => mesh.get(enrolmentOf, pod).evidence)
        .map((item) => [item.resource, item]),
    ).values(),
  ].slice(0, 3)
}

/** Labels the namespace, where only this label is missing. */
function addNamespaceToAmbient(
  mesh: Mesh,
  name: string,
  pods: readonly Workload[],
): Fix | undefined {
  const namespace = mesh.get(namespaceObject, name)
  const enrolment = mesh.get(namespaceEnrolment, name)
  if (
    !namespace ||
    enrolment.mode !== 'none' ||
    !pods.every((pod) => mesh.get(enrolmentOf, pod) === enrolment)
  )
    return undefined
  return {
    title: `Add namespace "${name}" to ambient mode`,
    activates: 'pods',
    preferred: true,
    safe: false,
    edits: [
      {
        op: 'set',
        resource: namespace,
        path: ['metadata', 'labels', DATAPLANE_MODE],
        value: 'ambient',
      },
    ],
  }
}
