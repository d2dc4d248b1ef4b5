import {
  addToGroup,
  applySafeFixes,
  hasTemplate,
  printable,
  type SafeFix,
} from '@istio-ambient-policy/shared'
import { HostError } from '../host.js'
import { decodeText } from '../workspace/decodeText.js'
import { reportFinding, type ReportedFinding } from './checkReport.js'
import { formatDiff } from './format/diff.js'
import type { CliIo } from './io.js'
import type { LoadedMeshes } from './loadMesh.js'
import { displayPath } from './paths.js'
import { hasWorkflowCommand } from './workflowCommands.js'

interface FixOptions {
  /** Prints the changes as a diff and writes no file. */
  readonly dryRun: boolean
  isWanted(finding: ReportedFinding): boolean
}

/** A file before the fixes. */
interface Original {
  /** Its path without symbolic links, inside the given paths. */
  readonly real: string
  readonly bytes: Uint8Array
  readonly text: string
}

/**
 * Applies the safe fixes, prints them to standard error and writes the changed files. If a file cannot be written, the
 * analysis gets its original text again, so that its findings are reported.
 *
 * @returns whether all files were written.
 */
export function fixFiles(io: CliIo, loaded: LoadedMeshes, options: FixOptions): boolean {
  const { dryRun } = options
  const display = (file: string): string => displayPath(io.cwd, file)
  const originals = new Originals(io, loaded)
  const refused = new Set<string>()
  /** The fixes of each file that is not written yet. */
  const fixes = new Map<string, string[]>()
  const { finished } = applySafeFixes(loaded.meshes, {
    files: loaded.meshes.files().filter((file) => !loaded.isRendered(file)),
    texts: loaded.newTexts,
    textOf: (file) => originals.get(file)?.text,
    isWanted: (fix) => options.isWanted(reportFinding(fix, loaded.placeOf)),
    onFix: (fix) => {
      if (dryRun) io.warn(`would fix ${fixInWords(fix, display)}`)
      else addToGroup(fixes, fix.file, `fixed ${fixInWords(fix, display)}`)
    },
    onRefused: (fix) => {
      refused.add(`not fixed, because it may open access: ${fixInWords(fix, display)}`)
    },
  })
  for (const line of refused) io.warn(line)
  if (!finished)
    io.warn(
      'not all safe fixes were applied, because each round found new ones: run the command again',
    )
  let complete = !originals.changed
  for (const [file, text] of loaded.newTexts) {
    const original = originals.get(file)
    if (!original) continue
    if (dryRun) complete = printDiff(io, file, { before: original.text, after: text }) && complete
    else if (write(io, file, { original, after: text })) {
      for (const line of fixes.get(file) ?? []) io.warn(line)
      fixes.delete(file)
    } else {
      fixes.delete(file)
      complete = false
      loaded.newTexts.delete(file)
      loaded.meshes.update([{ file, text: loaded.textOf(file) ?? original.text }])
    }
  }
  // The other fixes changed only other files than the one of their finding.
  for (const line of [...fixes.values()].flat()) io.warn(line)
  return complete
}

/** Prints a diff. In a terminal, its lines are printable; in a pipe, they are exact. Returns false if this is not safe. */
function printDiff(
  io: CliIo,
  file: string,
  { before, after }: { readonly before: string; readonly after: string },
): boolean {
  const shown = displayPath(io.cwd, file)
  const diff = formatDiff(shown, before, after)
  const reason =
    printable(shown) !== shown
      ? 'its name has control characters'
      : io.workflow && hasWorkflowCommand(diff)
        ? 'its diff contains a command of the workflow'
        : undefined
  if (reason === undefined) io.out(io.terminal ? diff.split('\n').map(printable).join('\n') : diff)
  else io.warn(`${shown} was not printed: ${reason}`)
  return reason === undefined
}

/** `policies.yaml:8:11 disable-mode-is-permissive: Remove DISABLE mode`. */
function fixInWords({ file, range, finding, fix }: SafeFix, display: (file: string) => string) {
  const { line, character } = range.start
  return `${display(file)}:${line + 1}:${character + 1} ${finding.rule}: ${fix.title}`
}

function write(
  io: CliIo,
  file: string,
  { original, after }: { readonly original: Original; readonly after: string },
): boolean {
  const shown = displayPath(io.cwd, file)
  try {
    if (io.host.replaceFile(original.real, original.bytes, Buffer.from(after))) return true
    io.warn(`${shown} changed during the check and was not written`)
  } catch (error) {
    if (!(error instanceof HostError)) throw error
    io.warn(`${shown} ${error.message}`)
  }
  return false
}

/** Reads the files that fixes change. Files that must not change are left out, each with one line on standard error. */
class Originals {
  /** Whether a file changed after it was checked. */
  changed = false
  readonly #io: CliIo
  readonly #loaded: LoadedMeshes
  readonly #files = new Map<string, Original | undefined>()

  constructor(io: CliIo, loaded: LoadedMeshes) {
    this.#io = io
    this.#loaded = loaded
  }

  get(file: string): Original | undefined {
    if (!this.#files.has(file)) this.#files.set(file, this.#read(file))
    return this.#files.get(file)
  }

  #read(file: string): Original | undefined {
    if (this.#loaded.isRendered(file)) return undefined
    const shown = displayPath(this.#io.cwd, file)
    const bytes = this.#bytes(file)
    const text = bytes && decodeText(bytes).text
    if (!bytes || text === undefined || !this.#loaded.wasRead(file, text)) {
      this.changed = true
      this.#io.warn(`${shown} changed during the check and was not fixed`)
      return undefined
    }
    const reason = hasTemplate(this.#loaded.meshes, file)
      ? 'it contains a template'
      : Buffer.from(text).equals(bytes)
        ? undefined
        : 'it is not valid UTF-8'
    if (reason !== undefined) this.#io.warn(`${shown} was not fixed: ${reason}`)
    return reason === undefined ? { real: this.#io.host.realPath(file), bytes, text } : undefined
  }

  #bytes(file: string): Uint8Array | undefined {
    try {
      const bytes = this.#loaded.readBytes(file)
      return bytes === 'too-large' ? undefined : bytes
    } catch (error) {
      if (error instanceof HostError) return undefined
      throw error
    }
  }
}
