import { isBuildFile, isTestFile } from '@istio-ambient-policy/shared/basics'
import { NOT_REGULAR, type EntryKind, type Host } from '../host.js'
import type { IsExcluded } from './exclude.js'
import { isWithin, LEADS_OUT } from './containedFile.js'
import {
  failedStep,
  failure,
  limitedBy,
  LISTED,
  notice,
  noticeForAll,
  type OtherStep,
} from './scanStep.js'

const MANIFEST = /\.(?:ya?ml|json)$/i

/** Whether the name of a file is that of a manifest, a kustomization or a chart. Policy tests are none. */
export function isManifestName(name: string): boolean {
  return (MANIFEST.test(name) && !isTestFile(name)) || isBuildFile(name)
}

/** Whether a directory is skipped because of its name. A path of the user is never skipped. */
export function isSkippedDirectory(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.')
}

export interface WalkOptions {
  readonly maxFiles: number
  readonly isExcluded: IsExcluded
  /** Which files are listed. The default are manifests. A path of the user is listed unless it is a policy test. */
  readonly isWanted?: (name: string) => boolean
}

/** A path, and the same path without symbolic links. */
export interface Location {
  readonly path: string
  readonly real: string
}

/**
 * The files below some paths, sorted by directory and name. One directory is one step. If several symbolic links
 * lead to a file or directory, it is listed once, with its own path if this is below the paths. A link out of the
 * paths is not followed; pipes and devices are not listed.
 */
export function* walk(
  host: Host,
  paths: readonly string[],
  options: WalkOptions,
): Generator<OtherStep, readonly Location[], undefined> {
  const walker = new Walker(host, options)
  for (const path of paths) yield* walker.visitRoot(path)
  // Symbolic links come last, because their target may have been listed with its own path.
  for (let link = walker.links.shift(); link !== undefined; link = walker.links.shift())
    yield* walker.visitLink(link)
  yield* noticeForAll(walker.linksOut, LEADS_OUT)
  if (walker.full)
    yield limitedBy(
      'maxFiles',
      notice(
        paths[0] ?? '',
        `has more than ${options.maxFiles} files: the others were not read (setting maxFiles)`,
        paths.slice(0, 1),
      ),
    )
  return walker.files
}

class Walker {
  readonly files: Location[] = []
  readonly links: string[] = []
  /** Links that are not followed. */
  readonly linksOut: string[] = []
  /** Whether there are more files than the limit. */
  full = false
  readonly #host: Host
  readonly #options: WalkOptions
  readonly #isWanted: (name: string) => boolean
  readonly #seen = new Set<string>()
  /** The paths of the user, without symbolic links. */
  readonly #roots: string[] = []

  constructor(host: Host, options: WalkOptions) {
    this.#host = host
    this.#options = options
    this.#isWanted = options.isWanted ?? isManifestName
  }

  /** Adds a file of the user, or all files below a directory. */
  *visitRoot(path: string): Generator<OtherStep, void, undefined> {
    const found = yield* this.#resolve(path)
    if (!found) return
    this.#roots.push(found.real)
    if (found.kind === 'directory') yield* this.#visitDirectory(found)
    else if (found.kind === 'file') {
      if (this.#options.isWanted?.(path) ?? !isTestFile(path)) this.#addFile(found)
    } else yield failure(path, NOT_REGULAR)
  }

  /** Adds what a symbolic link leads to. */
  *visitLink(path: string): Generator<OtherStep, void, undefined> {
    const found = yield* this.#resolve(path)
    if (!found || (found.kind !== 'directory' && !this.#isWanted(path))) return
    if (found.kind === 'other') yield notice(path, NOT_REGULAR, [path])
    else if (!this.#roots.some((root) => isWithin(found.real, root))) this.linksOut.push(path)
    else if (found.kind === 'directory') yield* this.#visitDirectory(found)
    else this.#addFile(found)
  }

  *#visitDirectory(found: Location): Generator<OtherStep, void, undefined> {
    const pending: Location[] = [found]
    for (let directory = pending.pop(); directory && !this.full; directory = pending.pop()) {
      if (!this.#isNew(directory.real)) continue
      yield* this.#list(directory, pending)
    }
  }

  *#resolve(
    path: string,
  ): Generator<OtherStep, (Location & { readonly kind: EntryKind }) | undefined, undefined> {
    try {
      const kind = this.#host.kindOf(path)
      return { path, kind, real: kind === 'other' ? path : this.#host.realPath(path) }
    } catch (error) {
      const step = failedStep(path, error)
      // A broken symbolic link is ignored.
      if (step.type === 'problem' && step.problem.severity === 'failure') yield step
      return undefined
    }
  }

  *#list(directory: Location, pending: Location[]): Generator<OtherStep, void, undefined> {
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
        else if (kind === 'file' && this.#isWanted(name)) this.#addFile(location)
        else if (kind === 'other' && this.#isWanted(name))
          yield notice(location.path, NOT_REGULAR, [location.path])
      }
      pending.push(...below.reverse())
      yield LISTED
    } catch (error) {
      yield failedStep(directory.path, error)
    }
  }

  #addFile({ path, real }: Location): void {
    if (!this.#isNew(real)) return
    if (this.files.length < this.#options.maxFiles) this.files.push({ path, real })
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
