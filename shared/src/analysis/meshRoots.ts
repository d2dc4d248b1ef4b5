import type { FileFacts } from '../resources/fileFacts.js'
import type { Kustomization } from '../resources/kustomization.js'
import { siblingRoots, type DefinitionConflict } from './siblingRoots.js'

export type { DefinitionConflict } from './siblingRoots.js'

/** A part of a workspace folder that is one mesh. */
export interface MeshRoot {
  /** The folder that names the mesh. */
  readonly folder: string
  /** Its files; undefined: all files in the folder that are in no other root. */
  readonly files: ReadonlySet<string> | undefined
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
  return { roots: folders.map((folder) => ({ folder, files: undefined })), conflict: undefined }
}

/**
 * The meshes of a folder without the setting `meshRoots`: each kustomize overlay with all that it
 * includes, and each of several sibling folders that define one object differently.
 */
export function planMeshRoots(files: readonly FileFacts[]): MeshRootPlan {
  const overlays = overlayRoots(files)
  const inOverlays = new Set(overlays.flatMap((root) => [...(root.files ?? [])]))
  const { folders, conflict } = siblingRoots(files.filter(({ file }) => !inOverlays.has(file)))
  return {
    roots: [...overlays, ...folders.map((folder) => ({ folder, files: undefined }))],
    conflict,
  }
}

/**
 * An overlay is a kustomization that includes another kustomization, and that no other includes.
 */
function overlayRoots(files: readonly FileFacts[]): MeshRoot[] {
  const byFolder = new Map(
    files.flatMap(({ kustomization }) =>
      kustomization ? [[kustomization.folder, kustomization] as const] : [],
    ),
  )
  const kustomizations = [...byFolder.values()]
  const included = new Set(kustomizations.flatMap(includesOf))
  return kustomizations
    .filter(
      (kustomization) =>
        !included.has(kustomization.folder) &&
        includesOf(kustomization).some((resource) => byFolder.has(resource)),
    )
    .map((overlay) => ({ folder: overlay.folder, files: filesOf(overlay, byFolder, files) }))
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
