import type { ResolvedDelivery } from '../delivery.js'
import type { Kustomization, NotApplied } from '../kustomization.js'
import { folderOf, parentOf } from '../paths.js'
import { getOrInsert } from '../../text/collections.js'
import type { KustomizationPath, KustomizeStep } from './applyKustomizations.js'
import { DeliveredFolders, type DeliveredFolder } from './deliveredFolders.js'
import { PatchReader, type Patch } from './patch.js'
import { PathSet } from './pathSet.js'

/** With more paths than this, no kustomization is applied to an object. */
const MAX_PATHS = 200
/** Kustomizations that are visited in all. Ends cycles, and overlays that multiply. */
const MAX_VISITS = 20_000
/** Files that are included in all, each counted once for each path. */
const MAX_INCLUDED = 20_000
/** Kustomizations that include each other, one inside another. */
const MAX_DEPTH = 100

export interface KustomizationPathsOptions {
  /** The text of a patch file. */
  textOf(file: string): string | undefined
  /** Patches that are unchanged are taken from here, so that paths can be compared by identity. */
  readonly previous: KustomizationPaths | undefined
  /** The folders that Flux and Argo CD apply. */
  readonly deliveries: readonly ResolvedDelivery[]
  /** Folders of Helm charts. Nothing is applied to their files. */
  readonly charts: ReadonlySet<string>
}

/**
 * Every path of kustomizations that includes a file, from each kustomization that no other
 * includes.
 */
export class KustomizationPaths {
  readonly patches: ReadonlyMap<string, readonly Patch[]>
  readonly #paths = new Map<string, PathSet>()
  readonly #withTooManyPaths = new Set<string>()
  readonly #notApplied = new Map<string, NotApplied[]>()
  readonly #byFolder: ReadonlyMap<string, Kustomization>
  readonly #steps = new Map<Kustomization, KustomizeStep>()
  readonly #withUnappliedChanges = new Set<string>()
  readonly #includingRemote = new Set<string>()
  /** Files of kustomizations that Flux or Argo CD changes in ways that are not applied here. */
  readonly #changed = new Set<string>()
  /**
   * Whether any object is renamed: then references to it change too, also in objects that no
   * kustomization changes otherwise.
   */
  readonly #hasRenames: boolean
  readonly #deliveries: DeliveredFolders
  /** Folders from which a kustomization includes single files. */
  readonly #listedFolders: ReadonlySet<string>
  readonly #charts: ReadonlySet<string>
  #visits = 0
  #included = 0

  constructor(kustomizations: readonly Kustomization[], options: KustomizationPathsOptions) {
    this.#byFolder = new Map(
      kustomizations.map((kustomization) => [kustomization.folder, kustomization]),
    )
    const reader = new PatchReader(
      (file) => options.textOf(file),
      options.previous?.patches ?? new Map<string, readonly Patch[]>(),
    )
    for (const kustomization of kustomizations)
      this.#steps.set(kustomization, this.#readStep(kustomization, reader))
    this.patches = reader.read
    this.#deliveries = new DeliveredFolders(options.deliveries)
    this.#charts = options.charts
    this.#hasRenames = [
      ...kustomizations.map(({ transform }) => transform),
      ...options.deliveries,
    ].some(({ namePrefix, nameSuffix }) => namePrefix !== '' || nameSuffix !== '')
    const included = new Set(
      kustomizations.flatMap(({ resources, components }) => [...resources, ...components]),
    )
    for (const root of kustomizations) {
      for (const path of this.#pathsOfRoot(root, included.has(root.folder)))
        this.#visit(root, path, new Set())
      if (this.#deliveriesOfRoot(root, included.has(root.folder)).some(({ changes }) => changes))
        this.#addChanged(root, new Set())
    }
    this.#giveUp(kustomizations)
    this.#listedFolders = new Set([...this.#paths.keys()].map(folderOf))
  }

  /** The paths to a file; empty if its objects are built as the file has them. */
  of(file: string): readonly KustomizationPath[] {
    const paths = this.#withTooManyPaths.has(file)
      ? []
      : (this.#paths.get(file)?.list ??
        this.#deliveredAbove(folderOf(file)).map(({ path }) => path))
    return !this.#hasRenames && paths.every((path) => path.length === 0) ? [] : paths
  }

  /** Whether kustomize reads the file, so that its objects are applied as kustomize prints them. */
  isIncluded(file: string): boolean {
    return (
      this.#paths.has(file) ||
      this.#deliveredAbove(folderOf(file)).some(({ kustomizes }) => kustomizes)
    )
  }

  /**
   * Whether a kustomization includes files of this folder, but not this one, so that the file may
   * not be applied at all.
   */
  isUnlisted(file: string): boolean {
    const folder = folderOf(file)
    const beside = this.#byFolder.get(folder)
    return (
      !this.#paths.has(file) &&
      beside?.file !== file &&
      this.#deliveredAbove(folder).length === 0 &&
      ((beside !== undefined && beside.resources.length > 0) || this.#listedFolders.has(folder))
    )
  }

  /** Whether Flux or Argo CD changes the objects of the file in ways that are not applied here. */
  isChangedByDelivery(file: string): boolean {
    return (
      this.#changed.has(file) ||
      (!this.#paths.has(file) &&
        this.#deliveredAbove(folderOf(file)).some(({ changes }) => changes))
    )
  }

  /** Whether a kustomization file changes objects in ways that are not applied here. */
  hasUnappliedChanges(file: string): boolean {
    return this.#withUnappliedChanges.has(file)
  }

  /** Whether a kustomization file includes objects that are not among the files. */
  includesRemote(file: string): boolean {
    return this.#includingRemote.has(file)
  }

  /** By kustomization file. */
  get notApplied(): ReadonlyMap<string, readonly NotApplied[]> {
    return this.#notApplied
  }

  #readStep(kustomization: Kustomization, reader: PatchReader): KustomizeStep {
    const { file, resources, components, transform } = kustomization
    const read = kustomization.patches.map((entry) => ({ entry, patches: reader.patchesOf(entry) }))
    const unreadable = read.filter(({ patches }) => !patches).map(({ entry }) => entry.file)
    const missing = resources.filter((resource) => this.#isMissingFolder(resource))
    const missingComponents = components.filter((folder) => this.#isMissingFolder(folder))
    const notApplied: NotApplied[] = [
      ...kustomization.notApplied,
      ...[...new Set(unreadable)].map((patch) => ({ what: 'patch', file: patch }) as const),
      ...[...missing, ...missingComponents].map((folder) => ({ what: 'folder', folder }) as const),
    ]
    if (notApplied.length > 0) this.#notApplied.set(file, notApplied)
    if (unreadable.length > 0 || missingComponents.length > 0 || kustomization.hasUnappliedChanges)
      this.#withUnappliedChanges.add(file)
    if (missing.length > 0 || missingComponents.length > 0 || kustomization.hasRemote)
      this.#includingRemote.add(file)
    return { transform, patches: read.flatMap(({ patches }) => patches ?? []) }
  }

  /** A folder without a kustomization among the files: excluded, or outside of what was read. */
  #isMissingFolder(resource: string): boolean {
    return !/\.(?:ya?ml|json)$/i.test(resource) && !this.#byFolder.has(resource)
  }

  /** The paths on which a kustomization is applied that no other one includes, or that is delivered. */
  #pathsOfRoot(root: Kustomization, isIncluded: boolean): readonly KustomizationPath[] {
    const deliveries = this.#deliveriesOfRoot(root, isIncluded)
    return deliveries.length > 0 || isIncluded ? deliveries.map(({ path }) => path) : [[]]
  }

  #deliveriesOfRoot({ folder }: Kustomization, isIncluded: boolean): readonly DeliveredFolder[] {
    const here = this.#deliveries.at(folder)
    return isIncluded || here.length > 0 ? here : this.#deliveredAbove(parentOf(folder))
  }

  /** Adds the files that a kustomization includes, also through others. */
  #addChanged({ folder, resources }: Kustomization, known: Set<string>): void {
    if (known.has(folder)) return
    known.add(folder)
    for (const resource of resources) {
      const inner = this.#byFolder.get(resource)
      if (inner) this.#addChanged(inner, known)
      else this.#changed.add(resource)
    }
  }

  /**
   * The deliveries of the nearest delivered folder that contains a folder. Flux and Argo CD leave a
   * folder with a kustomization to this kustomization.
   */
  #deliveredAbove(start: string | undefined): readonly DeliveredFolder[] {
    if (this.#deliveries.isEmpty) return []
    for (let folder = start; folder !== undefined; folder = parentOf(folder)) {
      if (this.#byFolder.has(folder) || this.#charts.has(folder)) return []
      const here = this.#deliveries.at(folder)
      if (here.length > 0) return here
    }
    return []
  }

  /** @param outer the steps of the kustomizations that include this one. */
  #visit(kustomization: Kustomization, outer: KustomizationPath, open: ReadonlySet<string>): void {
    if (open.has(kustomization.folder) || open.size > MAX_DEPTH) return
    if (this.#visits++ > MAX_VISITS) return
    const within = new Set([...open, kustomization.folder])
    const step = this.#stepOf(kustomization)
    const components = kustomization.components.map((folder) => this.#byFolder.get(folder))
    const componentSteps = components.map((component) =>
      component ? this.#stepsOfComponent(component, within) : [],
    )
    this.#addResources(kustomization, [...componentSteps.flat(), ...step, ...outer], within)
    for (const [index, component] of components.entries()) {
      if (component && !within.has(component.folder)) {
        const later = componentSteps.slice(index + 1).flat()
        this.#visitComponent(component, [...later, ...step, ...outer], within)
      }
    }
  }

  /**
   * A component changes the objects that were included before it, and first of all its own
   * resources.
   */
  #visitComponent(
    component: Kustomization,
    outer: KustomizationPath,
    open: ReadonlySet<string>,
  ): void {
    if (open.has(component.folder) || this.#visits++ > MAX_VISITS) return
    const within = new Set([...open, component.folder])
    this.#addResources(component, [...this.#stepsOfComponent(component, open), ...outer], within)
    for (const folder of component.components) {
      const inner = this.#byFolder.get(folder)
      if (inner) this.#visitComponent(inner, [...this.#stepOf(component), ...outer], within)
    }
  }

  #addResources(
    kustomization: Kustomization,
    path: KustomizationPath,
    open: ReadonlySet<string>,
  ): void {
    for (const resource of kustomization.resources) {
      const inner = this.#byFolder.get(resource)
      if (inner) this.#visit(inner, path, open)
      else this.#addPath(resource, path)
    }
  }

  #addPath(file: string, path: KustomizationPath): void {
    const known = getOrInsert(this.#paths, file, () => new PathSet())
    if (this.#withTooManyPaths.has(file)) return
    if (++this.#included > MAX_INCLUDED || known.list.length >= MAX_PATHS)
      this.#withTooManyPaths.add(file)
    else known.add(path)
  }

  /** The steps of a component and of the components that it names. */
  #stepsOfComponent(component: Kustomization, open: ReadonlySet<string>): KustomizationPath {
    if (open.has(component.folder) || this.#visits++ > MAX_VISITS) return []
    const within = new Set([...open, component.folder])
    const inner = component.components.flatMap((folder) => {
      const nested = this.#byFolder.get(folder)
      return nested ? this.#stepsOfComponent(nested, within) : []
    })
    return [...inner, ...this.#stepOf(component)]
  }

  /** Empty if the kustomization changes nothing. */
  #stepOf(kustomization: Kustomization): KustomizationPath {
    const step = this.#steps.get(kustomization)
    return step && (step.transform.key !== '' || step.patches.length > 0) ? [step] : []
  }

  /** Notes which kustomizations include files with too many paths. */
  #giveUp(kustomizations: readonly Kustomization[]): void {
    if (this.#visits > MAX_VISITS)
      for (const { resources } of kustomizations)
        for (const file of resources) this.#withTooManyPaths.add(file)
    for (const { file, resources } of this.#withTooManyPaths.size > 0 ? kustomizations : []) {
      if (!resources.some((resource) => this.#withTooManyPaths.has(resource))) continue
      this.#withUnappliedChanges.add(file)
      this.#notApplied.set(file, [...(this.#notApplied.get(file) ?? []), { what: 'many paths' }])
    }
  }
}
