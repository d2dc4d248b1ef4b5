import { posix } from 'node:path'
import { HostError, type DirectoryEntry, type WritableHost } from '../../host.js'

/** A path with more symbolic links is taken for one that leads to itself. */
const MOST_LINKS = 40

/** Files in memory as a file system that cannot be changed. Paths are absolute, with `/`. */
export function treeHost(
  files: ReadonlyMap<string, Uint8Array>,
  links: ReadonlyMap<string, string> = new Map(),
): WritableHost {
  const directories = directoriesOf(files.keys(), links.keys())
  const missing = (): never => {
    throw new HostError('does not exist', true)
  }
  const readOnly = (): never => {
    throw new HostError('cannot be written', false)
  }
  const realPath = (path: string): string => {
    const real = withoutLinks(path, links)
    return real !== undefined && (directories.has(real) || files.has(real)) ? real : missing()
  }
  return {
    readDirectory: (path) => directories.get(realPath(path)) ?? missing(),
    kindOf: (path) => (directories.has(realPath(path)) ? 'directory' : 'file'),
    realPath,
    readFile: (path, maxBytes) => {
      const bytes = files.get(realPath(path)) ?? missing()
      return bytes.length > maxBytes ? 'too-large' : bytes
    },
    readStream: missing,
    replaceFile: readOnly,
    writeFile: readOnly,
  }
}

/** A path with each symbolic link replaced by the path that it leads to; undefined for a link to itself. */
function withoutLinks(path: string, links: ReadonlyMap<string, string>): string | undefined {
  let real = '/'
  let followed = 0
  const parts = path.split('/').filter((part) => part !== '')
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const target = links.get(posix.join(real, part))
    if (target === undefined) {
      real = posix.join(real, part)
      continue
    }
    if (++followed > MOST_LINKS) return undefined
    if (target.startsWith('/')) real = '/'
    parts.unshift(...target.split('/').filter((each) => each !== ''))
  }
  return real
}

/** The entries of every directory that has a file or a symbolic link below it. */
function directoriesOf(
  files: Iterable<string>,
  links: Iterable<string>,
): Map<string, readonly DirectoryEntry[]> {
  const found = new Map<string, Map<string, DirectoryEntry>>()
  const add = (path: string, kind: 'file' | 'link'): void => {
    const parts = path.split('/')
    for (let depth = parts.length - 1; depth > 0; depth--) {
      const directory = parts.slice(0, depth).join('/') || '/'
      const entries = found.get(directory) ?? new Map<string, DirectoryEntry>()
      found.set(directory, entries)
      const name = parts[depth] ?? ''
      const isKnown = entries.has(name)
      entries.set(name, { name, kind: depth === parts.length - 1 ? kind : 'directory' })
      if (isKnown) break
    }
  }
  for (const file of files) add(file, 'file')
  for (const link of links) add(link, 'link')
  return new Map(
    [...found].map(([directory, entries]) => [
      directory,
      [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    ]),
  )
}
