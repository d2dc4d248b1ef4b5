import type { Analysis } from '@istio-ambient-policy/shared'
import type { RunWithinLimit } from '../deadline.js'
import type { FolderSources } from './folderLoader.js'
import type { WorkspaceFolder } from './workspaceFolder.js'

/** The published diagnostics of files. */
export interface PublishedDiagnostics {
  /**
   * Publishes the findings of a file.
   *
   * @param analyses empty if the file no longer belongs to a folder.
   * @param unread why the file is not read although it is open.
   */
  publish(file: string, analyses: readonly Analysis[], unread?: string): void
  /** Publishes the findings that a file had before its folder is read, if it still has the same text. */
  publishSaved?(folder: WorkspaceFolder, file: string): void
  /** The files with diagnostics. */
  files(): Iterable<string>
  /** Other files whose diagnostics point into this file. */
  pointingInto(file: string): Iterable<string>
}

export interface WorkspacesOptions extends FolderSources {
  readonly diagnostics: PublishedDiagnostics
  /** The limit of work without a break. The default is no limit. */
  readonly runWithinLimit?: RunWithinLimit
  /** A file is left out. The message continues the sentence after its name. */
  onLeftOut?(file: string, message: string): void
  /** A folder was read or removed, or its settings have changed. */
  onFolderLoaded(): void
  /** A change of one file can change what the editor shows for other open files. */
  onMeshChanged(): void
}
