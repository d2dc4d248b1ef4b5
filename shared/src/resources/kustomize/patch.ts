import { lineStartsOf, positionAt, type Span } from '../../text/lineIndex.js'
import {
  toPlain,
  type ForeignText,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  type YamlSeq,
} from '../../yaml/node.js'
import { parseYaml } from '../../yaml/parseYaml.js'
import { splitDocuments } from '../../yaml/splitDocuments.js'
import { isAppliedJsonPatch } from './jsonPatch.js'
import { isNamed, isTargeted, readTarget, type PatchSubject, type Target } from './target.js'
import { relocate, textAt } from './tree.js'

/** An item of `patches`, `patchesStrategicMerge` or `patchesJson6902` of a kustomization. */
export interface PatchEntry {
  /** `patchesJson6902` are applied after everything else. */
  readonly isLast: boolean
  /** The patch file; undefined for an inline patch. */
  readonly file: string | undefined
  readonly inline: InlineText | undefined
  readonly target: YamlNode | undefined
  /** It has `options`, which allow it to change kind or name. */
  readonly hasOptions: boolean
}

/** A scalar of a kustomization that contains a patch. */
export interface InlineText {
  readonly scalar: YamlScalar
  /** The scalar as it is written in the file. */
  readonly raw: string
  readonly foreign: ForeignText
}

/**
 * A patch that can be applied. Its values keep their places in the patch file or the kustomization.
 */
export interface Patch {
  readonly isLast: boolean
  /** Undefined: the patch itself has the kind and the name of its object. */
  readonly target: Target | undefined
  readonly body: YamlMap | YamlSeq
}

/** Reads patches. A patch whose text and place are unchanged is the same object as before. */
export class PatchReader {
  readonly #textOf: (file: string) => string | undefined
  readonly #known: ReadonlyMap<string, readonly Patch[]>
  /** The patches that were read, for the next reader. */
  readonly read = new Map<string, readonly Patch[]>()

  constructor(
    textOf: (file: string) => string | undefined,
    previous: ReadonlyMap<string, readonly Patch[]>,
  ) {
    this.#textOf = textOf
    this.#known = previous
  }

  /** Undefined if the patch is missing, invalid, or uses a feature that is not applied here. */
  patchesOf(entry: PatchEntry): readonly Patch[] | undefined {
    const text = entry.inline
      ? entry.inline.raw
      : entry.file === undefined
        ? undefined
        : this.#textOf(entry.file)
    if (text === undefined || entry.hasOptions) return undefined
    const key = JSON.stringify([
      entry.isLast,
      entry.file ?? [entry.inline?.foreign.file, entry.inline?.scalar.start, lineOf(entry.inline)],
      entry.target && toPlain(entry.target),
      text,
    ])
    const patches = this.#known.get(key) ?? readPatches(entry, text)
    if (patches) this.read.set(key, patches)
    return patches
  }
}

function lineOf(inline: InlineText | undefined): number {
  return inline ? positionAt(inline.foreign.lineStarts, inline.scalar.start).line : 0
}

function readPatches(
  { isLast, file, inline, target: written }: PatchEntry,
  text: string,
): readonly Patch[] | undefined {
  const target = written && readTarget(written)
  if (written && !target) return undefined
  const bodies = inline ? inlineBodies(inline) : fileBodies(file ?? '', text)
  if (!bodies || bodies.length === 0) return undefined
  const patches = bodies.flatMap((body): Patch[] =>
    body.type === 'scalar' ? [] : [{ isLast, target, body }],
  )
  const isWhole =
    patches.length === bodies.length &&
    patches.every(({ body }) =>
      body.type === 'map'
        ? target !== undefined || textAt(body, 'metadata', 'name') !== undefined
        : target !== undefined && isAppliedJsonPatch(body),
    )
  return isWhole && !(target && patches.length > 1) && !bodies.some(hasUnknownDirective)
    ? patches
    : undefined
}

function fileBodies(file: string, text: string): YamlNode[] | undefined {
  const lineStarts = lineStartsOf(text)
  const parsed = splitDocuments(text).map(({ text: document, start }) => ({
    start,
    ...parseYaml(document),
  }))
  if (parsed.some(({ problems }) => problems.length > 0)) return undefined
  return parsed.flatMap(({ root, start }) =>
    root
      ? [
          relocate(root, { file, lineStarts, editable: root.type === 'map' }, (span) => ({
            start: span.start + start,
            end: span.end + start,
          })),
        ]
      : [],
  )
}

/**
 * A block scalar is read in place. In any other scalar, every value gets the place of the whole
 * scalar.
 */
function inlineBodies({ scalar, raw, foreign }: InlineText): YamlNode[] | undefined {
  const header = raw.indexOf('\n') + 1
  const content = raw.slice(header)
  const indent = /^ *(?=\S)/m.exec(content)?.[0] ?? ''
  if (
    /^\|[-+]?[ \t]*\r?\n/.test(raw) &&
    content.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trim() === scalar.text.trim() &&
    !/^(?:---|\.\.\.)/m.test(scalar.text)
  ) {
    const { root, problems } = parseYaml(content)
    const shift = scalar.start + header
    return root && problems.length === 0
      ? [
          relocate(root, foreign, ({ start, end }: Span) => ({
            start: start + shift,
            end: end + shift,
          })),
        ]
      : undefined
  }
  const parsed = splitDocuments(scalar.text).map(({ text }) => parseYaml(text))
  if (parsed.some(({ problems }) => problems.length > 0)) return undefined
  return parsed.flatMap(({ root }) =>
    root ? [relocate(root, foreign, () => ({ start: scalar.start, end: scalar.end }))] : [],
  )
}

const DIRECTIVE = /^\$(?!patch$)/

function hasUnknownDirective(node: YamlNode): boolean {
  if (node.type === 'seq') return node.items.some(hasUnknownDirective)
  return (
    node.type === 'map' &&
    node.entries.some(({ key, value }) => DIRECTIVE.test(key) || hasUnknownDirective(value))
  )
}

export function appliesTo({ target, body }: Patch, subject: PatchSubject): boolean {
  return target ? isTargeted(subject, target) : isNamed(subject, body)
}

/** Kind and name of an object in its file, before any kustomization. */
export interface OriginalId {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
}

/**
 * Whether a patch may apply to an object, to the extent that its kind and its original name decide
 * it.
 */
export function mayApplyTo(
  { target, body }: Patch,
  { apiVersion, kind, name }: OriginalId,
): boolean {
  if (target) return target.kind === undefined || target.kind(kind) === true
  return (
    textAt(body, 'kind') === kind &&
    textAt(body, 'apiVersion') === apiVersion &&
    (textAt(body, 'metadata', 'name') ?? '').includes(name)
  )
}
