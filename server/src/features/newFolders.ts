import { isInside } from '@istio-ambient-policy/shared'
import type { Host } from '../host.js'
import { compileExclude } from '../workspace/exclude.js'
import { isManifestName, isSkippedDirectory, walk } from '../workspace/walk.js'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.js'
import type { ServerContext } from './serverContext.js'
import { otherRequests, sliceOf } from './slices.js'

/**
 * The manifests in the folders among some created paths: an editor reports a folder that was renamed or copied as one event,
 * without its files. A folder of the workspace itself can be deleted and created again.
 */
export async function filesOfNewFolders(
  created: readonly string[],
  { files, shutdown, workspaces }: Pick<ServerContext, 'files' | 'shutdown' | 'workspaces'>,
): Promise<string[]> {
  const paths = new Set(created)
  const found: string[] = []
  for (const path of paths) {
    const around = innermostAround(path, workspaces.folders)
    if (!around || !isPossibleFolder(path, around, paths)) continue
    await files.load(path, around.settings, shutdown)
    if (isDirectory(path, files)) found.push(...(await manifestsBelow(path, around, files)))
  }
  return found
}

/**
 * The manifests in a path of a folder of the workspace, as its settings say. Other requests are handled while it looks for
 * them.
 */
export async function manifestsBelow(
  path: string,
  { folder, settings }: Pick<WorkspaceFolder, 'folder' | 'settings'>,
  files: Host,
): Promise<string[]> {
  const { exclude, maxFiles } = settings
  const steps = walk(files, [path], { maxFiles, isExcluded: compileExclude(exclude, folder) })
  let step = sliceOf(steps)
  while (step.done !== true) {
    await otherRequests()
    step = sliceOf(steps)
  }
  return step.value.map((file) => file.path)
}

/** A folder of the workspace can be inside another one. */
function innermostAround(
  path: string,
  folders: readonly WorkspaceFolder[],
): WorkspaceFolder | undefined {
  return folders
    .filter(({ folder }) => isInside(path, folder))
    .toSorted((one, other) => other.folder.length - one.folder.length)[0]
}

/** Whether a path can be a folder that is read, and is in no other created folder. */
function isPossibleFolder(
  path: string,
  { folder }: WorkspaceFolder,
  created: ReadonlySet<string>,
): boolean {
  const names = path.slice(folder.length + 1).split('/')
  return (
    !isManifestName(names.at(-1) ?? '') &&
    !names.some(isSkippedDirectory) &&
    !names.some(
      (_, index) => index > 0 && created.has(`${folder}/${names.slice(0, index).join('/')}`),
    )
  )
}

function isDirectory(path: string, files: ServerContext['files']): boolean {
  try {
    return files.kindOf(path) === 'directory'
  } catch {
    // It was deleted meanwhile.
    return false
  }
}
