import type { Mesh } from '../../mesh/mesh.js'
import { changesLabels } from '../../resources/otherObject.js'
import type { Route } from '../../resources/route.js'
import { isEmptyLabels } from '../../resources/selector.js'
import type { Service } from '../../resources/service.js'
import type { ServiceEntry } from '../../resources/serviceEntry.js'
import type { VirtualService } from '../../resources/virtualService.js'
import type { FieldPath } from '../../yaml/node.js'
import { isPlaceholder } from '../../yaml/placeholder.js'
import { attachToWaypoint } from './attachToWaypoint.js'
import { bindService } from '../fixes/bindService.js'
import { rankFixes, createWaypoint } from '../fixes/index.js'
import { defineRule, type Report } from '../rule.js'
import { eachWorkload, nameWorkloads } from '../support/coverage.js'
import { firstThatFits, quoted } from '../support/words.js'
import { serviceOfHost } from '../support/ingressRoutes.js'
import { lostOn, unserved, type Extension } from './l7Resource.js'
import { USE_WAYPOINT } from '../../vocabulary/labels.js'
import { namesOtherNamespace, resolveTarget, serviceOf } from '../../waypoint/attachment.js'

export const l7ResourceWithoutWaypoint = defineRule({
  name: 'l7-resource-without-waypoint',
  level: 'warning',
  subjects: [
    'GRPCRoute',
    'HTTPRoute',
    'RequestAuthentication',
    'Telemetry',
    'VirtualService',
    'WasmPlugin',
  ],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'GatewayClass',
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Service',
    'ServiceEntry',
    'Workload',
    'opaque',
  ],
  check(resource, { mesh, report }) {
    const reports =
      resource.type === 'VirtualService'
        ? hostReports(mesh, resource)
        : 'parentRefs' in resource
          ? parentReports(mesh, resource)
          : extensionReports(mesh, resource)
    for (const found of reports) report(found)
  },
})

function extensionReports(mesh: Mesh, extension: Extension): Report[] {
  if (extension.targetRefs.length === 0) return selectingReport(mesh, extension)
  return extension.targetRefs.flatMap((ref) => {
    if (namesOtherNamespace(extension, ref)) return []
    const target = serviceOf(resolveTarget(mesh, extension, ref))
    return targetReport(mesh, target, { what: extension.type, path: [...ref.path, 'name'] })
  })
}

/** One without targetRefs, which waypoints pass over. */
function selectingReport(mesh: Mesh, extension: Extension): Report[] {
  const coverage = lostOn(mesh, extension)
  if (!coverage) return []
  const selects = !isEmptyLabels(extension.selector?.matchLabels)
  const reason =
    extension.type === 'Telemetry' && !selects
      ? 'There is no waypoint for it'
      : `Waypoints take a ${extension.type} ${selects && extension.type === 'Telemetry' ? 'by no selector' : 'only by targetRefs'}`
  return [
    {
      message: firstThatFits(
        `${reason}: this one has no effect on ${nameWorkloads(coverage.workloads)} in ambient.`,
        `${reason}: this one has no effect in ambient.`,
      ),
      path: extension.selector ? ['spec', 'selector'] : ['metadata', 'name'],
      on: extension.selector ? 'key' : 'value',
      certainties: [coverage.certainty],
      related: [...coverage.evidence, ...eachWorkload(coverage.workloads, 'it is in ambient.')],
      fixes: () => rankFixes(attachToWaypoint(mesh, extension)),
    },
  ]
}

/** Only a route of the Service's own namespace is for all its clients. */
function parentReports(mesh: Mesh, route: Route): Report[] {
  return route.parentRefs.flatMap(({ kind, group, namespace, name, path }) => {
    const service =
      kind === 'Service' && group === '' && (namespace ?? route.namespace) === route.namespace
        ? mesh.named('Service', route.namespace, name)
        : undefined
    return targetReport(mesh, service, { what: route.type, path: [...path, 'name'] })
  })
}

/** A VirtualService that names a gateway has an effect there. */
function hostReports(mesh: Mesh, { gateways, hosts, isHttp, namespace }: VirtualService): Report[] {
  if (!isHttp || gateways.some((gateway) => gateway !== 'mesh')) return []
  return hosts.flatMap((host, index) => {
    const target =
      serviceOfHost(mesh, namespace, host) ??
      mesh.inNamespace('ServiceEntry', namespace).find((entry) => entry.hosts.includes(host))
    return targetReport(mesh, target, { what: 'VirtualService', path: ['spec', 'hosts', index] })
  })
}

function targetReport(
  mesh: Mesh,
  target: Service | ServiceEntry | undefined,
  { what, path }: { readonly what: string; readonly path: FieldPath },
): Report[] {
  const found = target && !isPlaceholder(target.name) ? unserved(mesh, target) : undefined
  if (!target || !found || mesh.all('Other').some(changesLabels)) return []
  return [
    {
      message: firstThatFits(
        `${target.type} ${quoted(target.name)} has no waypoint: this ${what} has no effect on its traffic in ambient.`,
        `${target.type} ${quoted(target.name)} has no waypoint: this has no effect in ambient.`,
      ),
      path,
      certainties: [found.certainty],
      related: found.evidence,
      fixes: () =>
        rankFixes(
          bindService(mesh, target),
          target.labels?.[USE_WAYPOINT] === undefined
            ? createWaypoint(mesh, target.namespace)
            : undefined,
        ),
    },
  ]
}
