import { isBuildFile } from '@istio-ambient-policy/shared'
import type { EntryKind, Host } from '../host.js'
import type { IsExcluded } from './exclude.js'
import { failedStep, LISTED, notice, type ScanStep } from './scanStep.js'

const MANIFEST = /\.(?:ya?ml|json)$/i

/** Whether a file may hold Kubernetes objects or speaks of those that do, going by its name. */
export function isManifestName(name: string): boolean {
  return MANIFEST.test(name) || isBuildFile(name)
}

/** Whether a directory of this name is never entered, unless it was named itself. */
export function isSkippedDirectory(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.')
}

export interface WalkOptions {
  readonly maxFiles: number
  readonly isExcluded: IsExcluded
}

/** A path as it was come by, and the one it really is. */
interface Location {
  readonly path: string
  readonly real: string
}

/**
 * The files below some paths, sorted by directory and name; one directory a step. Every real directory is entered once and every real file listed once,
 * however many links lead to it; what has a name of its own below the paths goes by that name.
 */
export function* walk(
  host: Host,
  paths: readonly string[],
  options: WalkOptions,
): Generator<ScanStep, readonly string[], undefined> {
  const walker = new Walker(host, options)
  for (const path of paths) yield* walker.visit(path, () => true)
  // Links last: what they lead to may have been found by its own name.
  for (let link = walker.links.shift(); link !== undefined; link = walker.links.shift())
    yield* walker.visit(link, isManifestName)
  if (walker.full)
    yield notice(
      paths[0] ?? '',
      `has more than ${options.maxFiles} files: the rest was not read (setting maxFiles)`,
    )
  return walker.files
}

class Walker {
  readonly files: string[] = []
  readonly links: string[] = []
  /** There are more files than the limit allows. */
  full = false
  readonly #host: Host
  readonly #options: WalkOptions
  readonly #seen = new Set<string>()

  constructor(host: Host, options: WalkOptions) {
    this.#host = host
    this.#options = options
  }

  /** Takes in a path and, where it is a directory, everything below it. */
  *visit(path: string, wantsFile: (path: string) => boolean): Generator<ScanStep, void, undefined> {
    const found = yield* this.#resolve(path)
    if (!found) return
    if (found.kind !== 'directory') {
      if (wantsFile(path)) this.#addFile(found)
      return
    }
    const pending: Location[] = [found]
    for (let directory = pending.pop(); directory && !this.full; directory = pending.pop()) {
      if (!this.#isNew(directory.real)) continue
      yield* this.#list(directory, pending)
    }
  }

  *#resolve(
    path: string,
  ): Generator<ScanStep, (Location & { readonly kind: EntryKind }) | undefined, undefined> {
    try {
      const kind = this.#host.kindOf(path)
      // A pipe has no real path.
      return { path, kind, real: kind === 'other' ? path : this.#host.realPath(path) }
    } catch (error) {
      const step = failedStep(path, error)
      // A link that leads nowhere is nothing that anybody misses.
      if (step.type === 'problem' && step.problem.severity === 'failure') yield step
      return undefined
    }
  }

  *#list(directory: Location, pending: Location[]): Generator<ScanStep, void, undefined> {
    try {
      const below: Location[] = []
      for (const { name, kind } of [...this.#host.readDirectory(directory.path)].sort((a, b) =>
        a.name < b.name ? -1 : 1,
      )) {
        const location = { path: join(directory.path, name), real: join(directory.real, name) }
        if (
          this.#options.isExcluded(location.path) ||
          (kind !== 'file' && isSkippedDirectory(name))
        )
          continue
        if (kind === 'directory') below.push(location)
        else if (kind === 'link') this.links.push(location.path)
        else if (kind === 'file' && isManifestName(name)) this.#addFile(location)
      }
      pending.push(...below.reverse())
      yield LISTED
    } catch (error) {
      yield failedStep(directory.path, error)
    }
  }

  #addFile({ path, real }: Location): void {
    if (!this.#isNew(real)) return
    if (this.files.length < this.#options.maxFiles) this.files.push(path)
    else this.full = true
  }

  #isNew(real: string): boolean {
    if (this.#seen.has(real)) return false
    this.#seen.add(real)
    return true
  }
}

function join(directory: string, name: string): string {
  return directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`
}
