import type { Kustomization, NotApplied } from '../kustomization.js'
import { getOrInsert } from '../../text/collections.js'
import type { KustomizationPath, KustomizeStep } from './applyKustomizations.js'
import { PatchReader, type Patch } from './patch.js'

/** With more paths than this, no kustomization is applied to an object. */
const MAX_PATHS = 8
/** Kustomizations that are visited in all. Ends cycles, and overlays that multiply. */
const MAX_VISITS = 20_000

export interface KustomizationPathsOptions {
  /** The text of a patch file. */
  textOf(file: string): string | undefined
  /** Patches that are unchanged are taken from here, so that paths can be compared by identity. */
  readonly previous: KustomizationPaths | undefined
}

/**
 * Every path of kustomizations that includes a file, from each kustomization that no other
 * includes.
 */
export class KustomizationPaths {
  readonly patches: ReadonlyMap<string, readonly Patch[]>
  readonly #paths = new Map<string, KustomizationPath[]>()
  readonly #withTooManyPaths = new Set<string>()
  readonly #notApplied = new Map<string, NotApplied[]>()
  readonly #byFolder: ReadonlyMap<string, Kustomization>
  readonly #steps = new Map<Kustomization, KustomizeStep>()
  readonly #withUnappliedChanges = new Set<string>()
  readonly #includingRemote = new Set<string>()
  /**
   * Whether any object is renamed: then references to it change too, also in objects that no
   * kustomization changes otherwise.
   */
  readonly #hasRenames: boolean
  #visits = 0

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
    this.#hasRenames = kustomizations.some(
      ({ transform }) => transform.namePrefix !== '' || transform.nameSuffix !== '',
    )
    const included = new Set(
      kustomizations.flatMap(({ resources, components }) => [...resources, ...components]),
    )
    for (const root of kustomizations)
      if (!included.has(root.folder)) this.#visit(root, [], new Set())
    this.#giveUp(kustomizations)
  }

  /** The paths to a file; empty if its objects are built as the file has them. */
  of(file: string): readonly KustomizationPath[] {
    const paths = this.#withTooManyPaths.has(file) ? [] : (this.#paths.get(file) ?? [])
    return !this.#hasRenames && paths.every((path) => path.length === 0) ? [] : paths
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

  /** @param outer the steps of the kustomizations that include this one. */
  #visit(kustomization: Kustomization, outer: KustomizationPath, open: ReadonlySet<string>): void {
    if (open.has(kustomization.folder) || this.#visits++ > MAX_VISITS) return
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
    const known = getOrInsert(this.#paths, file, () => [])
    if (known.some((other) => isSamePath(other, path))) return
    if (known.length < MAX_PATHS) known.push(path)
    else this.#withTooManyPaths.add(file)
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

function isSamePath(a: KustomizationPath, b: KustomizationPath): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index])
}
