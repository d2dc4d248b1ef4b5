import { spawnSync } from 'node:child_process'
import { isManifestName } from '../../workspace/walk.js'
import { CommandFailure } from '../io.js'

/** The files of a revision: a path relative to the top of the repository, and the bytes. */
export type GitTree = ReadonlyMap<string, Uint8Array>

/** Larger trees are not read. */
const MOST_BYTES = 1_000_000_000

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
 * on disk. Throws a `CommandFailure` for names that git does not know, and for names that start with `-`.
 */
export function resolveRange(repository: string, range: string): RevisionRange {
  const [, base = '', dots, head = ''] = /^(.*?)(?:(\.{2,3})(.*))?$/.exec(range) ?? []
  const before = commitOf(repository, base)
  if (dots === undefined) return { before, after: undefined }
  const after = commitOf(repository, head === '' ? 'HEAD' : head)
  if (dots === '..') return { before, after }
  const common = git(repository, ['merge-base', before, after]).toString('utf8').trim()
  return { before: common, after }
}

function commitOf(repository: string, name: string): string {
  if (name === '' || name.startsWith('-'))
    throw new CommandFailure(`--git must be BASE...HEAD, and "${name}" is no name of a revision`)
  const arguments_ = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]
  const { stdout } = run(repository, arguments_)
  const commit = stdout.toString('utf8').trim()
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new CommandFailure(`git knows no commit "${name}"`)
  return commit
}

/** The manifests and settings files of a commit. Symbolic links and submodules are left out. */
export function readTree(repository: string, commit: string): GitTree {
  const entries = git(repository, ['ls-tree', '-r', '-z', '--full-tree', commit, '--'])
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, mode = '', object = '', path = ''] =
        /^(\d+) blob ([0-9a-f]+)\t([^]*)$/.exec(line) ?? []
      const name = path.slice(path.lastIndexOf('/') + 1)
      return mode.startsWith('100') && isManifestName(name) ? [{ object, path }] : []
    })
  const objects = entries.map(({ object }) => `${object}\n`).join('')
  const blobs = splitBatch(git(repository, ['cat-file', '--batch'], objects))
  return new Map(entries.map(({ path }, index) => [path, blobs[index] ?? new Uint8Array()]))
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
  if (error) throw new CommandFailure(`git cannot be run: ${error.message}`)
  return { status, stdout, stderr }
}
