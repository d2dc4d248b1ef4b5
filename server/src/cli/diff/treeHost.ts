import { HostError, type DirectoryEntry, type WritableHost } from '../../host.js'

/** Files in memory as a file system that cannot be changed. Paths are absolute, with `/`. */
export function treeHost(files: ReadonlyMap<string, Uint8Array>): WritableHost {
  const directories = directoriesOf(files.keys())
  const missing = (): never => {
    throw new HostError('does not exist', true)
  }
  const readOnly = (): never => {
    throw new HostError('cannot be written', false)
  }
  return {
    readDirectory: (path) => directories.get(path) ?? missing(),
    kindOf: (path) => (directories.has(path) ? 'directory' : files.has(path) ? 'file' : missing()),
    realPath: (path) => (directories.has(path) || files.has(path) ? path : missing()),
    readFile: (path, maxBytes) => {
      const bytes = files.get(path) ?? missing()
      return bytes.length > maxBytes ? 'too-large' : bytes
    },
    readStream: missing,
    replaceFile: readOnly,
    writeFile: readOnly,
  }
}

/** The entries of every directory that has a file below it. */
function directoriesOf(files: Iterable<string>): Map<string, readonly DirectoryEntry[]> {
  const found = new Map<string, Map<string, DirectoryEntry>>()
  for (const file of files) {
    const parts = file.split('/')
    for (let depth = parts.length - 1; depth > 0; depth--) {
      const directory = parts.slice(0, depth).join('/') || '/'
      const entries = found.get(directory) ?? new Map<string, DirectoryEntry>()
      found.set(directory, entries)
      const name = parts[depth] ?? ''
      const isKnown = entries.has(name)
      entries.set(name, { name, kind: depth === parts.length - 1 ? 'file' : 'directory' })
      if (isKnown) break
    }
  }
  return new Map(
    [...found].map(([directory, entries]) => [
      directory,
      [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    ]),
  )
}
