import {
  isUnnamed,
  meshFindings,
  type Analysis,
  type MeshTreeItem,
  type ProblemCounts,
  type Resource,
} from '@istio-ambient-policy/shared'

/** The findings of a mesh, counted for the lines of the mesh view. */
export class MeshProblems {
  readonly #byObject = new Map<string, ProblemCounts>()
  readonly #byNamespace = new Map<string, ProblemCounts>()

  constructor(analysis: Analysis) {
    for (const file of analysis.files.keys()) {
      for (const { finding } of meshFindings([analysis], file)) {
        if (finding.place.kind !== 'field') continue
        const { resource } = finding.place
        const one = {
          errors: finding.level === 'error' ? 1 : 0,
          warnings: finding.level === 'warning' ? 1 : 0,
        }
        increase(this.#byObject, keyOf(resource), one)
        increase(this.#byNamespace, namespaceOf(resource), one)
      }
    }
  }

  ofObject(resource: Resource | null): ProblemCounts {
    return (resource && this.#byObject.get(keyOf(resource))) ?? NO_PROBLEMS
  }

  ofNamespace(name: string): ProblemCounts {
    return this.#byNamespace.get(name) ?? NO_PROBLEMS
  }
}

export const NO_PROBLEMS: ProblemCounts = { errors: 0, warnings: 0 }

export function add(a: ProblemCounts, b: ProblemCounts): ProblemCounts {
  return { errors: a.errors + b.errors, warnings: a.warnings + b.warnings }
}

/** What needs attention first: items with errors, then items with warnings, each group in its order. */
export function byAttention<L>(items: readonly MeshTreeItem<L>[]): MeshTreeItem<L>[] {
  const rank = ({ problems, kind }: MeshTreeItem<L>): number =>
    kind === 'group' ? 0 : (problems?.errors ?? 0) > 0 ? 1 : (problems?.warnings ?? 0) > 0 ? 2 : 3
  return [...items].sort((a, b) => rank(a) - rank(b))
}

function increase(counts: Map<string, ProblemCounts>, key: string, by: ProblemCounts): void {
  counts.set(key, add(counts.get(key) ?? NO_PROBLEMS, by))
}

/** Equal for an object and its copy in the closed mesh. */
function keyOf({ origin: { file, document, ordinal } }: Resource): string {
  return `${file}\n${document}\n${ordinal}`
}

function namespaceOf({ type, name, namespace }: Resource): string {
  if (type === 'Namespace') return name
  return isUnnamed(namespace) ? 'default' : namespace
}
