import { DEFAULT_SETTINGS, mergeSettings, type Settings } from '@istio-ambient-policy/shared'
import { findSettingsFile, loadSettingsFile } from '../workspace/settingsFile.js'
import { EMPTY_PATH, kindOfArgument } from './argument.js'
import { CommandFailure, type CliIo } from './io.js'
import { absolutePath, displayPath, STDIN } from './paths.js'

/** Paths that are one mesh, or several meshes if their settings say so. */
export interface MeshInput {
  /** The folder of the paths in `exclude` and `meshRoots`. */
  readonly folder: string
  readonly paths: readonly string[]
  readonly stdin: boolean
  readonly settings: Settings
  /** The settings are those of the checked files, which a pull request can change. */
  readonly ownSettings?: boolean
  /** Renders charts with the `helm` of this machine. */
  readonly helm?: boolean
  /** Whether ignore comments and annotations hide findings. The default is true. */
  readonly ignoreComments?: boolean
}

/** The options of a command that say how its input is read. */
export interface InputOptions {
  /** A settings file, or `none`; undefined: the nearest `.ambient-policy.yaml`. */
  readonly settings?: string
  readonly helm?: boolean
  readonly ignoreComments?: boolean
}

const NO_SETTINGS = 'none'

interface Argument {
  readonly path: string
  readonly isDirectory: boolean
}

/** The inputs of `check`: each directory is one mesh; all files and standard input together are one mesh. */
export function separateInputs(
  io: CliIo,
  paths: readonly string[],
  options: InputOptions = {},
): MeshInput[] {
  const { args, stdin } = readArguments(io, paths)
  const files = args.filter(({ isDirectory }) => !isDirectory).map(({ path }) => path)
  const directories = args.filter(({ isDirectory }) => isDirectory)
  return [
    ...directories.map(({ path }) => ({
      paths: [path],
      stdin: false,
      ...settingsFor(io, [{ path, isDirectory: true }], options),
    })),
    ...(files.length > 0 || stdin
      ? [
          {
            paths: files,
            stdin,
            ...settingsFor(
              io,
              args.filter(({ isDirectory }) => !isDirectory),
              options,
            ),
          },
        ]
      : []),
  ]
}

/** The input of commands for one mesh: all paths together are the mesh. */
export function asSingleMesh(
  io: CliIo,
  paths: readonly string[],
  options: InputOptions = {},
): MeshInput {
  const { args, stdin } = readArguments(io, paths)
  return { paths: args.map(({ path }) => path), stdin, ...settingsFor(io, args, options) }
}

function readArguments(
  io: CliIo,
  paths: readonly string[],
): { readonly args: readonly Argument[]; readonly stdin: boolean } {
  if (paths.includes('')) throw new CommandFailure(EMPTY_PATH)
  const named = [
    ...new Set(paths.filter((path) => path !== '-').map((path) => absolutePath(io.cwd, path))),
  ]
  const args = named.map((path) => ({
    path,
    isDirectory: kindOfArgument(io, path) === 'directory',
  }))
  const directories = args
    .filter(({ isDirectory }) => isDirectory)
    .map(({ path }) => (path.endsWith('/') ? path : `${path}/`))
  return {
    args: args.filter(({ path }) => !directories.some((directory) => path.startsWith(directory))),
    stdin: paths.includes('-'),
  }
}

type SettingsInput = Omit<MeshInput, 'paths' | 'stdin'>

function settingsFor(io: CliIo, args: readonly Argument[], options: InputOptions): SettingsInput {
  const { settings: given, helm, ignoreComments } = options
  const shared = {
    ...(helm === undefined ? {} : { helm }),
    ...(ignoreComments === undefined ? {} : { ignoreComments }),
  }
  if (given === undefined) return { ...shared, ownSettings: true, ...ownSettings(io, args) }
  if (given === NO_SETTINGS) return { ...shared, folder: io.cwd, settings: DEFAULT_SETTINGS }
  const file = absolutePath(io.cwd, given)
  if (kindOfArgument(io, file) === 'directory')
    throw new CommandFailure(`${displayPath(io.cwd, file)} is a folder, not a settings file`)
  return { ...shared, folder: io.cwd, settings: settingsIn(io, file) }
}

/** The settings of the nearest `.ambient-policy.yaml` of the paths. */
function ownSettings(io: CliIo, args: readonly Argument[]): Pick<MeshInput, 'folder' | 'settings'> {
  const folders = args.map(({ path, isDirectory }) =>
    isDirectory ? path : path.slice(0, path.lastIndexOf('/')) || '/',
  )
  const files = new Set(
    (folders.length > 0 ? folders : [io.cwd]).flatMap(
      (folder) => findSettingsFile(io.host, folder, io.cwd) ?? [],
    ),
  )
  const [file, other] = files
  if (file === undefined) return { folder: folders[0] ?? io.cwd, settings: DEFAULT_SETTINGS }
  if (other !== undefined)
    throw new CommandFailure(
      `${displayPath(io.cwd, file)} and ${displayPath(io.cwd, other)} both apply to these paths, which are one mesh: use paths with the same settings file`,
    )
  return { folder: file.slice(0, file.lastIndexOf('/')) || '/', settings: settingsIn(io, file) }
}

function settingsIn(io: CliIo, file: string): Settings {
  const loaded = loadSettingsFile(io.host, file)
  if (loaded?.problem) {
    const line = loaded.problem.line === undefined ? '' : `:${loaded.problem.line}:`
    throw new CommandFailure(`${displayPath(io.cwd, file)}${line} ${loaded.problem.message}`)
  }
  return mergeSettings(loaded?.settings ?? {})
}

/** The name of an input in messages. */
export function describeInput(io: CliIo, input: MeshInput): string {
  return [
    ...input.paths.map((path) => displayPath(io.cwd, path)),
    ...(input.stdin ? [STDIN] : []),
  ].join(', ')
}
