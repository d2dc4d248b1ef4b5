import type { FileFacts } from '../resources/fileFacts.js'
import type { Kustomization } from '../resources/kustomization.js'
import { isInside } from '../resources/paths.js'
import { siblingRoots, type DefinitionConflict, type SiblingRoot } from './siblingRoots.js'

export type { DefinitionConflict } from './siblingRoots.js'

/** A part of a workspace folder that is one mesh. */
export interface MeshRoot {
  /** The folder that names the mesh. */
  readonly folder: string
  /** Its files; undefined: all files in the folder that are in no other root. */
  readonly files: ReadonlySet<string> | undefined
  /** A kustomize overlay. */
  readonly isOverlay?: true
  /** The mesh and the files that are in no root see each other. */
  readonly sharesOthers?: true
  /** Other roots whose files the mesh sees. */
  readonly sees?: readonly string[]
}

/** The meshes of a workspace folder. */
export interface MeshRootPlan {
  /** Files that are in none of these are one more mesh. */
  readonly roots: readonly MeshRoot[]
  /** An example of why sibling folders are separate meshes; undefined if there are none. */
  readonly conflict: DefinitionConflict | undefined
}

export const ONE_MESH: MeshRootPlan = { roots: [], conflict: undefined }

/** The roots that the setting `meshRoots` names. */
export function namedRoots(folders: readonly string[]): MeshRootPlan {
  return {
    roots: folders.map((folder) => ({ folder, files: undefined })),
    conflict: undefined,
  }
}

/** Roots of one kind that see the files in no root, and that these see, at most. */
const MAX_SHARING = 8
/** Files that are read once more because roots see them, at most. */
const MAX_SHARED_FILES = 20_000

/**
 * The meshes of a folder without the setting `meshRoots`: each kustomize overlay with all that it
 * includes, and each of several sibling folders that define one object differently. One overlay
 * alone is not split off. The files in no root belong to each of these meshes, and siblings see each other where they
 * define no object differently.
 */
export function planMeshRoots(files: readonly FileFacts[]): MeshRootPlan {
  const found = overlayRoots(files)
  const overlays = found.length > 1 ? found : []
  const inOverlays = filesIn(overlays, files)
  const outside = files.filter(({ file }) => !inOverlays.has(file))
  const { siblings: agreeing, conflict } = siblingRoots(outside)
  const siblings = seeing(agreeing, outside)
  const inSiblings = filesIn(siblings, outside)
  const others = outside.length - inSiblings.size
  return {
    roots: [
      ...withSharing(overlays, inOverlays.size, others),
      ...withSharing(siblings, inSiblings.size, others),
    ],
    conflict,
  }
}

function filesIn(roots: readonly MeshRoot[], files: readonly FileFacts[]): ReadonlySet<string> {
  return new Set(
    roots.flatMap((root) => [
      ...(root.files ??
        files.map(({ file }) => file).filter((file) => isInside(file, root.folder))),
    ]),
  )
}

/** The roots, which see the files in no root unless too many files would be read. */
function withSharing(
  roots: readonly MeshRoot[],
  inside: number,
  others: number,
): readonly MeshRoot[] {
  const shares =
    others > 0 && roots.length <= MAX_SHARING && inside + others * roots.length <= MAX_SHARED_FILES
  return shares ? roots.map((root) => ({ ...root, sharesOthers: true })) : roots
}

/** The siblings as roots, which see each other where they agree unless too many files would be read. */
function seeing(siblings: readonly SiblingRoot[], files: readonly FileFacts[]): MeshRoot[] {
  const sizes = new Map(
    siblings.map(({ folder }) => [
      folder,
      files.filter(({ file }) => isInside(file, folder)).length,
    ]),
  )
  const again = siblings
    .flatMap(({ agreesWith }) => agreesWith)
    .reduce((sum, folder) => sum + (sizes.get(folder) ?? 0), 0)
  const sees = siblings.length <= MAX_SHARING && again <= MAX_SHARED_FILES
  return siblings.map(({ folder, agreesWith }) => ({
    folder,
    files: undefined,
    ...(sees && agreesWith.length > 0 ? { sees: agreesWith } : {}),
  }))
}

/**
 * An overlay is a kustomization that includes another kustomization, and that no other includes. One
 * that includes only folders below itself, which no other overlay includes, is only a list.
 */
function overlayRoots(files: readonly FileFacts[]): MeshRoot[] {
  const byFolder = new Map(
    files.flatMap(({ kustomization }) =>
      kustomization ? [[kustomization.folder, kustomization] as const] : [],
    ),
  )
  const kustomizations = [...byFolder.values()]
  const included = new Set(kustomizations.flatMap(includesOf))
  const candidates = kustomizations
    .filter(
      (kustomization) =>
        !included.has(kustomization.folder) &&
        includesOf(kustomization).some((resource) => byFolder.has(resource)),
    )
    .map((overlay) => ({ overlay, files: filesOf(overlay, byFolder, files) }))
  const uses = new Map<string, number>()
  for (const file of candidates.flatMap((candidate) => [...candidate.files]))
    uses.set(file, (uses.get(file) ?? 0) + 1)
  const isList = ({ overlay, files: reached }: (typeof candidates)[number]): boolean =>
    [...reached].every((file) => isInside(file, overlay.folder) && uses.get(file) === 1)
  return candidates
    .filter((candidate) => !isList(candidate))
    .map(({ overlay, files: reached }) => ({
      folder: overlay.folder,
      files: reached,
      isOverlay: true,
    }))
}

function includesOf({ resources, components }: Kustomization): readonly string[] {
  return [...resources, ...components]
}

/** The files that an overlay includes, directly or through other kustomizations. */
function filesOf(
  overlay: Kustomization,
  byFolder: ReadonlyMap<string, Kustomization>,
  files: readonly FileFacts[],
): ReadonlySet<string> {
  const all = new Set(files.map(({ file }) => file))
  const result = new Set<string>()
  const visited = new Set<string>()
  const visit = (kustomization: Kustomization): void => {
    if (visited.has(kustomization.folder)) return
    visited.add(kustomization.folder)
    result.add(kustomization.file)
    const patchFiles = kustomization.patches.flatMap(({ file }) => file ?? [])
    for (const file of [...includesOf(kustomization), ...patchFiles]) {
      const inner = byFolder.get(file)
      if (inner) visit(inner)
      else if (all.has(file)) result.add(file)
    }
  }
  visit(overlay)
  return result
}
