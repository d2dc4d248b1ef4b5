import { keys } from '../../inventory/indexKeys.js'
import { podLabels } from '../../mesh/pods.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { Namespace } from '../../resources/namespace.js'
import type { Resource } from '../../resources/resource.js'
import { WORKLOAD_KINDS, type WorkloadController } from '../../resources/workload.js'
import type { FieldPath } from '../../yaml/node.js'
import type { Fix } from '../fix.js'
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
    const found = subject.type === 'Namespace' ? inNamespace(mesh, subject) : inPods(subject)
    if (!found) return
    const { label, value, path } = found
    const who = subject.type === 'Namespace' ? 'Pods of this namespace' : 'These pods'
    report({
      message: firstThatFits(
        `${who} get a sidecar, for ${label}: ${quoted(value, 16)}: the label ${DATAPLANE_MODE}: ambient has no effect.`,
        `${who} get a sidecar: the label ${DATAPLANE_MODE}: ambient has no effect.`,
      ),
      path: [...path, DATAPLANE_MODE],
      related: [
        {
          resource: subject,
          path: [...path, label],
          message: 'The label that asks for a sidecar.',
        },
      ],
      fixes: () =>
        rankFixes(removeLabel(subject, path, label), removeLabel(subject, path, DATAPLANE_MODE)),
    })
  },
})

interface Both {
  /** What asks for the sidecar. */
  readonly label: string
  readonly value: string
  readonly path: FieldPath
}

/** Whether injection wins for some pod of the namespace, as far as the files show them. */
function inNamespace(mesh: Mesh, { labels, name }: Namespace): Both | undefined {
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

function inPods({ template: { labels }, templatePath }: WorkloadController): Both | undefined {
  if (labels?.[DATAPLANE_MODE] !== 'ambient' || labels[INJECT] !== 'true') return undefined
  return { label: INJECT, value: 'true', path: [...templatePath, 'metadata', 'labels'] }
}

/** Never safe: another proxy enforces, and not everything that this one does. */
function removeLabel(resource: Resource, path: FieldPath, label: string): Fix {
  return {
    title: `Remove ${label}`,
    preferred: true,
    safe: false,
    edits: [{ op: 'remove', resource, path: [...path, label] }],
  }
}
