import { spawnSync } from 'node:child_process'
import { posix } from 'node:path'
import { isManifestName } from '../../workspace/walk.js'
import { CommandFailure } from '../io.js'

/** The files of a revision. Paths are relative to the top of the repository. */
export interface GitTree {
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Symbolic links and the paths in them, which are relative to the folder of the link. */
  readonly links: ReadonlyMap<string, string>
}

/** Larger trees are not read. */
const MOST_BYTES = 1_000_000_000
/** The mode of a symbolic link in a tree. */
const LINK_MODE = '120000'

/** The top of the repository that contains a folder, as a start of the folder's own path. */
export function repositoryOf(folder: string): string {
  const below = git(folder, ['rev-parse', '--show-prefix']).toString('utf8').trim()
  return below === '' ? folder : folder.slice(0, -below.length)
}

/** Two commits, and the names that the user gave them. Undefined `after`: the files on disk. */
export interface RevisionRange {
  readonly before: string
  readonly after: string | undefined
}

/**
 * The commits of `BASE...HEAD` (from their merge base), `BASE..HEAD`, or `BASE` alone, which is compared with the files
 * on disk. Throws a `CommandFailure` for names of no commit, and for names that start with `-`.
 */
export function resolveRange(repository: string, range: string): RevisionRange {
  const [, base = '', dots, head = ''] = /^(.*?)(?:(\.{2,3})(.*))?$/.exec(range) ?? []
  const before = commitOf(repository, base)
  if (dots === undefined) return { before, after: undefined }
  const after = commitOf(repository, head === '' ? 'HEAD' : head)
  if (dots === '..') return { before, after }
  const common = run(repository, ['merge-base', before, after]).stdout.toString('utf8').trim()
  if (common === '')
    throw new CommandFailure(
      `"${base}" and "${head === '' ? 'HEAD' : head}" have no common commit${shallowHint(repository)}`,
    )
  return { before: common, after }
}

/** What helps where a commit is missing because a pipeline has fetched only the newest ones. */
function shallowHint(repository: string): string {
  const { stdout } = run(repository, ['rev-parse', '--is-shallow-repository'])
  return stdout.toString('utf8').trim() === 'true'
    ? ' in this shallow clone: fetch the whole history (actions/checkout: "fetch-depth: 0")'
    : ''
}

function commitOf(repository: string, name: string): string {
  if (name === '' || name.startsWith('-'))
    throw new CommandFailure(`--git must be BASE...HEAD, and "${name}" is no name of a revision`)
  const arguments_ = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]
  const { stdout } = run(repository, arguments_)
  const commit = stdout.toString('utf8').trim()
  if (!/^[0-9a-f]{40,64}$/.test(commit))
    throw new CommandFailure(`git has no commit "${name}"${shallowHint(repository)}`)
  return commit
}

/** The manifests and settings files of a commit, its symbolic links, and the files that they lead to. */
export function readTree(repository: string, commit: string): GitTree {
  const objects = new Map<string, string>()
  const linkPaths: string[] = []
  const listed = git(repository, ['ls-tree', '-r', '-z', '--full-tree', commit, '--'])
  for (const line of listed.toString('utf8').split('\0')) {
    // A submodule has no blob.
    const [, mode, object, path] = /^(\d+) blob ([0-9a-f]+)\t([^]*)$/.exec(line) ?? []
    if (object === undefined || path === undefined) continue
    objects.set(path, object)
    if (mode === LINK_MODE) linkPaths.push(path)
  }
  const links = new Map(
    [...blobsOf(repository, linkPaths, objects)].map(([path, bytes]) => [
      path,
      Buffer.from(bytes).toString('utf8'),
    ]),
  )
  const targets = [...links].map(([path, target]) => posix.join(posix.dirname(path), target))
  const wanted = [...objects.keys()].filter((path) => isManifestName(posix.basename(path)))
  const files = [...new Set([...wanted, ...targets])].filter(
    (path) => objects.has(path) && !links.has(path),
  )
  return { files: blobsOf(repository, files, objects), links }
}

/** The contents of some paths. `objects` has the name of the blob of each path. */
function blobsOf(
  repository: string,
  paths: readonly string[],
  objects: ReadonlyMap<string, string>,
): ReadonlyMap<string, Uint8Array> {
  if (paths.length === 0) return new Map()
  const names = paths.map((path) => `${objects.get(path) ?? ''}\n`).join('')
  const blobs = splitBatch(git(repository, ['cat-file', '--batch'], names))
  return new Map(paths.map((path, index) => [path, blobs[index] ?? new Uint8Array()]))
}

/** The contents in the output of `git cat-file --batch`: a line with the size, the bytes, and a line break. */
function splitBatch(output: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = []
  const LINE_BREAK = 10
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(LINE_BREAK, at)
    const size = Number(Buffer.from(output.subarray(at, end)).toString('utf8').split(' ')[2])
    found.push(output.subarray(end + 1, end + 1 + size))
    at = end + 1 + size + 1
  }
  return found
}

function git(folder: string, args: readonly string[], input = ''): Buffer {
  const { status, stdout, stderr } = run(folder, args, input)
  if (status === 0) return stdout
  const [reason = ''] = stderr.toString('utf8').trim().split('\n')
  throw new CommandFailure(reason === '' ? `git ${args[0] ?? ''} failed` : `git: ${reason}`)
}

/** Runs git without a shell, without a pager, and without a program that the repository configures. */
function run(
  folder: string,
  args: readonly string[],
  input = '',
): { readonly status: number | null; readonly stdout: Buffer; readonly stderr: Buffer } {
  const { error, status, stdout, stderr } = spawnSync(
    'git',
    ['--no-pager', '-c', 'core.fsmonitor=false', ...args],
    {
      cwd: folder,
      input,
      maxBuffer: MOST_BYTES,
      shell: false,
      windowsHide: true,
      env: {
        ...process.env,
        GIT_OPTIONAL_LOCKS: '0',
        GIT_NO_LAZY_FETCH: '1',
        GIT_TERMINAL_PROMPT: '0',
        NoDefaultCurrentDirectoryInExePath: '1',
      },
    },
  )
  if (error)
    throw new CommandFailure(
      'code' in error && error.code === 'ENOENT'
        ? 'git cannot be run: it is not installed, or not in PATH'
        : `git cannot be run: ${error.message}`,
    )
  return { status, stdout, stderr }
}
