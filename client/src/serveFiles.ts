import {
  READ_DIRECTORIES_REQUEST,
  READ_FILES_REQUEST,
  type ReadDirectoriesResult,
  type ReadFilesParams,
  type ReadFilesResult,
  type ReadUrisParams,
} from '@istio-ambient-policy/shared'
import { Disposable, FileSystemError, FileType, l10n, Uri, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'

/**
 * Reads files for the server that only the editor can read: files of virtual workspaces, and all files if the
 * server is a web worker. Reads only files of the workspace.
 */
export function serveFiles(client: BaseLanguageClient): Disposable {
  return Disposable.from(
    client.onRequest(
      READ_DIRECTORIES_REQUEST,
      ({ uris }: ReadUrisParams): Promise<ReadDirectoriesResult> =>
        Promise.all(uris.map(readDirectory)),
    ),
    client.onRequest(
      READ_FILES_REQUEST,
      ({ uris, maxBytes }: ReadFilesParams): Promise<ReadFilesResult> =>
        Promise.all(uris.map((uri) => readFile(uri, maxBytes))),
    ),
  )
}

async function readDirectory(text: string): Promise<ReadDirectoriesResult[number]> {
  try {
    const uri = workspaceUri(text)
    if (!uri) return {}
    const entries = await workspace.fs.readDirectory(uri)
    return {
      entries: entries.map(([name, type]) => ({
        name: lastSegment(Uri.joinPath(uri, name)),
        kind: kindOf(type),
      })),
    }
  } catch (error) {
    return failure(error)
  }
}

async function readFile(text: string, maxBytes: number): Promise<ReadFilesResult[number]> {
  try {
    const uri = workspaceUri(text)
    if (!uri) return {}
    const { size } = await workspace.fs.stat(uri)
    if (size > maxBytes) return { tooLarge: true }
    return { base64: encodeBase64(await workspace.fs.readFile(uri)) }
  } catch (error) {
    return failure(error)
  }
}

function workspaceUri(text: string): Uri | undefined {
  const uri = Uri.parse(text, true)
  return workspace.getWorkspaceFolder(uri) ? uri : undefined
}

/** Symbolic links to directories are not followed, because they can form a cycle. */
function kindOf(type: FileType): 'file' | 'directory' | 'other' {
  if ((type & FileType.File) !== 0) return 'file'
  return type === FileType.Directory ? 'directory' : 'other'
}

/** The last segment of a URI, encoded as in the URIs that the editor sends to the server. */
function lastSegment(uri: Uri): string {
  const text = uri.toString()
  return text.slice(text.lastIndexOf('/') + 1)
}

function failure(error: unknown): { readonly problem?: string } {
  if (error instanceof FileSystemError && error.code === 'FileNotFound') return {}
  return {
    problem: l10n.t('cannot be read: {0}', error instanceof Error ? error.message : String(error)),
  }
}

const CHUNK = 0x8000

function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  return btoa(binary)
}
