import { changesObjects, type Kustomization } from '../kustomization.js'
import type { KustomizationPath, Layer } from './derive.js'
import { PatchReader, type Patch } from './patch.js'
import { getOrInsert } from '../../text/collections.js'

/** An object that is drawn in on more ways than this is taken as it is written. */
const MAX_CHAINS = 8
/** Kustomizations that are visited; circles and towers of overlays end here. */
const MAX_VISITS = 20_000

export interface ChainsOptions {
  textOf(file: string): string | undefined
  /** What was read before, so that patches that stay the same are the same. */
  readonly previous: Chains | undefined
}

/** Which kustomizations each file's objects pass, on each way from a root to them. */
export class Chains {
  readonly patches: ReadonlyMap<string, readonly Patch[]>
  readonly #chains = new Map<string, KustomizationPath[]>()
  readonly #overfull = new Set<string>()
  readonly #notApplied = new Map<string, string[]>()
  readonly #byFolder: ReadonlyMap<string, Kustomization>
  readonly #layers = new Map<Kustomization, Layer>()
  readonly #changing = new Set<string>()
  readonly #bringing = new Set<string>()
  /** Some objects are renamed: those that refer to them may have to follow, whatever they pass themselves. */
  readonly #renames: boolean
  #visits = 0

  constructor(kustomizations: readonly Kustomization[], options: ChainsOptions) {
    this.#byFolder = new Map(
      kustomizations.map((kustomization) => [kustomization.folder, kustomization]),
    )
    const reader = new PatchReader(
      (file) => options.textOf(file),
      options.previous?.patches ?? new Map<string, readonly Patch[]>(),
    )
    for (const kustomization of kustomizations)
      this.#layers.set(kustomization, this.#layerOf(kustomization, reader))
    this.patches = reader.read
    this.#renames = kustomizations.some(
      ({ transform }) => transform.namePrefix !== '' || transform.nameSuffix !== '',
    )
    const listed = new Set(
      kustomizations.flatMap(({ resources, components }) => [...resources, ...components]),
    )
    for (const root of kustomizations)
      if (!listed.has(root.folder)) this.#visit(root, [], new Set())
    if (this.#visits > MAX_VISITS)
      for (const { resources } of kustomizations)
        for (const file of resources) this.#overfull.add(file)
    for (const { file, resources } of this.#overfull.size > 0 ? kustomizations : []) {
      if (!resources.some((resource) => this.#overfull.has(resource))) continue
      this.#changing.add(file)
      this.#notApplied.set(file, [
        ...(this.#notApplied.get(file) ?? []),
        'what is drawn in on many ways',
      ])
    }
  }

  /** Empty where a file's objects are what they are written as. */
  of(file: string): readonly KustomizationPath[] {
    const chains = this.#overfull.has(file) ? [] : (this.#chains.get(file) ?? [])
    return !this.#renames && chains.every((chain) => chain.length === 0) ? [] : chains
  }

  /** Whether a kustomization file changes objects in ways that are not applied. */
  changesUnseen(file: string): boolean {
    return this.#changing.has(file)
  }

  /** Whether a kustomization file draws in objects that are not here. */
  includesRemote(file: string): boolean {
    return this.#bringing.has(file)
  }

  /** What is not applied, by kustomization file. */
  get notApplied(): ReadonlyMap<string, readonly string[]> {
    return this.#notApplied
  }

  #layerOf(kustomization: Kustomization, reader: PatchReader): Layer {
    const read = kustomization.patches.map((entry) => ({ entry, patches: reader.patchesOf(entry) }))
    const broken = read
      .filter(({ patches }) => !patches)
      .map(({ entry }) => (entry.file === undefined ? 'a patch' : `the patch "${entry.file}"`))
    const absent = kustomization.resources.filter((resource) => this.#isAbsentFolder(resource))
    const absentComponents = kustomization.components.filter((folder) =>
      this.#isAbsentFolder(folder),
    )
    const notApplied = [
      ...kustomization.notApplied,
      ...new Set(broken),
      ...[...absent, ...absentComponents].map((folder) => `"${folder}" (not here)`),
    ]
    if (notApplied.length > 0) this.#notApplied.set(kustomization.file, notApplied)
    if (broken.length > 0 || absentComponents.length > 0 || changesObjects(kustomization))
      this.#changing.add(kustomization.file)
    if (absent.length > 0 || absentComponents.length > 0 || kustomization.hasRemote)
      this.#bringing.add(kustomization.file)
    return {
      transform: kustomization.transform,
      patches: read.flatMap(({ patches }) => patches ?? []),
    }
  }

  /** A folder without a kustomization among the files: left out, or outside of what was read. */
  #isAbsentFolder(resource: string): boolean {
    return !/\.(?:ya?ml|json)$/i.test(resource) && !this.#byFolder.has(resource)
  }

  #visit(kustomization: Kustomization, after: KustomizationPath, open: ReadonlySet<string>): void {
    if (open.has(kustomization.folder) || this.#visits++ > MAX_VISITS) return
    const within = new Set([...open, kustomization.folder])
    const layer = this.#layer(kustomization)
    const components = kustomization.components.map((folder) => this.#byFolder.get(folder))
    const flattened = components.map((component) =>
      component ? this.#flatten(component, within) : [],
    )
    this.#place(kustomization, [...flattened.flat(), ...layer, ...after], within)
    for (const [index, component] of components.entries()) {
      if (component && !within.has(component.folder))
        this.#visitComponent(
          component,
          [...flattened.slice(index + 1).flat(), ...layer, ...after],
          within,
        )
    }
  }

  /** A component changes what was drawn in before it; its own resources are the first that it changes. */
  #visitComponent(
    component: Kustomization,
    after: KustomizationPath,
    open: ReadonlySet<string>,
  ): void {
    if (open.has(component.folder) || this.#visits++ > MAX_VISITS) return
    const within = new Set([...open, component.folder])
    this.#place(component, [...this.#flatten(component, open), ...after], within)
    for (const folder of component.components) {
      const inner = this.#byFolder.get(folder)
      if (inner) this.#visitComponent(inner, [...this.#layer(component), ...after], within)
    }
  }

  #place(kustomization: Kustomization, chain: KustomizationPath, open: ReadonlySet<string>): void {
    for (const resource of kustomization.resources) {
      const inner = this.#byFolder.get(resource)
      if (inner) this.#visit(inner, chain, open)
      else this.#add(resource, chain)
    }
  }

  #add(file: string, chain: KustomizationPath): void {
    const known = getOrInsert(this.#chains, file, () => [])
    if (
      known.some(
        (other) =>
          other.length === chain.length && other.every((layer, index) => layer === chain[index]),
      )
    )
      return
    if (known.length < MAX_CHAINS) known.push(chain)
    else this.#overfull.add(file)
  }

  #flatten(component: Kustomization, open: ReadonlySet<string>): KustomizationPath {
    if (open.has(component.folder) || this.#visits++ > MAX_VISITS) return []
    const within = new Set([...open, component.folder])
    return [
      ...component.components.flatMap((folder) => {
        const inner = this.#byFolder.get(folder)
        return inner ? this.#flatten(inner, within) : []
      }),
      ...this.#layer(component),
    ]
  }

  /** None where it changes nothing. */
  #layer(kustomization: Kustomization): readonly Layer[] {
    const layer = this.#layers.get(kustomization)
    return layer && (layer.transform.key !== '' || layer.patches.length > 0) ? [layer] : []
  }
}
