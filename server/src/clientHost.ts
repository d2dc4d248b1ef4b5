import {
  isTestFile,
  READ_DIRECTORIES_REQUEST,
  READ_FILES_REQUEST,
  type ReadDirectoriesResult,
  type ReadFilesResult,
  type Settings,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { HostError, type DirectoryEntry, type Host } from './host.js'
import { compileExclude } from './workspace/exclude.js'
import { maxBytes } from './workspace/readFolder.js'
import { isManifestName, isSkippedDirectory } from './workspace/walk.js'

/** Limits of one request, so that it does not block the client or the server. */
const DIRECTORIES_PER_REQUEST = 50
const FILES_PER_REQUEST = 50

const MISSING = new HostError('does not exist', true)

/**
 * A file system that only the client can read, such as a virtual workspace. `load` and `refresh` get its folders
 * and files from the client; the other methods answer from this copy. Paths are the URIs of the client.
 */
export class ClientHost implements Host {
  readonly #connection: Pick<Connection, 'sendRequest'>
  readonly #directories = new Map<string, readonly DirectoryEntry[] | HostError>()
  readonly #files = new Map<string, Uint8Array | 'too-large' | HostError>()

  constructor(connection: Pick<Connection, 'sendRequest'>) {
    this.#connection = connection
  }

  /** Loads the files of a folder that are not excluded, within the limits. */
  async load(folder: string, settings: Settings, signal: AbortSignal): Promise<void> {
    const isExcluded = compileExclude(settings.exclude, folder)
    const files: string[] = []
    for (
      let pending = [folder];
      pending.length > 0 && files.length <= settings.maxFiles && !signal.aborted;
    ) {
      const requested = pending.splice(0, DIRECTORIES_PER_REQUEST)
      await this.#loadDirectories(requested)
      for (const directory of requested) {
        const entries = this.#directories.get(directory)
        if (entries === undefined || entries instanceof HostError) continue
        const wanted = entries.filter(({ name }) => !isExcluded(`${directory}/${name}`))
        files.push(
          ...wanted
            .filter(
              ({ name, kind }) => kind === 'file' && (isManifestName(name) || isTestFile(name)),
            )
            .map(({ name }) => `${directory}/${name}`),
        )
        pending = [
          ...pending,
          ...wanted
            .filter(({ name, kind }) => kind === 'directory' && !isSkippedDirectory(name))
            .map(({ name }) => `${directory}/${name}`),
        ]
      }
    }
    for (let next = 0; next < files.length && !signal.aborted; next += FILES_PER_REQUEST)
      await this.refresh(files.slice(next, next + FILES_PER_REQUEST), maxBytes(settings))
  }

  /** Loads the current contents of files. Deleted files are removed from the copy. */
  async refresh(files: readonly string[], limit: number): Promise<void> {
    const contents = await this.#connection.sendRequest<ReadFilesResult>(READ_FILES_REQUEST, {
      uris: files,
      maxBytes: limit,
    })
    for (const [index, file] of files.entries()) {
      const content = contents[index]
      if (content?.base64 !== undefined) this.#files.set(file, decodeBase64(content.base64))
      else if (content?.tooLarge === true) this.#files.set(file, 'too-large')
      else if (content?.problem !== undefined)
        this.#files.set(file, new HostError(content.problem, false))
      else this.#files.delete(file)
    }
  }

  readDirectory(path: string): readonly DirectoryEntry[] {
    return existing(this.#directories.get(path))
  }

  kindOf(path: string): 'directory' | 'file' {
    if (this.#directories.has(path)) return 'directory'
    if (this.#files.has(path)) return 'file'
    throw MISSING
  }

  realPath(path: string): string {
    return path
  }

  readFile(path: string, limit: number): Uint8Array | 'too-large' {
    const content = existing(this.#files.get(path))
    return content === 'too-large' || content.length > limit ? 'too-large' : content
  }

  async #loadDirectories(directories: readonly string[]): Promise<void> {
    const listings = await this.#connection.sendRequest<ReadDirectoriesResult>(
      READ_DIRECTORIES_REQUEST,
      { uris: directories },
    )
    for (const [index, directory] of directories.entries()) {
      const { entries, problem } = listings[index] ?? {}
      if (entries !== undefined) this.#directories.set(directory, entries)
      else
        this.#directories.set(
          directory,
          problem === undefined ? MISSING : new HostError(problem, false),
        )
    }
  }
}

function existing<T>(found: T | HostError | undefined): T {
  if (found === undefined) throw MISSING
  if (found instanceof HostError) throw found
  return found
}

function decodeBase64(text: string): Uint8Array {
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}
