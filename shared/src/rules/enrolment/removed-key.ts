import { keys } from '../../inventory/indexKeys.js'
import { podLabels, serviceAccountOf } from '../../mesh/pods.js'
import type { Mesh } from '../../mesh/mesh.js'
import { workloadsOfService } from '../../mesh/services.js'
import type { Gateway } from '../../resources/gateway.js'
import type { Resource } from '../../resources/resource.js'
import { REDIRECTION } from '../../vocabulary/annotations.js'
import { DATAPLANE_MODE, INGRESS_USE_WAYPOINT, LABELS } from '../../vocabulary/labels.js'
import { isReadFrom } from '../../vocabulary/metadataKeys.js'
import {
  DEAD_KEYS,
  FOR_SERVICE_ACCOUNT,
  INGRESS_WAYPOINT,
  OLD_GATEWAY_NAME,
  type DeadKey,
} from '../../vocabulary/otherKeys.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Fix } from '../fix.js'
import { bindTo } from '../fixes/bindService.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule, type Report } from '../rule.js'
import { LABELLED_KINDS, metadataOf } from '../support/metadata.js'
import { selectorKeys } from '../support/selectorKeys.js'
import { firstThatFits } from '../support/words.js'

export const removedKey = defineRule({
  name: 'removed-key',
  level: 'warning',
  subjects: LABELLED_KINDS,
  reads: ['MeshConfig', 'Service'],
  check(resource, { mesh, report }) {
    for (const { field, entries, path, ofPods } of mesh.perQuery(metadataOf, resource)) {
      if (ofPods && field === 'annotations' && entries[REDIRECTION] === 'disabled')
        reportOptOut(resource, path, report)
      for (const key of Object.keys(entries)) {
        const dead = DEAD_KEYS[key]
        if (!dead) continue
        const value = entries[key] ?? ''
        const place = { resource, path: [...path, key], key, value }
        report({
          message: metadataMessage(resource, key, dead),
          path: place.path,
          on: 'key',
          fixes: () => fixesOf(mesh, place),
        })
      }
    }
    for (const { key, path, isEntry } of selectorKeys(resource)) {
      const dead = DEAD_KEYS[key]
      if (!dead || mayHaveLabel(mesh, key)) continue
      report({
        message: `This selects no pod: pods have no label ${key} since Istio ${dead.removedIn ?? '1.0'}. Use ${dead.replacement}.`,
        path,
        ...(isEntry ? { on: 'key' } : {}),
        fixes: () =>
          key === OLD_GATEWAY_NAME
            ? [
                {
                  title: `Change to ${dead.replacement}`,
                  preferred: true,
                  safe: false,
                  edits: [
                    isEntry
                      ? { op: 'rename', resource, path, to: dead.replacement }
                      : { op: 'set', resource, path, value: dead.replacement },
                  ],
                },
              ]
            : [],
      })
    }
  },
})

/** The CNI writes this annotation. Old releases read `disabled` (istio/istio releasenotes/notes/50804.yaml). */
function reportOptOut(
  resource: Resource,
  annotations: FieldPath,
  report: (report: Report) => void,
): void {
  const labels = [...annotations.slice(0, -1), 'labels']
  const pods = 'template' in resource ? resource.template.labels : resource.labels
  if (pods?.[DATAPLANE_MODE] !== undefined) return
  const path = [...annotations, REDIRECTION]
  report({
    message: `"disabled" has no effect: Istio does not read it. The label ${DATAPLANE_MODE}: none keeps pods out of ambient mode.`,
    path,
    fixes: () =>
      rankFixes(
        {
          title: `Replace with the label ${DATAPLANE_MODE}: none`,
          preferred: true,
          safe: false,
          edits: [
            { op: 'remove', resource, path },
            { op: 'set', resource, path: [...labels, DATAPLANE_MODE], value: 'none' },
          ],
        },
        {
          title: `Remove ${REDIRECTION}`,
          preferred: false,
          safe: true,
          edits: [{ op: 'remove', resource, path }],
        },
      ),
  })
}

function metadataMessage(
  resource: Resource,
  key: string,
  { removedIn, replacement }: DeadKey,
): string {
  if (removedIn === undefined)
    return `${key} has no effect: Istio does not know it. Use the label ${replacement}.`
  const head = `${key} has no effect: Istio does not read it since ${removedIn}.`
  return resource.type === 'Gateway' && key === FOR_SERVICE_ACCOUNT
    ? `${head} Waypoints serve what ${replacement} binds to them.`
    : firstThatFits(`${head} ${replacement} replaces it.`, head)
}

/** Whether a user gives the label to pods. */
function mayHaveLabel(mesh: Mesh, key: string): boolean {
  return mesh
    .workloadsAt(keys.allWorkloads())
    .some((workload) => podLabels(workload)?.[key] !== undefined)
}

interface MetadataPlace {
  readonly resource: Resource
  readonly path: FieldPath
  readonly key: string
  readonly value: string
}

function fixesOf(mesh: Mesh, place: MetadataPlace): Fix[] {
  const { resource, path, key } = place
  const removal: Fix = {
    title: `Remove ${key}`,
    preferred: true,
    safe: true,
    edits: [{ op: 'remove', resource, path }],
  }
  return rankFixes(replacementOf(mesh, place), removal)
}

/** What the author of the key wanted, with the key of today. */
function replacementOf(mesh: Mesh, { resource, path, key, value }: MetadataPlace): Fix | undefined {
  if (key === FOR_SERVICE_ACCOUNT && resource.type === 'Gateway')
    return bindServicesOf(mesh, resource, { path, account: value })
  if (
    key !== INGRESS_WAYPOINT ||
    !isReadFrom(LABELS[INGRESS_USE_WAYPOINT], resource.type, false) ||
    resource.labels?.[INGRESS_USE_WAYPOINT] !== undefined
  )
    return undefined
  return {
    title: `Replace with the label ${INGRESS_USE_WAYPOINT}`,
    preferred: true,
    safe: false,
    edits: [
      { op: 'remove', resource, path },
      { op: 'set', resource, path: ['metadata', 'labels', INGRESS_USE_WAYPOINT], value: 'true' },
    ],
  }
}

/** Binds the Services of an account to the waypoint that was made for it. */
function bindServicesOf(
  mesh: Mesh,
  gateway: Gateway,
  { path, account }: { readonly path: FieldPath; readonly account: string },
): Fix | undefined {
  const services = mesh
    .inNamespace('Service', gateway.namespace)
    .filter((service) =>
      mesh
        .get(workloadsOfService, service)
        .some((workload) => serviceAccountOf(workload) === account),
    )
  const bindings = services.map((service) => bindTo(mesh, service, gateway))
  if (bindings.length === 0 || bindings.includes(undefined)) return undefined
  return {
    title: `Bind the Services of account "${account}" to this waypoint`,
    preferred: true,
    safe: false,
    edits: [
      { op: 'remove', resource: gateway, path },
      ...bindings.flatMap((fix) => fix?.edits ?? []),
    ],
  }
}
