import { HostError, type DirectoryEntry, type Host, type WritableHost } from '../host.js'

/** Files as they would be after a change: absolute paths with `/`, and their texts. */
export type ProposedFiles = ReadonlyMap<string, string>

/**
 * A file system with proposed files in place of those on disk. Nothing is written.
 *
 * @param root the folder that the proposal is about
 * @param at where the folder with the proposal can be read: `root` itself, or a folder that does not exist
 */
export function proposedHost(
  host: WritableHost,
  {
    root,
    at,
    files,
  }: { readonly root: string; readonly at: string; readonly files: ProposedFiles },
): WritableHost {
  const texts = new Map([...files].map(([path, text]) => [at + path.slice(root.length), text]))
  const folders = new Set([...texts.keys()].flatMap((path) => foldersAbove(path, at)))
  const onDisk = (path: string): string =>
    isInside(path, at) ? root + path.slice(at.length) : path
  const reading: Host = {
    readDirectory: (path) => {
      const proposed = entriesIn(path, texts, folders)
      const names = new Set(proposed.map(({ name }) => name))
      const present = folders.has(path)
        ? orNone(() => host.readDirectory(onDisk(path)))
        : host.readDirectory(onDisk(path))
      return [...present.filter(({ name }) => !names.has(name)), ...proposed]
    },
    kindOf: (path) => {
      if (texts.has(path)) return 'file'
      return folders.has(path) ? 'directory' : host.kindOf(onDisk(path))
    },
    realPath: (path) => {
      if (texts.has(path) || folders.has(path)) return path
      const real = host.realPath(onDisk(path))
      const realRoot = host.realPath(root)
      return isInside(path, at) && isInside(real, realRoot)
        ? at + real.slice(realRoot.length)
        : real
    },
    readFile: (path, maxBytes) => {
      const text = texts.get(path)
      if (text === undefined) return host.readFile(onDisk(path), maxBytes)
      const bytes = Buffer.from(text)
      return bytes.length > maxBytes ? 'too-large' : bytes
    },
  }
  return { ...host, ...reading }
}

function foldersAbove(path: string, top: string): string[] {
  const folders: string[] = []
  for (let at = path.lastIndexOf('/'); at >= top.length; at = path.lastIndexOf('/', at - 1))
    folders.push(path.slice(0, at))
  return folders
}

function entriesIn(
  folder: string,
  texts: ReadonlyMap<string, string>,
  folders: ReadonlySet<string>,
): DirectoryEntry[] {
  const below = (kind: 'file' | 'directory', paths: Iterable<string>): DirectoryEntry[] =>
    [...paths]
      .filter((path) => path.slice(0, path.lastIndexOf('/')) === folder)
      .map((path) => ({ name: path.slice(folder.length + 1), kind }))
  return [...below('file', texts.keys()), ...below('directory', folders)]
}

/** A proposed folder need not exist. */
function orNone(read: () => readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  try {
    return read()
  } catch (error) {
    if (error instanceof HostError && error.missing) return []
    throw error
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
