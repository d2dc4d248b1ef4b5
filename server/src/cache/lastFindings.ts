import { LEVELS, type Settings } from '@istio-ambient-policy/shared'
import { shownFinding, type ShownFinding } from '../convert/shownFinding.js'
import { settingsKey } from '../workspace/settingsKey.js'
import type { Cache } from './cache.js'
import { parseKept } from './parseKept.js'

/** A folder of the workspace. The findings of its files depend on its settings. */
export interface SavedFolder {
  readonly folder: string
  readonly settings: Settings
}

/** A file with the hash of its text and its findings. */
type SavedFile = readonly [file: string, hash: string, findings: readonly ShownFinding[]]

/** The files of a folder are saved in so many parts, so that one of them is read and written quickly. */
const PARTS = 128

/** The findings of files when they were evaluated last, by the hashes of their texts. */
export class LastFindings {
  readonly #cache: Cache

  constructor(cache: Cache) {
    this.#cache = cache
  }

  /** The findings of a file; undefined if they are not saved for this text and these settings. */
  of(folder: SavedFolder, file: string, text: string): readonly ShownFinding[] | undefined {
    const kept = this.#read(folder, partOf(file))
    const saved = decode(kept).find(([name]) => name === file)
    return saved?.[1] === this.#cache.hash(text) ? saved[2] : undefined
  }

  /**
   * Replaces the findings of files of one part.
   *
   * @param text of a file without findings, or of a file that no longer exists: not used.
   */
  save(
    folder: SavedFolder,
    part: number,
    files: Iterable<{
      readonly file: string
      readonly text: () => string | undefined
      readonly findings: readonly ShownFinding[]
    }>,
  ): void {
    const before = this.#read(folder, part)
    const saved = new Map(decode(before).map((each) => [each[0], each]))
    for (const { file, text: textOf, findings } of files) {
      const text = findings.length > 0 ? textOf() : undefined
      if (text === undefined) saved.delete(file)
      else saved.set(file, [file, this.#cache.hash(text), findings.map(shownFinding)])
    }
    const after = JSON.stringify([...saved.values()])
    if (after !== (before ?? '[]')) this.#cache.put(keyOf(folder, part), after)
  }

  #read(folder: SavedFolder, part: number): string | undefined {
    return this.#cache.get(keyOf(folder, part))
  }
}

/** The part of a file. */
export function partOf(file: string): number {
  let hash = 0
  for (let index = 0; index < file.length; index++)
    hash = (Math.imul(hash, 31) + file.charCodeAt(index)) | 0
  return (hash >>> 0) % PARTS
}

function keyOf({ folder, settings }: SavedFolder, part: number): string {
  return JSON.stringify(['findings', folder, settingsKey(settings), part])
}

/** Empty if the text is not the JSON of saved files. */
function decode(text: string | undefined): readonly SavedFile[] {
  return text === undefined ? [] : (parseKept(text, isListOfSavedFiles) ?? [])
}

function isListOfSavedFiles(value: unknown): value is SavedFile[] {
  return Array.isArray(value) && value.every(isSavedFile)
}

function isSavedFile(value: unknown): value is SavedFile {
  if (!Array.isArray(value)) return false
  const [file, hash, findings] = value as unknown[]
  return (
    typeof file === 'string' &&
    typeof hash === 'string' &&
    Array.isArray(findings) &&
    findings.every(isShownFinding)
  )
}

function isShownFinding(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['finding'])) return false
  const { rule, level, message, assumptions } = value['finding']
  return (
    typeof rule === 'string' &&
    LEVELS.some((known) => known === level) &&
    typeof message === 'string' &&
    isList(assumptions, (each) => typeof each === 'string') &&
    isRange(value['range']) &&
    isList(
      value['related'],
      (each) =>
        isRecord(each) &&
        typeof each['file'] === 'string' &&
        typeof each['message'] === 'string' &&
        isRange(each['range']),
    )
  )
}

function isRange(value: unknown): boolean {
  return (
    isRecord(value) &&
    [value['start'], value['end']].every(
      (position) =>
        isRecord(position) &&
        Number.isSafeInteger(position['line']) &&
        Number.isSafeInteger(position['character']),
    )
  )
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
