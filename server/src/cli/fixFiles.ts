import { HostError } from '../host.js'
import { decodeText } from '../workspace/decodeText.js'
import { applySafeFixes, type SafelyFixable } from './applySafeFixes.js'
import { reportFinding, type ReportedFinding } from './checkReport.js'
import { formatDiff } from './format/diff.js'
import type { CliIo } from './io.js'
import type { LoadedMeshes } from './loadMesh.js'
import { displayPath } from './paths.js'
import { printable } from './style.js'

interface FixOptions {
  /** Write nothing; the differences go to standard output. */
  readonly dryRun: boolean
  isWanted(finding: ReportedFinding): boolean
}

/** A file as it is before any fix. */
interface Original {
  readonly bytes: Uint8Array
  readonly text: string
}

/**
 * Applies the safe fixes and writes the files that they change, telling of each on standard error. What is not written is given back to the analysis as it
 * is, so that its findings are reported.
 *
 * @returns whether every file could be written.
 */
export function fixFiles(io: CliIo, loaded: LoadedMeshes, options: FixOptions): boolean {
  const { dryRun } = options
  const display = (file: string): string => displayPath(io.cwd, file)
  const report = ({ finding, analysis }: SafelyFixable): ReportedFinding =>
    reportFinding(finding, analysis, display)
  const originals = new Originals(io, loaded)
  const finished = applySafeFixes(loaded.meshes, {
    texts: loaded.newTexts,
    textOf: (file) => originals.get(file)?.text,
    isWanted: (fixable) => options.isWanted(report(fixable)),
    onFix: (fixable) => {
      const {
        rule,
        file,
        range: { start },
      } = report(fixable)
      io.complain(
        printable(
          `${dryRun ? 'would fix' : 'fixed'} ${file}:${start.line + 1}:${start.character + 1} ${rule}: ${fixable.fix.title}`,
        ),
      )
    },
  })
  if (!finished)
    io.complain('some safe fixes were not made, as there are always new ones: run it again')
  let complete = !originals.changed
  for (const [file, text] of loaded.newTexts) {
    const original = originals.get(file)
    if (!original) continue
    if (dryRun) io.out(formatDiff(display(file), original.text, text))
    else if (!write(io, file, { before: original.bytes, after: text })) {
      complete = false
      loaded.newTexts.delete(file)
      loaded.meshes.update([{ file, text: loaded.textOf(file) ?? original.text }])
    }
  }
  return complete
}

function write(
  io: CliIo,
  file: string,
  { before, after }: { readonly before: Uint8Array; readonly after: string },
): boolean {
  const shown = displayPath(io.cwd, file)
  try {
    if (io.host.replaceFile(file, before, Buffer.from(after))) return true
    io.complain(`${shown} was changed while it was judged, and was not written`)
  } catch (error) {
    if (!(error instanceof HostError)) throw error
    io.complain(`${shown} ${error.message}`)
  }
  return false
}

/** Reads the files that fixes want to change, each once, and refuses those that must not be, each with one line. */
class Originals {
  /** A file was refused because it is not what it was when it was judged. */
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
    const shown = displayPath(this.#io.cwd, file)
    const bytes = this.#bytes(file)
    const text = bytes && decodeText(bytes).text
    if (!bytes || text === undefined || !this.#loaded.wasRead(file, text)) {
      this.changed = true
      this.#io.complain(`${shown} was changed while it was judged, and was not fixed`)
      return undefined
    }
    const reason = this.#isTemplate(file)
      ? 'part of it is a template'
      : Buffer.from(text).equals(bytes)
        ? undefined
        : 'it is not valid UTF-8'
    if (reason !== undefined) this.#io.complain(`${shown} was not fixed: ${reason}`)
    return reason === undefined ? { bytes, text } : undefined
  }

  #bytes(file: string): Uint8Array | undefined {
    try {
      const bytes = this.#io.host.readFile(file, this.#loaded.maxBytes)
      return bytes === 'too-large' ? undefined : bytes
    } catch (error) {
      if (error instanceof HostError) return undefined
      throw error
    }
  }

  #isTemplate(file: string): boolean {
    return this.#loaded.meshes
      .analysesOf(file)
      .some(({ files }) =>
        files.get(file)?.documents.some(({ facts }) => facts.opaqueKind !== undefined),
      )
  }
}
