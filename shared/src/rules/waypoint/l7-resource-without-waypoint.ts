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
import { createWaypoint } from '../fixes/createWaypoint.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule, type Report } from '../rule.js'
import { eachWorkload, nameWorkloads } from '../support/coverage.js'
import { firstThatFits, quoted } from '../support/words.js'
import { serviceOfHost } from '../../mesh/services.js'
import {
  targetWaypointInstead,
  waypointIsHere,
  waypointsSelected,
  type WaypointsSelected,
} from '../support/waypointsSelected.js'
import { shownName } from '../support/resourceNames.js'
import { workloadsWithoutEffect, targetWithoutWaypoint, type Extension } from './l7Resource.js'
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

/** For a resource without targetRefs, which waypoints do not use. */
function selectingReport(mesh: Mesh, extension: Extension): Report[] {
  const waypoints = waypointsSelected(mesh, extension)
  if (waypoints && waypoints.gateways.length > 0) return [atWaypointReport(extension, waypoints)]
  const coverage = workloadsWithoutEffect(mesh, extension)
  if (!coverage) return []
  const effect = `This ${extension.type} has no effect`
  const reason = reasonOf(extension)
  return [
    {
      message: firstThatFits(
        `${effect} on ${nameWorkloads(coverage.workloads)} in ambient mode: ${reason}.`,
        `${effect} in ambient mode: ${reason}.`,
      ),
      path: extension.selector ? ['spec', 'selector'] : ['metadata', 'name'],
      on: extension.selector ? 'key' : 'value',
      certainties: [coverage.certainty],
      related: [
        ...coverage.evidence,
        ...eachWorkload(coverage.workloads, 'it is in ambient mode.'),
      ],
      fixes: () => rankFixes(attachToWaypoint(mesh, extension)),
    },
  ]
}

/** For a resource that selects the pods of a waypoint of the files. */
function atWaypointReport(extension: Extension, waypoints: WaypointsSelected): Report {
  const { gateways, certainty } = waypoints
  const [first] = gateways
  return {
    message: firstThatFits(
      `This ${extension.type} has no effect at waypoint ${quoted(first ? shownName(first) : '')}: waypoints need targetRefs.`,
      `This ${extension.type} has no effect: waypoints need targetRefs.`,
    ),
    path: ['spec', 'selector'],
    on: 'key',
    certainties: [certainty],
    related: gateways.slice(0, 3).map(waypointIsHere),
    fixes: () => targetWaypointInstead(extension, waypoints),
  }
}

function reasonOf({ type, selector }: Extension): string {
  if (type !== 'Telemetry') return 'ztunnel ignores it, and waypoints need targetRefs'
  return isEmptyLabels(selector?.matchLabels)
    ? 'ztunnel ignores it, and there is no waypoint'
    : 'ztunnel ignores it, and waypoints do not support its selector'
}

/** Only a route in the Service's own namespace applies to all its clients. */
function parentReports(mesh: Mesh, route: Route): Report[] {
  return route.parentRefs.flatMap(({ kind, group, namespace, name, path }) => {
    const service =
      kind === 'Service' && group === '' && (namespace ?? route.namespace) === route.namespace
        ? mesh.named('Service', route.namespace, name)
        : undefined
    return targetReport(mesh, service, { what: route.type, path: [...path, 'name'] })
  })
}

/** A VirtualService of a gateway has an effect there and is not checked. */
function hostReports(mesh: Mesh, { gateways, hosts, http, namespace }: VirtualService): Report[] {
  if (http.length === 0 || gateways.some((gateway) => gateway !== 'mesh')) return []
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
  const found =
    target && !isPlaceholder(target.name) ? targetWithoutWaypoint(mesh, target) : undefined
  if (!target || !found || mesh.all('Other').some(changesLabels)) return []
  return [
    {
      message: firstThatFits(
        `This ${what} has no effect on ambient traffic: ${target.type} ${quoted(target.name)} has no waypoint.`,
        `This has no effect on ambient traffic: ${target.type} ${quoted(target.name)} has no waypoint.`,
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
