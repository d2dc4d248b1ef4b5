import { keys, labelPair } from '../../inventory/indexKeys.js'
import { assumed, type KnownCertainty } from '../../mesh/certainty.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { classRole, isGatewayPod, isManaged } from '../../mesh/gatewayClass.js'
import { namespaceEnrolment } from '../../mesh/namespaceEnrolment.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Labels } from '../../resources/resource.js'
import { isEmptyLabels, matchesLabels } from '../../resources/selector.js'
import { WORKLOAD_KINDS, type WorkloadController } from '../../resources/workload.js'
import { GATEWAY_CONTROLLER, GATEWAY_CLASSES } from '../../vocabulary/gatewayClasses.js'
import { DATAPLANE_MODE, GATEWAY_NAME, INJECT } from '../../vocabulary/labels.js'
import type { FieldPath } from '../../yaml/node.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { defineRule, type Report } from '../rule.js'
import { quoted } from '../support/words.js'

const PROXY_CONFIG = 'proxy.istio.io/config'
const HBONE_OFF = 'ISTIO_META_DISABLE_HBONE_SEND'

export const gatewayCaptured = defineRule({
  name: 'gateway-captured',
  level: 'warning',
  subjects: ['Gateway', ...WORKLOAD_KINDS],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Workload',
  ],
  check(subject, { mesh, report }) {
    const found =
      subject.type === 'Gateway' ? managedGateway(mesh, subject) : gatewayPods(mesh, subject)
    if (found) report(found)
  },
})

/** Pods of a gateway that is deployed by hand or by a chart. */
function gatewayPods(mesh: Mesh, workload: WorkloadController): Report | undefined {
  const { template, templatePath } = workload
  if (
    template.runsProxy === false ||
    template.annotations?.[INJECT] === 'true' ||
    sendsNoHbone(template.annotations) ||
    !isIstioGateway(mesh, workload.namespace, template.labels)
  )
    return undefined
  const { mode, certainty, evidence } = mesh.get(enrolmentOf, workload)
  if (mode !== 'ambient' || certainty.level !== 'certain') return undefined
  const label = [...templatePath, 'metadata', 'labels', DATAPLANE_MODE]
  return {
    message: messageFor(workload.name),
    path: template.labels?.[DATAPLANE_MODE] === undefined ? ['metadata', 'name'] : label,
    certainties: [certainty],
    related: evidence,
    fixes: () => [optOut(workload, label, 'Keep these pods out of ambient mode')],
  }
}

/** Whether labels are those of the pods of a gateway of Istio, and not of a waypoint. */
function isIstioGateway(mesh: Mesh, namespace: string, labels: Labels | undefined): boolean {
  if (!labels) return false
  const name = labels[GATEWAY_NAME]
  if (name !== undefined) {
    const gateway = mesh.named('Gateway', namespace, name)
    return gateway !== undefined && isEnvoyIngress(mesh, gateway)
  }
  return (
    isGatewayPod(labels) ||
    Object.entries(labels)
      .flatMap(([key, value]) =>
        mesh.at(
          'Gateway.networking.istio.io',
          keys.gatewaysLabelled('Gateway.networking.istio.io', labelPair(key, value)),
        ),
      )
      .some(({ selector }) => !isEmptyLabels(selector) && matchesLabels(selector, labels))
  )
}

function isEnvoyIngress(mesh: Mesh, { gatewayClassName }: Gateway): boolean {
  const controller =
    mesh.named('GatewayClass', '', gatewayClassName)?.controllerName ??
    GATEWAY_CLASSES.get(gatewayClassName)?.controller
  return mesh.get(classRole, gatewayClassName) === 'ingress' && controller === GATEWAY_CONTROLLER
}

/**
 * Pods that istiod deploys: it opts them out, unless the Gateway has the label itself (deploymentcontroller.go
 * setLabelOverrides).
 */
function managedGateway(mesh: Mesh, gateway: Gateway): Report | undefined {
  const { labels, infrastructureLabels, annotations } = gateway
  // Labels of the infrastructure replace those of the Gateway on the pods.
  const [own, path]: [Labels | undefined, FieldPath] = infrastructureLabels
    ? [infrastructureLabels, ['spec', 'infrastructure', 'labels', DATAPLANE_MODE]]
    : [labels, ['metadata', 'labels', DATAPLANE_MODE]]
  const mode = own?.[DATAPLANE_MODE]
  if (
    !isEnvoyIngress(mesh, gateway) ||
    (mode ?? labels?.[DATAPLANE_MODE]) === undefined ||
    mode === 'none' ||
    isPlaceholder(mode ?? '') ||
    !isManaged(gateway) ||
    sendsNoHbone(annotations)
  )
    return undefined
  const certainty = captureOf(mesh, gateway.namespace, mode)
  if (!certainty) return undefined
  return {
    message: messageFor(gateway.name),
    path,
    certainties: [certainty],
    fixes: () => [optOut(gateway, path, 'Keep the pods of this Gateway out of ambient mode')],
  }
}

/** Whether pods send no HBONE themselves, so that ztunnel can capture them (model/context.go `DisableHBONESend`). */
function sendsNoHbone(annotations: Labels | undefined): boolean {
  return annotations?.[PROXY_CONFIG]?.includes(HBONE_OFF) === true
}

/** How certain it is that a pod with this mode is captured. Another value than `ambient` leaves it to the namespace. */
function captureOf(
  mesh: Mesh,
  namespace: string,
  mode: string | undefined,
): KnownCertainty | undefined {
  if (mode === 'ambient') return assumed(`no ProxyConfig sets ${HBONE_OFF} for its pods`)
  const enrolment = mesh.get(namespaceEnrolment, namespace)
  return enrolment.mode === 'ambient' && enrolment.certainty.level === 'certain'
    ? enrolment.certainty
    : undefined
}

function messageFor(name: string): string {
  return `Gateway pods ${quoted(name)} are captured by ambient mode: HBONE inside HBONE fails.`
}

/** Policies of ztunnel do not apply to the pods then, so this is never safe. */
function optOut(resource: Gateway | WorkloadController, path: FieldPath, title: string) {
  return {
    title,
    preferred: true,
    safe: false,
    edits: [{ op: 'set' as const, resource, path, value: 'none' }],
  }
}
