import { HostError } from '../../server/src/host.ts'

/** A file system in memory: a map from paths to texts. */
export class MemoryDisk {
  files = new Map()

  kindOf(path) {
    if (this.files.has(path)) return 'file'
    if (this.#below(path).length === 0) throw new HostError('does not exist', true)
    return 'directory'
  }

  realPath(path) {
    return path
  }

  readDirectory(path) {
    const entries = new Map()
    for (const [name, ...rest] of this.#below(path))
      entries.set(name, { name, kind: rest.length > 0 ? 'directory' : 'file' })
    return [...entries.values()]
  }

  readFile(path, maxBytes) {
    const text = this.files.get(path)
    if (text === undefined) throw new HostError('does not exist', true)
    const bytes = new TextEncoder().encode(text)
    return bytes.length > maxBytes ? 'too-large' : bytes
  }

  #below(path) {
    return [...this.files.keys()]
      .filter((name) => name.startsWith(`${path}/`))
      .map((name) => name.slice(path.length + 1).split('/'))
  }
}
