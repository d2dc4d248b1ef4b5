import { HostError, NOT_REGULAR } from '../../server/src/host.ts'

const MAX_LINKS = 40

/** A file system in memory with folders, files, symbolic links, and pipes or devices. Like Linux, but all text. */
export class LinkedDisk {
  /** From the absolute path to the entry. `text` is the target of a link. */
  entries = new Map([['/', { kind: 'directory', text: '' }]])
  /** The paths of the files that were read. */
  readPaths = []

  add(path, kind, text = '') {
    const parent = path.slice(0, path.lastIndexOf('/')) || '/'
    if (!this.entries.has(parent)) this.add(parent, 'directory')
    if (!this.entries.has(path)) this.entries.set(path, { kind, text })
  }

  kindOf(path) {
    return this.entries.get(this.realPath(path)).kind
  }

  realPath(path) {
    let links = 0
    let at = ''
    const left = path.split('/').filter((name) => name !== '')
    while (left.length > 0) {
      const name = left.shift()
      if (name === '.') continue
      if (name === '..') {
        at = at.slice(0, at.lastIndexOf('/'))
        continue
      }
      const next = `${at}/${name}`
      const entry = this.entries.get(next)
      if (!entry) throw new HostError('does not exist', true)
      if (entry.kind === 'link') {
        if (++links > MAX_LINKS) throw new HostError('is a symbolic link to itself', true)
        left.unshift(...entry.text.split('/').filter((part) => part !== ''))
        if (entry.text.startsWith('/')) at = ''
      } else {
        if (left.length > 0 && entry.kind !== 'directory')
          throw new HostError('does not exist', true)
        at = next
      }
    }
    return at || '/'
  }

  readDirectory(path) {
    const real = this.realPath(path)
    if (this.entries.get(real).kind !== 'directory') throw new HostError('does not exist', true)
    const start = real === '/' ? '/' : `${real}/`
    return [...this.entries].flatMap(([entry, { kind }]) =>
      entry.startsWith(start) && entry !== start && !entry.slice(start.length).includes('/')
        ? [{ name: entry.slice(start.length), kind }]
        : [],
    )
  }

  /** A link at the end of the path is not followed. */
  readFile(path, maxBytes) {
    const slash = path.lastIndexOf('/')
    const real = `${this.realPath(path.slice(0, slash) || '/')}${path.slice(slash)}`.replace(
      '//',
      '/',
    )
    const entry = this.entries.get(real)
    if (!entry || entry.kind === 'link') throw new HostError('does not exist', true)
    if (entry.kind === 'directory') throw new HostError('is a directory', false)
    if (entry.kind === 'other') throw new HostError(NOT_REGULAR, false)
    this.readPaths.push(real)
    const bytes = new TextEncoder().encode(entry.text)
    return bytes.length > maxBytes ? 'too-large' : bytes
  }

  /** A pipe that the user names is read. A link to one is not. */
  readStream(path) {
    if (this.entries.get(path)?.kind !== 'other') throw new Error(`The stream ${path} is read.`)
    return new Uint8Array()
  }
}
