import { isSameBuildContext, type BuildContext } from '../resources/buildContext.js'
import type { BuildFile, FileDocument, FileFacts } from '../resources/fileFacts.js'
import { addToGroup, getOrInsert, NONE } from '../text/collections.js'
import type { FileChange } from './fileStore.js'
import { originalsOf } from './originals.js'

export type ReadBuildFile = BuildFile & { readonly text: string }

/** How a mesh reads a file. */
interface Reading {
  readonly context: BuildContext
  readonly buildFile: BuildFile | undefined
  /** The content before the change. */
  readonly before: FileFacts | undefined
  /** See `KustomizeIndex.currentName`. */
  readonly currentName: (key: string, expected: string) => string | undefined
}

/** A file as one mesh has read it. */
interface SharedFile {
  readonly facts: FileFacts
  /** The documents that this mesh had before. */
  readonly before: readonly FileDocument[] | undefined
  /** The facts for all other meshes in which no kustomization changes the file. */
  copy?: FileFacts
}

/**
 * Files as several meshes read them. An overlay changes few of the objects that it includes: what two
 * meshes build in the same way is read once, and both have the same objects.
 */
export class SharedFiles {
  /** By the change that all meshes of a file are given. */
  readonly #files = new WeakMap<FileChange, SharedFile[]>()
  /** The last version of each kustomization and chart file. */
  readonly #buildFiles = new Map<string, ReadBuildFile>()
  readonly #readAgain = new Map<string, FileChange>()

  /** The meshes are updated: texts may be different now. */
  startUpdate(): void {
    this.#readAgain.clear()
  }

  /** The change with which all meshes read a file again in this update. */
  again(change: FileChange): FileChange {
    return getOrInsert(this.#readAgain, `${change.open} ${change.file}`, () => change)
  }

  /** The content of a kustomization or chart file. */
  buildFile(file: string, text: string, read: () => ReadBuildFile): ReadBuildFile {
    const known = this.#buildFiles.get(file)
    if (known?.text === text) return known
    const result = read()
    this.#buildFiles.set(file, result)
    return result
  }

  /** The content of a file that another mesh has read in the same way; undefined if none has. */
  find(change: FileChange, reading: Reading): FileFacts | undefined {
    const { context, buildFile, before, currentName } = reading
    const same = (this.#files.get(change) ?? NONE).find(
      ({ facts, before: documents }) =>
        documents === before?.documents &&
        facts.kustomization === buildFile?.kustomization &&
        facts.chart === buildFile?.chart &&
        isSameBuildContext(facts.context, context, originalsOf(facts)) &&
        facts.documents.every(({ facts: { kustomized } }) =>
          (kustomized?.lookups ?? NONE).every(
            ({ key, expected, result }) => currentName(key, expected) === result,
          ),
        ),
    )
    if (!same) return undefined
    const { facts } = same
    const isChanged = [context, facts.context].some((each) => each.kustomizationPaths.length > 0)
    return isChanged ? { ...facts, context, parsed: 0 } : (same.copy ??= { ...facts, parsed: 0 })
  }

  /** Keeps the content of a file. */
  add(change: FileChange, facts: FileFacts, before: FileFacts | undefined): void {
    addToGroup(this.#files, change, { facts, before: before?.documents })
  }
}
