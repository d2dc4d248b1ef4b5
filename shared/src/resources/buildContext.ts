import { isKuttlExpectation } from './buildFileNames.js'
import type { Chart } from './chart.js'
import type { ResolvedDelivery } from './delivery.js'
import { getOrInsert } from '../text/collections.js'
import type { Kustomization } from './kustomization.js'
import { partsThatMayChange, type KustomizationPath } from './kustomize/applyKustomizations.js'
import { KustomizationPaths } from './kustomize/kustomizationPaths.js'
import type { OriginalId } from './kustomize/patch.js'
import { unnamedNamespace } from './namespaceId.js'
import { folderOf } from './paths.js'
import type { NamespaceSource } from './resourceBase.js'

/** How the kustomizations and charts of a mesh build the objects of one file. */
export interface BuildContext {
  /** The namespace of objects that do not name one. */
  readonly defaultNamespace: { readonly namespace: string; readonly source: NamespaceSource }
  /** The file is in the `templates` folder of a chart. */
  readonly inChartTemplates: boolean
  /** The file contains no object: it is a patch, or a test compares it with objects. */
  readonly isPatch: boolean
  /** Each path builds the objects once. Empty: the objects are as the file has them. */
  readonly kustomizationPaths: readonly KustomizationPath[]
  /** Kustomize reads the file. */
  readonly isIncluded: boolean
  /** A kustomization includes files of the folder, but not this one: it may not be applied. */
  readonly isUnlisted: boolean
  /** Flux or Argo CD changes the objects of the file in ways that are not applied here. */
  readonly isChangedByDelivery: boolean
  /** The file is a kustomization that changes objects in ways that are not applied here. */
  readonly hasUnappliedChanges: boolean
  /** The file is a kustomization that includes objects that are not among the files. */
  readonly includesRemote: boolean
}

/** The contents of all kustomizations and charts of a mesh. */
export interface BuildFileFacts {
  readonly kustomizations: readonly Kustomization[]
  readonly charts: readonly Chart[]
  /** The files that tests compare with objects. */
  readonly expectedFiles: readonly string[]
  /** The text of a file that a kustomization names as a patch. */
  readonly textOf: (file: string) => string | undefined
  /** The folders that Flux and Argo CD apply. */
  readonly deliveries: readonly ResolvedDelivery[]
}

/** The build contexts of all files of one mesh. */
export class BuildContexts {
  readonly kustomizationPaths: KustomizationPaths
  readonly patchFiles: ReadonlySet<string>
  readonly #expectedFiles: ReadonlySet<string>
  readonly #templateFolders: ReadonlySet<string>
  readonly #closed: boolean
  /** One context for all files of a folder that no kustomization changes and that are read alike. */
  readonly #shared = new Map<string, BuildContext>()

  /** @param options.closed the files are the whole mesh: an unnamed namespace is `default`. */
  constructor(
    { kustomizations, charts, expectedFiles, textOf, deliveries }: BuildFileFacts,
    options: { readonly closed: boolean; readonly previous: BuildContexts | undefined },
  ) {
    this.#closed = options.closed
    this.patchFiles = new Set(
      kustomizations.flatMap(({ patches }) => patches.flatMap(({ file }) => file ?? [])),
    )
    this.#expectedFiles = new Set(expectedFiles)
    this.#templateFolders = new Set(
      charts.map(({ folder }) => (folder === '' ? 'templates' : `${folder}/templates`)),
    )
    this.kustomizationPaths = new KustomizationPaths(kustomizations, {
      textOf,
      deliveries,
      charts: new Set(charts.map(({ folder }) => folder)),
      previous: options.previous?.kustomizationPaths,
    })
  }

  of(file: string): BuildContext {
    const kustomizationPaths = this.kustomizationPaths.of(file)
    const hasUnappliedChanges = this.kustomizationPaths.hasUnappliedChanges(file)
    const includesRemote = this.kustomizationPaths.includesRemote(file)
    const isIncluded = this.kustomizationPaths.isIncluded(file)
    const isPatch = this.patchFiles.has(file) || (!isIncluded && this.#isExpectation(file))
    const isUnlisted = !isPatch && this.kustomizationPaths.isUnlisted(file)
    const isChangedByDelivery = this.kustomizationPaths.isChangedByDelivery(file)
    const context = {
      defaultNamespace: this.#defaultNamespace(file, kustomizationPaths),
      inChartTemplates: this.#isInTemplates(file),
      isPatch,
      kustomizationPaths,
      isIncluded,
      isUnlisted,
      isChangedByDelivery,
      hasUnappliedChanges,
      includesRemote,
    }
    if (kustomizationPaths.length > 0) return context
    const flags = [
      isPatch,
      isIncluded,
      isUnlisted,
      isChangedByDelivery,
      hasUnappliedChanges,
      includesRemote,
    ]
    return getOrInsert(
      this.#shared,
      `${flags.map(Number).join('')} ${folderOf(file)}`,
      () => context,
    )
  }

  #isExpectation(file: string): boolean {
    return this.#expectedFiles.has(file) || isKuttlExpectation(file)
  }

  #isInTemplates(file: string): boolean {
    if (this.#templateFolders.size === 0) return false
    for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1))
      if (this.#templateFolders.has(file.slice(0, end))) return true
    return false
  }

  /**
   * The namespace that all paths to the file set. A file that is built for several namespaces has
   * no default.
   */
  #defaultNamespace(
    file: string,
    paths: readonly KustomizationPath[],
  ): BuildContext['defaultNamespace'] {
    const namespaces = new Set(
      paths.map(
        (path) =>
          path.findLast(({ transform }) => transform.namespace !== undefined)?.transform
            .namespace ??
          path.find(({ transform }) => transform.missingNamespace !== undefined)?.transform
            .missingNamespace,
      ),
    )
    const [namespace] = namespaces
    if (namespaces.size === 1 && namespace !== undefined)
      return { namespace, source: 'kustomization' }
    return {
      namespace: this.#closed ? 'default' : unnamedNamespace(folderOf(file)),
      source: 'unnamed',
    }
  }
}

/** Whether two contexts build the same from a file with these objects. */
export function isSameBuildContext(
  a: BuildContext,
  b: BuildContext,
  objects: readonly OriginalId[],
): boolean {
  return (
    a === b ||
    (a.defaultNamespace.source === b.defaultNamespace.source &&
      a.defaultNamespace.namespace === b.defaultNamespace.namespace &&
      a.inChartTemplates === b.inChartTemplates &&
      a.isPatch === b.isPatch &&
      a.isIncluded === b.isIncluded &&
      a.isUnlisted === b.isUnlisted &&
      a.isChangedByDelivery === b.isChangedByDelivery &&
      a.hasUnappliedChanges === b.hasUnappliedChanges &&
      a.includesRemote === b.includesRemote &&
      a.kustomizationPaths.length === b.kustomizationPaths.length &&
      a.kustomizationPaths.every((path, index) =>
        buildsSame(path, b.kustomizationPaths[index] ?? [], objects),
      ))
  )
}

function buildsSame(
  a: KustomizationPath,
  b: KustomizationPath,
  objects: readonly OriginalId[],
): boolean {
  return (
    a === b ||
    objects.every((object) =>
      hasSameItems(partsThatMayChange(a, object), partsThatMayChange(b, object)),
    )
  )
}

function hasSameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}
