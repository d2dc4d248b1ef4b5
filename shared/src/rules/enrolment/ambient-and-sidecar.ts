import { keys } from '../../inventory/indexKeys.js'
import { podLabels } from '../../mesh/pods.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Namespace } from '../../resources/namespace.js'
import type { Resource } from '../../resources/resource.js'
import { WORKLOAD_KINDS, type WorkloadController } from '../../resources/workload.js'
import type { FieldPath } from '../../yaml/node.js'
import { titleWithEffect, type Fix } from '../fix.js'
import { rankFixes } from '../fixes/rankFixes.js'
import { defineRule } from '../rule.js'
import { firstThatFits, quoted } from '../support/words.js'
import { DATAPLANE_MODE, INJECT, INJECTION, REVISION } from '../../vocabulary/labels.js'

export const ambientAndSidecar = defineRule({
  name: 'ambient-and-sidecar',
  level: 'warning',
  subjects: ['Namespace', ...WORKLOAD_KINDS],
  reads: ['Workload'],
  check(subject, { mesh, report }) {
    const found =
      subject.type === 'Namespace' ? injectionOfNamespace(mesh, subject) : injectionOfPods(subject)
    if (!found) return
    const { label, value, path } = found
    const pods = subject.type === 'Namespace' ? 'pods of this namespace' : 'these pods'
    const effect = `The label ${DATAPLANE_MODE}: ambient has no effect`
    report({
      message: firstThatFits(
        `${effect}: ${pods} get a sidecar (${label}: ${quoted(value, 16)}).`,
        `${effect}: ${pods} get a sidecar.`,
      ),
      path: [...path, DATAPLANE_MODE],
      related: [
        {
          resource: subject,
          path: [...path, label],
          message: 'This label enables sidecar injection.',
        },
      ],
      fixes: () =>
        rankFixes(removeLabel(subject, path, label), removeLabel(subject, path, DATAPLANE_MODE)),
    })
  },
})

/** A label that injects a sidecar although `istio.io/dataplane-mode` is `ambient`. */
interface InjectionLabel {
  readonly label: string
  readonly value: string
  readonly path: FieldPath
}

/** Undefined where every pod in the files opts out of injection. */
function injectionOfNamespace(mesh: Mesh, { labels, name }: Namespace): InjectionLabel | undefined {
  if (labels?.[DATAPLANE_MODE] !== 'ambient') return undefined
  const label =
    labels[INJECTION] === 'enabled'
      ? INJECTION
      : labels[INJECTION] === undefined && labels[REVISION] !== undefined
        ? REVISION
        : undefined
  if (label === undefined) return undefined
  const pods = mesh
    .workloadsAt(keys.workloads(name))
    .filter((workload) => workload.type !== 'WorkloadEntry')
  if (
    pods.length > 0 &&
    pods.every(
      (pod) =>
        podLabels(pod)?.[INJECT] === 'false' || pod.template.annotations?.[INJECT] === 'false',
    )
  )
    return undefined
  return { label, value: labels[label] ?? '', path: ['metadata', 'labels'] }
}

function injectionOfPods({
  template: { labels },
  templatePath,
}: WorkloadController): InjectionLabel | undefined {
  if (labels?.[DATAPLANE_MODE] !== 'ambient' || labels[INJECT] !== 'true') return undefined
  return { label: INJECT, value: 'true', path: [...templatePath, 'metadata', 'labels'] }
}

/** Never safe: another proxy then enforces the policies, and supports other features. */
function removeLabel(resource: Resource, path: FieldPath, label: string): Fix {
  return {
    ...titleWithEffect(
      `Remove ${label}`,
      label === DATAPLANE_MODE
        ? 'pods without a sidecar are then outside the mesh'
        : 'ztunnel then enforces the policies, and no HTTP rule without a waypoint',
    ),
    activates: 'pods',
    preferred: false,
    safe: false,
    edits: [{ op: 'remove', resource, path: [...path, label] }],
  }
}
