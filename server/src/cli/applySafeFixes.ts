import {
  addToGroup,
  applyTextEdits,
  sourceLookupOf,
  renderEdits,
  type Analysis,
  type SourceLookup,
  type FileEdit,
  type Finding,
  type Fix,
  type WorkspaceMeshes,
  type TextEdit,
} from '@istio-ambient-policy/shared'

/** A fix never needs many others after it: more rounds than this mean that fixes undo each other. */
const MAX_ROUNDS = 50

/** A finding with its safe fix, in the mesh that it was found in. */
export interface SafelyFixable {
  readonly analysis: Analysis
  readonly finding: Finding
  readonly fix: Fix
}

interface SafeFixOptions {
  /** Takes in the new texts. */
  readonly texts: Map<string, string>
  /** The text that a file had when it was read; undefined where the file is not to be changed. */
  textOf(file: string): string | undefined
  isWanted(fixable: SafelyFixable): boolean
  /** Told of each fix, while the meshes still stand before it. */
  onFix(fixable: SafelyFixable): void
}

/**
 * Applies the preferred fixes that are safe — that cannot widen access — and lie within one file, and judges again, until none is left. Of a file that
 * belongs to several meshes only what all of them would fix in the same way. In one round each document is fixed once: two fixes of one document are made
 * one after the other, each for the text that it finds. The meshes end with the new texts.
 *
 * @returns whether no safe fix is left.
 */
export function applySafeFixes(meshes: WorkspaceMeshes, options: SafeFixOptions): boolean {
  const { texts } = options
  const given: SafeFixOptions = {
    ...options,
    textOf: (file) => texts.get(file) ?? options.textOf(file),
  }
  const fixable = new Map<string, readonly (readonly SafelyFixable[])[]>()
  let stale: Iterable<string> = meshes.files()
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const file of stale)
      fixable.set(
        file,
        meshes.analysesOf(file).map((analysis) => fixableIn(analysis, file, options)),
      )
    const edits = oneRound([...fixable.values()], given)
    if (edits.size === 0) return true
    for (const [file, fileEdits] of edits)
      texts.set(file, applyTextEdits(given.textOf(file) ?? '', fileEdits))
    stale = meshes.update([...edits.keys()].map((file) => ({ file, text: texts.get(file) }))).files
  }
  return false
}

function fixableIn(analysis: Analysis, file: string, options: SafeFixOptions): SafelyFixable[] {
  return analysis.findingsOf(file).flatMap((finding) => {
    const fix = finding.fixes.find(({ safe, preferred }) => safe && preferred)
    return fix && options.isWanted({ analysis, finding, fix }) ? [{ analysis, finding, fix }] : []
  })
}

/** The edits of one round by file, of the files' findings in each of their meshes. */
function oneRound(
  files: readonly (readonly (readonly SafelyFixable[])[])[],
  options: SafeFixOptions,
): Map<string, TextEdit[]> {
  const render = renderer((file) => options.textOf(file))
  const taken = new Set<string>()
  const edits = new Map<string, TextEdit[]>()
  for (const [first = [], ...others] of files) {
    const elsewhere = others.map(
      (fixable) => new Set(fixable.map((other) => changeKey(other, render(other)))),
    )
    for (const fixable of first) {
      const documents = fixable.fix.edits.map(documentOf)
      if (documents.some((document) => taken.has(document))) continue
      const change = render(fixable)
      if (!change || !elsewhere.every((keys) => keys.has(changeKey(fixable, change)))) continue
      // What comes from a patch is changed there, and one patch may be for many objects.
      const patch = documents.some((document) => document.endsWith(` ${change.file}`))
        ? undefined
        : change.file
      if (patch !== undefined && taken.has(patch)) continue
      for (const document of [...documents, ...(patch === undefined ? [] : [patch])])
        taken.add(document)
      addToGroup(edits, change.file, ...change.edits)
      options.onFix(fixable)
    }
  }
  return edits
}

/** Gives what a fix changes, where that is one file and can be done safely. */
function renderer(
  textOf: (file: string) => string | undefined,
): (fixable: SafelyFixable) => FileEdit | undefined {
  const hosts = new Map<Analysis, SourceLookup>()
  return ({ analysis, fix }) => {
    const host = hosts.get(analysis) ?? sourceLookupOf(analysis, textOf)
    hosts.set(analysis, host)
    const [change, ...others] = renderEdits(fix.edits, host) ?? []
    return others.length === 0 ? change : undefined
  }
}

function changeKey({ finding }: SafelyFixable, change: FileEdit | undefined): string {
  return JSON.stringify([finding.rule, change])
}

function documentOf(edit: Fix['edits'][number]): string {
  if (edit.op === 'setting') return edit.op
  const { file, document } =
    edit.op === 'delete-lines' ? edit : (edit.op === 'add' ? edit.after : edit.resource).origin
  return `${document} ${file}`
}
