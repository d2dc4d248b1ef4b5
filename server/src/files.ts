import type { Settings } from '@istio-ambient-policy/shared'
import type { ClientHost } from './clientHost.js'
import { HostError, type DirectoryEntry, type Host } from './host.js'
import { maxBytes } from './workspace/readFolder.js'

/** All files: those of the server's machine, and those of the client. Both are optional. */
export class Files implements Host {
  readonly #local: Host | undefined
  readonly #client: ClientHost | undefined

  constructor(hosts: {
    readonly local: Host | undefined
    readonly client: ClientHost | undefined
  }) {
    this.#local = hosts.local
    this.#client = hosts.client
  }

  /** Whether a path is in one of the file systems. Other documents exist only while they are open. */
  has(path: string): boolean {
    return this.#hostOf(path) !== undefined
  }

  /** Whether a path is on the server's machine. */
  isLocal(path: string): boolean {
    return this.#local !== undefined && this.#hostOf(path) === this.#local
  }

  /** Prepares a folder, so that it can be read. */
  async load(folder: string, settings: Settings, signal: AbortSignal): Promise<void> {
    const host = this.#hostOf(folder)
    if (host !== undefined && host === this.#client)
      await this.#client.load(folder, settings, signal)
  }

  /** Gets the current contents of files from the client. Returns undefined if all of them are on this machine. */
  refresh(files: readonly string[], settings: Settings): Promise<void> | undefined {
    const ofClient = files.filter(
      (file) => this.#client !== undefined && this.#hostOf(file) === this.#client,
    )
    return ofClient.length === 0 ? undefined : this.#client?.refresh(ofClient, maxBytes(settings))
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

  #hostOf(path: string): Host | undefined {
    return this.#local !== undefined && isLocalPath(path) ? this.#local : this.#client
  }

  #at(path: string): Host {
    const host = this.#hostOf(path)
    if (!host) throw new HostError('does not exist', true)
    return host
  }
}

/** Files of the client have URIs instead of paths. */
function isLocalPath(path: string): boolean {
  return path.startsWith('/') || /^[a-z]:\//.test(path)
}
