import { Analysis, DEFAULT_SETTINGS, type Settings } from '@istio-ambient-policy/shared'
import { asSingleMesh, describeInput } from '../inputs.js'
import { HostError } from '../../host.js'
import { CommandFailure, type CliIo } from '../io.js'
import { loadMeshes } from '../loadMesh.js'
import type { NotRead } from '../notRead.js'
import { absolutePath, displayPath } from '../paths.js'
import { readTree, repositoryOf, resolveRange } from './gitTree.js'
import { treeHost } from './treeHost.js'

/** The meshes before or after a change. */
export interface Side {
  /** By folder, relative to the folder that is compared. */
  readonly meshes: ReadonlyMap<string, Analysis>
  readonly settings: Settings
  readonly incomplete: boolean
  readonly notRead: readonly NotRead[]
  /** The name of a file in the output. */
  readonly display: (file: string) => string
  /** What an `evaluate` command needs to read this side. Undefined for a revision. */
  readonly paths: readonly string[] | undefined
}

/** The same mesh before and after a change. */
export interface MeshPair {
  /** The folder of the mesh; undefined if it is the only one. */
  readonly folder: string | undefined
  readonly before: Analysis
  readonly after: Analysis
}

export interface Sides {
  readonly before: Side
  readonly after: Side
  readonly pairs: readonly MeshPair[]
}

/** Two folders or files. */
export async function readFolders(io: CliIo, before: string, after: string): Promise<Sides> {
  return paired(await readSide(io, [before]), await readSide(io, [after]))
}

/** The same paths in two commits, or in a commit and on disk. */
export async function readRevisions(
  io: CliIo,
  range: string,
  paths: readonly string[],
): Promise<Sides> {
  if (paths.includes('-')) throw new CommandFailure('standard input has no revisions: use paths')
  const repository = repositoryOf(io.cwd)
  const { before, after } = resolveRange(repository, range)
  const old = hostAt(repository, before)
  const current = after === undefined ? io.host : hostAt(repository, after)
  const isIn = (host: CliIo['host'], path: string): boolean =>
    isThere(host, absolutePath(io.cwd, path))
  const nowhere = paths.find((path) => !isIn(old, path) && !isIn(current, path))
  if (nowhere !== undefined)
    throw new CommandFailure(`${nowhere} exists neither before nor after the change`)
  const sideOf = (host: CliIo['host']): Promise<Side> =>
    readSide(
      { ...io, host },
      paths.filter((path) => isIn(host, path)),
    )
  const sides = { before: await sideOf(old), after: await sideOf(current) }
  return paired(
    { ...sides.before, paths: undefined },
    after === undefined ? sides.after : { ...sides.after, paths: undefined },
  )
}

/** The files of a commit as a file system. */
function hostAt(repository: string, commit: string): CliIo['host'] {
  const tree = readTree(repository, commit)
  const absolute = <T>(found: ReadonlyMap<string, T>): [string, T][] =>
    [...found].map(([path, value]) => [`${repository}/${path}`, value])
  return treeHost(
    // The search for settings ends at the top of a repository.
    new Map([...absolute(tree.files), [`${repository}/.git`, new Uint8Array()]]),
    new Map(absolute(tree.links)),
  )
}

/** A folder that is new or removed is empty on the other side. */
function isThere(host: CliIo['host'], path: string): boolean {
  try {
    host.kindOf(path)
    return true
  } catch (error) {
    return !(error instanceof HostError && error.missing)
  }
}

async function readSide(io: CliIo, paths: readonly string[]): Promise<Side> {
  const display = (file: string): string => displayPath(io.cwd, file)
  if (paths.length === 0)
    return {
      meshes: new Map(),
      settings: DEFAULT_SETTINGS,
      incomplete: false,
      notRead: [],
      display,
      paths,
    }
  const input = asSingleMesh(io, paths)
  const { meshes, incomplete, notRead } = await loadMeshes(io, input, {
    world: 'closed',
    detectsRoots: true,
  })
  const [only, ...others] = input.paths
  const folder = only !== undefined && others.length === 0 ? only : input.folder
  const withObjects = [...meshes.byFolder()].filter(([, { files }]) =>
    [...files.values()].some(({ documents }) =>
      documents.some(({ facts }) => facts.resources.length > 0),
    ),
  )
  if (withObjects.length === 0 && meshes.notices.length === 0)
    io.warn(`${describeInput(io, input)} has no Kubernetes objects`)
  return {
    meshes: new Map(withObjects.map(([root, analysis]) => [below(root, folder), analysis])),
    settings: input.settings,
    incomplete,
    notRead,
    display,
    paths,
  }
}

/** The folder of a mesh, relative to the folder that is compared. */
function below(root: string, folder: string): string {
  return root.startsWith(`${folder}/`) ? root.slice(folder.length + 1) : '.'
}

/** Pairs meshes by folder. The only mesh of one side is the only mesh of the other side, in any folder. */
function paired(before: Side, after: Side): Sides {
  const sides = { before, after }
  if (before.meshes.size <= 1 && after.meshes.size <= 1) {
    const [[old], [current]] = [[...before.meshes.values()], [...after.meshes.values()]]
    return {
      ...sides,
      pairs: [
        { folder: undefined, before: old ?? emptyMesh(before), after: current ?? emptyMesh(after) },
      ],
    }
  }
  const folders = [...new Set([...before.meshes.keys(), ...after.meshes.keys()])].sort()
  return {
    ...sides,
    pairs: folders.map((folder) => ({
      folder,
      before: before.meshes.get(folder) ?? emptyMesh(before),
      after: after.meshes.get(folder) ?? emptyMesh(after),
    })),
  }
}

function emptyMesh({ settings }: Side): Analysis {
  return new Analysis({ settings, world: 'closed', levels: {}, readText: () => undefined })
}
