import { unnamedNamespace } from './namespaceId.js'
import { folderOf } from './paths.js'
import type { Chart } from './chart.js'
import type { Kustomization } from './kustomization.js'
import type { NamespaceSource } from './resourceBase.js'

/** How the files around it make a file be read. */
export interface FilePlacement {
  /** The namespace of its objects that name none. */
  readonly defaultNamespace: { readonly namespace: string; readonly source: NamespaceSource }
  /** It lies in the `templates` folder of a chart. */
  readonly inChartTemplates: boolean
  /** It is a kustomize patch: no object. */
  readonly isPatch: boolean
}

/** What the kustomizations and charts of a mesh root say about its files. */
export class Placements {
  readonly #namespaces = new Map<string, Set<string | undefined>>()
  readonly #patches: ReadonlySet<string>
  readonly #templateFolders: ReadonlySet<string>
  readonly #closed: boolean

  /** @param closed take an unnamed namespace as `default` (the files are the whole mesh). */
  constructor(context: { readonly kustomizations: readonly Kustomization[]; readonly charts: readonly Chart[] }, closed: boolean) {
    this.#closed = closed
    this.#patches = new Set(context.kustomizations.flatMap(({ patches }) => patches))
    this.#templateFolders = new Set(context.charts.map(({ folder }) => (folder === '' ? 'templates' : `${folder}/templates`)))
    const byFolder = new Map(context.kustomizations.map((kustomization) => [kustomization.folder, kustomization]))
    const listed = new Set(context.kustomizations.flatMap(({ resources }) => resources))
    const visited = new Set<string>()
    for (const root of context.kustomizations) if (!listed.has(root.folder)) this.#visit(root, undefined, { byFolder, visited })
  }

  of(file: string): FilePlacement {
    return {
      defaultNamespace: this.#defaultNamespace(file),
      inChartTemplates: this.#isInTemplates(file),
      isPatch: this.#patches.has(file),
    }
  }

  #isInTemplates(file: string): boolean {
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) if (this.#templateFolders.has(file.slice(0, end))) return true
    return false
  }

  /** The outermost kustomization that names a namespace decides for everything below it. */
  #visit(kustomization: Kustomization, outer: string | undefined, walk: { readonly byFolder: ReadonlyMap<string, Kustomization>; readonly visited: Set<string> }): void {
    const namespace = outer ?? kustomization.namespace
    const step = `${kustomization.folder} ${namespace ?? ''}`
    if (walk.visited.has(step)) return
    walk.visited.add(step)
    for (const resource of kustomization.resources) {
      const inner = walk.byFolder.get(resource)
      if (inner) this.#visit(inner, namespace, walk)
      else this.#namespaces.set(resource, (this.#namespaces.get(resource) ?? new Set()).add(namespace))
    }
  }

  /** What every way to the file agrees on; a file that is applied to several namespaces has none. */
  #defaultNamespace(file: string): FilePlacement['defaultNamespace'] {
    const found = this.#namespaces.get(file)
    const [namespace] = found ?? []
    if (found?.size === 1 && namespace !== undefined) return { namespace, source: 'kustomization' }
    return { namespace: this.#closed ? 'default' : unnamedNamespace(folderOf(file)), source: 'unnamed' }
  }
}

/** Equal keys: the file would be read the same. */
export function placementKey({ defaultNamespace, inChartTemplates, isPatch }: FilePlacement): string {
  return `${defaultNamespace.source} ${defaultNamespace.namespace} ${String(inChartTemplates)} ${String(isPatch)}`
}
