import type { FileText, Settings } from '@istio-ambient-policy/shared'
import { maxBytes } from './readFolder.js'
import type { Sources } from './sources.js'

/** The current text of a file; undefined if an open document is larger than the setting `maxFileSize`. */
export function textWithinLimit(
  sources: Sources,
  file: string,
  settings: Settings,
): FileText | undefined {
  return isOpenAndTooLarge(sources, file, settings) ? undefined : sources.fileText(file)
}

/** Whether an open document is larger than the setting `maxFileSize`. Files on disk are checked when they are read. */
export function isOpenAndTooLarge(sources: Sources, file: string, settings: Settings): boolean {
  return (sources.document(file)?.split.length ?? 0) > maxBytes(settings)
}
