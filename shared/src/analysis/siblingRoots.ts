import type { FileFacts } from '../resources/fileFacts.js'
import { folderOf, isInside } from '../resources/paths.js'
import { qualifiedName, type Resource } from '../resources/resource.js'
import { addToGroup, getOrInsert, groupBy } from '../text/collections.js'
import { isEqual } from '../text/isEqual.js'

/** An object that several sibling folders define differently. */
export interface DefinitionConflict {
  /** Type and name: `Namespace "shop"`. */
  readonly object: string
  readonly folders: readonly string[]
}

/** Definitions of one object that are compared. More of them would lead to the same result. */
const MAX_DEFINITIONS = 64

interface Definition {
  readonly resource: Resource
  readonly file: string
}

/** A sibling folder that is a mesh of its own. */
export interface SiblingRoot {
  readonly folder: string
  /** The other siblings that define no object differently. */
  readonly agreesWith: readonly string[]
}

/** The sibling folders that define one object differently, and an example of such an object. */
export function siblingRoots(files: readonly FileFacts[]): {
  readonly siblings: readonly SiblingRoot[]
  readonly conflict: DefinitionConflict | undefined
} {
  const conflicts = conflictsIn(files)
  const folders = outermost([...conflicts.values()].flat(2))
  const conflict = [...conflicts]
    .map(([object, pairs]) => ({
      object,
      folders: [...new Set(pairs.flat())].filter((folder) => folders.includes(folder)).sort(),
    }))
    .find((candidate) => candidate.folders.length > 1)
  return {
    siblings: conflict ? withAgreement(folders, [...conflicts.values()].flat()) : [],
    conflict,
  }
}

function withAgreement(folders: readonly string[], pairs: readonly Pair[]): SiblingRoot[] {
  const rootOf = (folder: string): string =>
    folders.find((root) => isInside(folder, root)) ?? folder
  const disagree = new Set(
    pairs.flatMap(([first, second]) => {
      const [a, b] = [rootOf(first), rootOf(second)]
      return [`${a}\n${b}`, `${b}\n${a}`]
    }),
  )
  return folders.map((folder) => ({
    folder,
    agreesWith: folders.filter((other) => other !== folder && !disagree.has(`${folder}\n${other}`)),
  }))
}

type Pair = readonly [string, string]

/** Object → pairs of sibling folders that define it differently. */
function conflictsIn(files: readonly FileFacts[]): ReadonlyMap<string, readonly Pair[]> {
  const conflicts = new Map<string, Pair[]>()
  const includedBy = foldersThatInclude(files)
  // A kustomization outside of the folder changes the file: alone, the folder would be another mesh.
  const isSelfContained = ({ file }: Definition, folder: string): boolean =>
    (includedBy.get(file) ?? []).every((including) => isInside(including, folder))
  for (const definitions of severalDefinitions(files)) {
    for (const [first, second] of pairsOf(definitions.slice(0, MAX_DEFINITIONS))) {
      const siblings = siblingFolders(first.file, second.file)
      if (!siblings || isSameContent(first.resource, second.resource)) continue
      if (!isSelfContained(first, siblings[0]) || !isSelfContained(second, siblings[1])) continue
      const object = `${first.resource.type} "${qualifiedName(first.resource)}"`
      addToGroup(conflicts, object, siblings)
    }
  }
  return conflicts
}

function* pairsOf<T>(items: readonly T[]): Generator<readonly [T, T]> {
  for (const [index, first] of items.entries())
    for (const second of items.slice(index + 1)) yield [first, second]
}

/** File → folders of the kustomizations that include it. */
function foldersThatInclude(files: readonly FileFacts[]): ReadonlyMap<string, readonly string[]> {
  const result = new Map<string, string[]>()
  for (const { kustomization } of files) {
    if (!kustomization) continue
    for (const file of [...kustomization.resources, ...kustomization.components])
      addToGroup(result, file, kustomization.folder)
  }
  return result
}

/** The definitions of each object that has several. */
function severalDefinitions(files: readonly FileFacts[]): readonly (readonly Definition[])[] {
  const byType = new Map<string, Map<string, Definition[]>>()
  for (const { file, documents } of files) {
    for (const { facts } of documents) {
      for (const resource of facts.resources) {
        if (!isComparable(resource)) continue
        const byName = getOrInsert(byType, resource.type, () => new Map<string, Definition[]>())
        addToGroup(byName, resource.name, { resource, file })
      }
    }
  }
  return [...byType.values()]
    .flatMap((byName) => [...byName.values()])
    .flatMap(byNamespace)
    .filter(({ length }) => length > 1)
}

/**
 * Whether definitions of the object can be compared: it has a name, and is neither undecoded nor an
 * install.
 */
function isComparable({ type, name, namespaceSource }: Resource): boolean {
  return type !== 'Other' && type !== 'MeshConfig' && namespaceSource !== 'unnamed' && name !== ''
}

/** Definitions with the same type and name, grouped by namespace. */
function byNamespace(definitions: readonly Definition[]): readonly (readonly Definition[])[] {
  if (definitions.length < 2) return []
  return [...groupBy(definitions, ({ resource }) => qualifiedName(resource)).values()]
}

function isSameContent(a: Resource, b: Resource): boolean {
  return isEqual({ ...a, origin: undefined }, { ...b, origin: undefined })
}

/**
 * The two folders below the common one that contain the files; undefined if a file is in the common
 * folder itself.
 */
function siblingFolders(a: string, b: string): readonly [string, string] | undefined {
  const left = folderOf(a).split('/')
  const right = folderOf(b).split('/')
  let common = 0
  while (common < Math.min(left.length, right.length) && left[common] === right[common]) common++
  if (common >= left.length || common >= right.length) return undefined
  return [left.slice(0, common + 1).join('/'), right.slice(0, common + 1).join('/')]
}

/** The folders that are not inside another of them. */
function outermost(folders: readonly string[]): string[] {
  const all = [...new Set(folders)].sort()
  return all.filter((folder) => !all.some((other) => other !== folder && isInside(folder, other)))
}
