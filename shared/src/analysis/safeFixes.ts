import { isOpenInEditor } from '../resources/fileFacts.js'
import type { Fix } from '../rules/fix.js'
import { addAllToGroup, getOrInsert } from '../text/collections.js'
import { applyTextEdits, EditedText, type TextEdit } from '../yaml/edit/textEdit.js'
import type { Analysis } from './analysis.js'
import { closedFixes, type RenderedFix } from './closedFixes.js'
import type { MeshFinding } from './meshFindings.js'
import { renderEdits, type FileEdit, type SourceLookup } from './renderEdits.js'
import { sourceLookupOf } from './sourceLookup.js'
import type { WorkspaceMeshes } from './workspaceMeshes.js'

/** A fix needs only a few others after it: with more rounds, fixes undo each other. */
const MAX_ROUNDS = 50

/** A finding and its safe fix. */
export interface SafeFix extends MeshFinding {
  readonly fix: Fix
}

export interface SafeFixOptions {
  /** The files whose findings are fixed. */
  readonly files: readonly string[]
  /** Receives the changed texts. `readText` of the meshes must return them instead of the original texts. */
  readonly texts: Map<string, string>
  /** The original text of a file; undefined if the file must not change. */
  textOf(file: string): string | undefined
  isWanted?(fix: SafeFix): boolean
  /** Called for each fix, before the meshes get the changed text. */
  onFix?(fix: SafeFix): void
  /** Called for a fix that is not applied: it opens access, alone or with other fixes, or not all requests were compared. */
  onRefused?(fix: SafeFix): void
}

export interface SafeFixResult {
  /** False if there are still safe fixes after the last round. */
  readonly finished: boolean
  /** The edits of each round by file, relative to the texts after the round before. */
  readonly rounds: readonly ReadonlyMap<string, readonly TextEdit[]>[]
}

/**
 * Applies all safe fixes: the preferred fixes that cannot widen access and that change one file. A file of several
 * meshes is changed only by fixes that all these meshes have.
 *
 * Works in rounds: each round fixes a document once and then checks the changed files again, so that a second fix of
 * the document is for the text after the first one. The meshes have the changed texts at the end.
 */
export function applySafeFixes(meshes: WorkspaceMeshes, options: SafeFixOptions): SafeFixResult {
  const { files, texts } = options
  const current: SafeFixOptions = {
    ...options,
    textOf: (file) => texts.get(file) ?? options.textOf(file),
  }
  const fixes = new Map<string, readonly (readonly SafeFix[])[]>()
  const rounds: ReadonlyMap<string, readonly TextEdit[]>[] = []
  const refused = new Set<string>()
  let outdated: ReadonlySet<string> = new Set(files)
  while (rounds.length < MAX_ROUNDS) {
    for (const file of files)
      if (outdated.has(file))
        fixes.set(
          file,
          meshes.analysesOf(file).map((analysis) => safeFixesOf(analysis, file, options)),
        )
    const edits = oneRound([...fixes.values()], { meshes, refused, options: current })
    if (edits.size === 0) return { finished: true, rounds }
    rounds.push(edits)
    for (const [file, fileEdits] of edits)
      texts.set(file, applyTextEdits(current.textOf(file) ?? '', fileEdits))
    outdated = update(meshes, [...edits.keys()], (file) => texts.get(file))
  }
  return { finished: false, rounds }
}

/**
 * The edits of all safe fixes of one file, as `applySafeFixes` makes them. The meshes are unchanged afterwards.
 *
 * @param texts an empty map, which is empty again afterwards: see `SafeFixOptions`.
 */
export function safeFixEdits(
  meshes: WorkspaceMeshes,
  { file, text, texts }: Pick<SafeFixOptions, 'texts'> & { readonly file: string; text: string },
): readonly TextEdit[] {
  if (hasTemplate(meshes, file)) return []
  try {
    const { rounds } = applySafeFixes(meshes, {
      files: [file],
      texts,
      textOf: (other) => (other === file ? text : undefined),
    })
    const edited = new EditedText(text)
    for (const round of rounds) edited.apply(round.get(file) ?? [])
    return edited.edits()
  } finally {
    const isChanged = texts.has(file)
    texts.clear()
    if (isChanged) update(meshes, [file], () => text)
  }
}

/** Whether a part of a file is a template: then a fix of another part can be wrong. */
export function hasTemplate(meshes: WorkspaceMeshes, file: string): boolean {
  return meshes
    .analysesOf(file)
    .some(({ files }) =>
      files.get(file)?.documents.some(({ facts }) => facts.opaqueKind !== undefined),
    )
}

function update(
  meshes: WorkspaceMeshes,
  files: readonly string[],
  textOf: (file: string) => string | undefined,
): ReadonlySet<string> {
  const isOpen = (file: string): boolean =>
    meshes
      .analysesOf(file)
      .some((analysis) => analysis.files.get(file)?.documents.some(isOpenInEditor) === true)
  return meshes.update(files.map((file) => ({ file, text: textOf(file), open: isOpen(file) })))
    .files
}

function safeFixesOf(analysis: Analysis, file: string, options: SafeFixOptions): SafeFix[] {
  return analysis.locatedFindingsOf(file).flatMap((placed) => {
    const fix = placed.finding.fixes.find(({ safe, preferred }) => safe && preferred)
    if (!fix) return []
    const safeFix = { ...placed, file, analysis, fix }
    return options.isWanted?.(safeFix) === false ? [] : [safeFix]
  })
}

/**
 * The edits of one round by file: those of the fixes that open nothing, each alone and all together.
 *
 * @param files the fixes of each file, by its meshes.
 */
function oneRound(
  files: readonly (readonly (readonly SafeFix[])[])[],
  { meshes, refused, options }: Round,
): Map<string, TextEdit[]> {
  const edits = new Map<string, TextEdit[]>()
  const textOf = (file: string): string | undefined => options.textOf(file)
  for (;;) {
    const candidates = candidatesOf(files, refused, textOf)
    const accepted = new Set(closedFixes(meshes, candidates, textOf))
    for (const candidate of candidates) {
      const { fix, change } = candidate
      if (accepted.has(candidate)) {
        addAllToGroup(edits, change.file, change.edits)
        options.onFix?.(fix)
      } else {
        refused.add(changeKey(fix, change))
        options.onRefused?.(fix)
      }
    }
    // A fix that is refused must not keep other fixes of its document from being applied.
    if (edits.size > 0 || candidates.length === 0) return edits
  }
}

interface Round {
  readonly meshes: WorkspaceMeshes
  /** The changes that open access. */
  readonly refused: Set<string>
  readonly options: SafeFixOptions
}

/** Fixes that can be applied at once: one for each document. */
function candidatesOf(
  files: readonly (readonly (readonly SafeFix[])[])[],
  refused: ReadonlySet<string>,
  textOf: SafeFixOptions['textOf'],
): RenderedFix[] {
  const render = renderer(textOf)
  const changed = new Set<string>()
  const candidates: RenderedFix[] = []
  for (const [first = [], ...others] of files) {
    const inOtherMeshes = others.map(
      (fixes) => new Set(fixes.map((fix) => changeKey(fix, render(fix)))),
    )
    for (const fix of first) {
      const documents = fix.fix.edits.map(documentOf)
      if (documents.some((document) => changed.has(document))) continue
      const change = render(fix)
      if (!change || refused.has(changeKey(fix, change))) continue
      if (!inOtherMeshes.every((keys) => keys.has(changeKey(fix, change)))) continue
      // A value of a patch is changed in the patch, which can be for many objects: one fix in a round.
      const patch = documents.some((document) => document.endsWith(` ${change.file}`))
        ? undefined
        : change.file
      if (patch !== undefined && changed.has(patch)) continue
      for (const document of [...documents, ...(patch === undefined ? [] : [patch])])
        changed.add(document)
      candidates.push({ fix, change })
    }
  }
  return candidates
}

/** Renders fixes that change exactly one file. */
function renderer(
  textOf: (file: string) => string | undefined,
): (fix: SafeFix) => FileEdit | undefined {
  const lookups = new Map<Analysis, SourceLookup>()
  return ({ analysis, fix }) => {
    const lookup = getOrInsert(lookups, analysis, () => sourceLookupOf(analysis, textOf))
    const [change, ...others] = renderEdits(fix.edits, lookup) ?? []
    return others.length === 0 ? change : undefined
  }
}

function changeKey({ finding }: SafeFix, change: FileEdit | undefined): string {
  return JSON.stringify([finding.rule, change])
}

function documentOf(edit: Fix['edits'][number]): string {
  if (edit.op === 'setting') return edit.op
  const { file, document } =
    edit.op === 'delete-lines' ? edit : (edit.op === 'add' ? edit.after : edit.resource).origin
  return `${document} ${file}`
}
