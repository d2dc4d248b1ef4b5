import { lineStartsOf, positionAt, type Span } from '../../text/lineIndex.js'
import { toPlain, type YamlMap, type YamlNode, type YamlSeq } from '../../yaml/node.js'
import { parseYaml } from '../../yaml/parseYaml.js'
import { splitDocuments } from '../../yaml/splitDocuments.js'
import type { InlineText, PatchEntry } from './parts.js'
import { isAppliedJsonPatch } from './jsonPatch.js'
import { isNamed, isTargeted, readTarget, type Subject, type Target } from './target.js'
import { claim, textAt } from './tree.js'

/** A patch that was understood; its values point to where they stand. */
export interface Patch {
  readonly last: boolean
  /** Undefined: it names its object itself. */
  readonly target: Target | undefined
  readonly body: YamlMap | YamlSeq
}

/** Reads patches, keeping those whose text and place have not changed, so that objects can be compared by them. */
export class PatchReader {
  readonly #textOf: (file: string) => string | undefined
  readonly #known: ReadonlyMap<string, readonly Patch[]>
  /** What was read, for the next reader. */
  readonly read = new Map<string, readonly Patch[]>()

  constructor(
    textOf: (file: string) => string | undefined,
    previous: ReadonlyMap<string, readonly Patch[]>,
  ) {
    this.#textOf = textOf
    this.#known = previous
  }

  /** Undefined where it is missing, malformed, or asks for what is not applied. */
  patchesOf(entry: PatchEntry): readonly Patch[] | undefined {
    const text = entry.inline
      ? entry.inline.raw
      : entry.file === undefined
        ? undefined
        : this.#textOf(entry.file)
    if (text === undefined || entry.hasOptions) return undefined
    const key = JSON.stringify([
      entry.last,
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
  { last, file, inline, target: written }: PatchEntry,
  text: string,
): readonly Patch[] | undefined {
  const target = written && readTarget(written)
  if (written && !target) return undefined
  const bodies = inline ? inlineBodies(inline) : fileBodies(file ?? '', text)
  if (!bodies || bodies.length === 0) return undefined
  const patches = bodies.flatMap((body): Patch[] =>
    body.type === 'scalar' ? [] : [{ last, target, body }],
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
          claim(root, { file, lineStarts, editable: root.type === 'map' }, (span) => ({
            start: span.start + start,
            end: span.end + start,
          })),
        ]
      : [],
  )
}

/** Block text is read where it stands; of any other the values stand where the whole text does. */
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
          claim(root, foreign, ({ start, end }: Span) => ({
            start: start + shift,
            end: end + shift,
          })),
        ]
      : undefined
  }
  const parsed = splitDocuments(scalar.text).map(({ text }) => parseYaml(text))
  if (parsed.some(({ problems }) => problems.length > 0)) return undefined
  return parsed.flatMap(({ root }) =>
    root ? [claim(root, foreign, () => ({ start: scalar.start, end: scalar.end }))] : [],
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

export function appliesTo({ target, body }: Patch, subject: Subject): boolean {
  return target ? isTargeted(subject, target) : isNamed(subject, body)
}

/** An object as it is written, whatever names it may get. */
export interface WrittenId {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
}

/** Whether a patch can be for an object, going by its kind and by the name that it begins with. */
export function mayTouch({ target, body }: Patch, { apiVersion, kind, name }: WrittenId): boolean {
  if (target) return target.kind === undefined || target.kind.test(kind)
  return (
    textAt(body, 'kind') === kind &&
    textAt(body, 'apiVersion') === apiVersion &&
    (textAt(body, 'metadata', 'name') ?? '').includes(name)
  )
}
