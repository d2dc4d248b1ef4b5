import type { Kustomization } from '../resources/kustomization.js'
import { folderOf, isInside } from '../resources/paths.js'
import type { FileFacts } from '../resources/readFile.js'
import { qualifiedName, type Resource } from '../resources/resource.js'
import { equal } from '../text/equal.js'
import { addToGroup, getOrInsert, groupBy } from '../text/collections.js'

/** A part of a folder that is judged as one mesh. */
export interface MeshRoot {
  /** The folder that it is called after. */
  readonly folder: string
  /** Its files; undefined: all that lie in the folder and in no other root. */
  readonly files: ReadonlySet<string> | undefined
}

/** How a folder falls into meshes. */
export interface MeshRootPlan {
  /** Beside them, what belongs to none of them is one mesh too. */
  readonly roots: readonly MeshRoot[]
  /** Why it was split without being told so; one sentence each. */
  readonly notices: readonly string[]
}

export const ONE_MESH: MeshRootPlan = { roots: [], notices: [] }

/** The roots that settings name. */
export function namedRoots(folders: readonly string[]): MeshRootPlan {
  return { roots: folders.map((folder) => ({ folder, files: undefined })), notices: [] }
}

/**
 * The meshes that the files of a folder make, where no setting says: each kustomize overlay with what it draws in, and sibling folders that define
 * one object differently, each for itself.
 */
export function planMeshRoots(files: readonly FileFacts[]): MeshRootPlan {
  const overlays = overlayRoots(files)
  const claimed = new Set(overlays.flatMap((root) => [...(root.files ?? [])]))
  const rest = files.filter(({ file }) => !claimed.has(file))
  const siblings = siblingRoots(rest)
  return { roots: [...overlays, ...siblings.roots], notices: siblings.notices }
}

/** A kustomization that draws in another is an overlay; one that only lists its own files is a list. */
function overlayRoots(files: readonly FileFacts[]): MeshRoot[] {
  const kustomizations = new Map(
    files.flatMap(({ kustomization }) =>
      kustomization ? [[kustomization.folder, kustomization] as const] : [],
    ),
  )
  const drawn = new Set([...kustomizations.values()].flatMap(drawnBy))
  return [...kustomizations.values()]
    .filter(
      (kustomization) =>
        !drawn.has(kustomization.folder) &&
        drawnBy(kustomization).some((resource) => kustomizations.has(resource)),
    )
    .map((overlay) => ({ folder: overlay.folder, files: filesOf(overlay, kustomizations, files) }))
}

function drawnBy({ resources, components }: Kustomization): readonly string[] {
  return [...resources, ...components]
}

function filesOf(
  overlay: Kustomization,
  kustomizations: ReadonlyMap<string, Kustomization>,
  files: readonly FileFacts[],
): ReadonlySet<string> {
  const all = new Set(files.map(({ file }) => file))
  const result = new Set<string>()
  const open = new Set<string>()
  const visit = (kustomization: Kustomization): void => {
    const { folder, patches } = kustomization
    if (open.has(folder)) return
    open.add(folder)
    result.add(kustomization.file)
    for (const file of [
      ...drawnBy(kustomization),
      ...patches.flatMap((patch) => patch.file ?? []),
    ]) {
      const inner = kustomizations.get(file)
      if (inner) visit(inner)
      else if (all.has(file)) result.add(file)
    }
  }
  visit(overlay)
  return result
}

/** Definitions of one object that are compared with each other; a repository with more has told enough by then. */
const MAX_VARIANTS = 64

interface Definition {
  readonly resource: Resource
  readonly file: string
}

/** Folders beside each other that define one object differently, found from the top down. */
function siblingRoots(files: readonly FileFacts[]): MeshRootPlan {
  const apart = new Map<string, Set<string>>()
  const drawnFrom = foldersDrawing(files)
  // In a mesh of its own a folder would be without the kustomizations around it, and what they make of its objects.
  const isSelfContained = (file: string, folder: string): boolean =>
    (drawnFrom.get(file) ?? []).every((from) => isInside(from, folder))
  for (const definitions of severalDefinitions(files)) {
    const compared = definitions.slice(0, MAX_VARIANTS)
    for (const [index, first] of compared.entries()) {
      for (const second of compared.slice(index + 1)) {
        const siblings = siblingFolders(first.file, second.file)
        if (!siblings || sameContent(first.resource, second.resource)) continue
        if (!isSelfContained(first.file, siblings[0]) || !isSelfContained(second.file, siblings[1]))
          continue
        const name = `${first.resource.type} "${qualifiedName(first.resource)}"`
        const folders = getOrInsert(apart, name, () => new Set<string>())
        for (const folder of siblings) folders.add(folder)
      }
    }
  }
  const folders = outermost([...apart.values()].flatMap((set) => [...set]))
  const notices = [...apart]
    .map(([name, set]) => ({
      name,
      folders: [...set].filter((folder) => folders.includes(folder)).sort(),
    }))
    .filter((notice) => notice.folders.length > 1)
  const [example] = notices
  if (!example) return ONE_MESH
  const said = `${example.name} is defined differently in ${example.folders.map((folder) => `"${folder}"`).join(' and ')}: these folders are judged as meshes of their own (setting meshRoots).`
  return { roots: folders.map((folder) => ({ folder, files: undefined })), notices: [said] }
}

/** The folders of the kustomizations that list a file. */
function foldersDrawing(files: readonly FileFacts[]): ReadonlyMap<string, readonly string[]> {
  const result = new Map<string, string[]>()
  for (const { kustomization } of files) {
    for (const file of kustomization ? drawnBy(kustomization) : [])
      addToGroup(result, file, kustomization?.folder ?? '')
  }
  return result
}

/** Definitions of one object, wherever there are several; what merely may bring objects, and settings, are no definitions. */
function severalDefinitions(files: readonly FileFacts[]): readonly (readonly Definition[])[] {
  const byType = new Map<string, Map<string, Definition[]>>()
  for (const { file, documents } of files) {
    for (const { facts } of documents) {
      for (const resource of facts.resources) {
        if (
          resource.type === 'Other' ||
          resource.type === 'MeshConfig' ||
          resource.namespaceSource === 'unnamed' ||
          resource.name === ''
        )
          continue
        const byName = getOrInsert(byType, resource.type, () => new Map<string, Definition[]>())
        addToGroup(byName, resource.name, { resource, file })
      }
    }
  }
  return [...byType.values()]
    .flatMap((byName) => [...byName.values()])
    .flatMap(inOneNamespace)
    .filter(({ length }) => length > 1)
}

/** Definitions of one kind and name by their namespaces. */
function inOneNamespace(definitions: readonly Definition[]): readonly (readonly Definition[])[] {
  if (definitions.length < 2) return []
  return [...groupBy(definitions, ({ resource }) => qualifiedName(resource)).values()]
}

function sameContent(a: Resource, b: Resource): boolean {
  return equal({ ...a, origin: undefined }, { ...b, origin: undefined })
}

/** The two folders below the common one in which the files lie; undefined where one lies in the common folder itself. */
function siblingFolders(a: string, b: string): readonly [string, string] | undefined {
  const left = folderOf(a).split('/')
  const right = folderOf(b).split('/')
  let common = 0
  while (common < Math.min(left.length, right.length) && left[common] === right[common]) common++
  if (common >= left.length || common >= right.length) return undefined
  return [left.slice(0, common + 1).join('/'), right.slice(0, common + 1).join('/')]
}

/** Without the folders that lie in another of them. */
function outermost(folders: readonly string[]): string[] {
  const all = [...new Set(folders)].sort()
  return all.filter((folder) => !all.some((other) => other !== folder && isInside(folder, other)))
}
