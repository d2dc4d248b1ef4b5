import type { Chart } from './chart.js'
import type { Kustomization } from './kustomization.js'
import { Chains } from './kustomize/chains.js'
import { touchesOf, type KustomizationPath } from './kustomize/derive.js'
import type { WrittenId } from './kustomize/patch.js'
import { unnamedNamespace } from './namespaceId.js'
import { folderOf } from './paths.js'
import type { NamespaceSource } from './resourceBase.js'

/** How the files around it make a file be read. */
export interface FilePlacement {
  /** The namespace of its objects that name none. */
  readonly defaultNamespace: { readonly namespace: string; readonly source: NamespaceSource }
  /** It lies in the `templates` folder of a chart. */
  readonly inChartTemplates: boolean
  /** It is a kustomize patch: no object. */
  readonly isPatch: boolean
  /** What kustomizations make of its objects, once for each way that they are drawn in; empty where they stay as they are written. */
  readonly chains: readonly KustomizationPath[]
  /** It is a kustomization that changes objects in ways that are not applied. */
  readonly changesUnseen: boolean
  /** It is a kustomization that draws in objects that are not here. */
  readonly includesRemote: boolean
}

/** What the files that speak of others say. */
export interface PlacementContext {
  readonly kustomizations: readonly Kustomization[]
  readonly charts: readonly Chart[]
  /** The text of a file that a kustomization names as a patch. */
  textOf(file: string): string | undefined
}

/** What the kustomizations and charts of a mesh root say about its files. */
export class Placements {
  readonly chains: Chains
  /** The files that are patches. */
  readonly patches: ReadonlySet<string>
  readonly #templateFolders: ReadonlySet<string>
  readonly #closed: boolean
  readonly #byFolder = new Map<string, FilePlacement>()

  /** @param options.closed take an unnamed namespace as `default` (the files are the whole mesh). */
  constructor(
    context: PlacementContext,
    options: { readonly closed: boolean; readonly previous: Placements | undefined },
  ) {
    this.#closed = options.closed
    this.patches = new Set(
      context.kustomizations.flatMap(({ patches }) => patches.flatMap(({ file }) => file ?? [])),
    )
    this.#templateFolders = new Set(
      context.charts.map(({ folder }) => (folder === '' ? 'templates' : `${folder}/templates`)),
    )
    this.chains = new Chains(context.kustomizations, {
      textOf: (file) => context.textOf(file),
      previous: options.previous?.chains,
    })
  }

  of(file: string): FilePlacement {
    const chains = this.chains.of(file)
    const isPatch = this.patches.has(file)
    const changesUnseen = this.chains.changesUnseen(file)
    const includesRemote = this.chains.includesRemote(file)
    const placement = {
      defaultNamespace: this.#defaultNamespace(file, chains),
      inChartTemplates: this.#isInTemplates(file),
      isPatch,
      chains,
      changesUnseen,
      includesRemote,
    }
    return isPatch || changesUnseen || includesRemote || chains.length > 0
      ? placement
      : this.#shared(folderOf(file), placement)
  }

  /** Most files of a folder are read alike. */
  #shared(folder: string, placement: FilePlacement): FilePlacement {
    const known = this.#byFolder.get(folder)
    if (!known) this.#byFolder.set(folder, placement)
    return known ?? placement
  }

  #isInTemplates(file: string): boolean {
    if (this.#templateFolders.size === 0) return false
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1))
      if (this.#templateFolders.has(file.slice(0, end))) return true
    return false
  }

  /** What every way to the file agrees on; a file that is applied to several namespaces has none. */
  #defaultNamespace(
    file: string,
    chains: readonly KustomizationPath[],
  ): FilePlacement['defaultNamespace'] {
    const found = new Set(
      chains.map(
        (chain) =>
          chain.findLast(({ transform }) => transform.namespace !== undefined)?.transform.namespace,
      ),
    )
    const [namespace] = found
    if (found.size === 1 && namespace !== undefined) return { namespace, source: 'kustomization' }
    return {
      namespace: this.#closed ? 'default' : unnamedNamespace(folderOf(file)),
      source: 'unnamed',
    }
  }
}

/** Whether a file of these objects would be read the same. */
export function samePlacement(
  a: FilePlacement,
  b: FilePlacement,
  objects: readonly WrittenId[],
): boolean {
  return (
    a === b ||
    (a.defaultNamespace.source === b.defaultNamespace.source &&
      a.defaultNamespace.namespace === b.defaultNamespace.namespace &&
      a.inChartTemplates === b.inChartTemplates &&
      a.isPatch === b.isPatch &&
      a.changesUnseen === b.changesUnseen &&
      a.includesRemote === b.includesRemote &&
      a.chains.length === b.chains.length &&
      a.chains.every((chain, index) => {
        const other = b.chains[index] ?? []
        return (
          chain === other ||
          objects.every((object) => sameItems(touchesOf(chain, object), touchesOf(other, object)))
        )
      }))
  )
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}
