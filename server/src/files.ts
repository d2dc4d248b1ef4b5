import type { Settings } from '@istio-ambient-policy/shared'
import type { ClientHost } from './clientHost.js'
import { HostError, type DirectoryEntry, type Host } from './host.js'
import { maxBytes } from './workspace/readFolder.js'

/** Where files are: on the server's machine, if it has a file system, and with the client, if that shows them. */
export class Files implements Host {
  readonly #local: Host | undefined
  readonly #client: ClientHost | undefined

  constructor(places: {
    readonly local: Host | undefined
    readonly client: ClientHost | undefined
  }) {
    this.#local = places.local
    this.#client = places.client
  }

  /** Whether a name is one of a file system; others are known only while they are open. */
  has(name: string): boolean {
    return this.#placeOf(name) !== undefined
  }

  /** Makes a folder ready to be read. */
  async load(folder: string, settings: Settings, signal: AbortSignal): Promise<void> {
    const place = this.#placeOf(folder)
    if (place !== undefined && place === this.#client)
      await this.#client.load(folder, settings, signal)
  }

  /** Makes the present contents of files ready to be read; undefined where they are already. */
  bring(files: readonly string[], settings: Settings): Promise<void> | undefined {
    const elsewhere = files.filter(
      (file) => this.#client !== undefined && this.#placeOf(file) === this.#client,
    )
    return elsewhere.length === 0 ? undefined : this.#client?.bring(elsewhere, maxBytes(settings))
  }

  readDirectory(path: string): readonly DirectoryEntry[] {
    return this.#at(path).readDirectory(path)
  }

  kindOf(path: string): ReturnType<Host['kindOf']> {
    return this.#at(path).kindOf(path)
  }

  realPath(path: string): string {
    return this.#at(path).realPath(path)
  }

  readFile(path: string, limit: number): Uint8Array | 'too-large' {
    return this.#at(path).readFile(path, limit)
  }

  #placeOf(name: string): Host | undefined {
    return this.#local !== undefined && isPath(name) ? this.#local : this.#client
  }

  #at(path: string): Host {
    const place = this.#placeOf(path)
    if (!place) throw new HostError('does not exist', true)
    return place
  }
}

function isPath(name: string): boolean {
  return name.startsWith('/') || /^[a-z]:\//.test(name)
}
