import type { LineStarts, Span } from '../text/lineIndex.js'

/** A key of a mapping or an index of a sequence. */
export type PathSegment = string | number

/**
 * The path from the root of an object to one of its fields. An array, because keys such as
 * `istio.io/use-waypoint` contain dots.
 */
export type FieldPath = readonly PathSegment[]

/**
 * Another file that contains a value of the object. Spans of the value are offsets in this file.
 */
export interface ForeignText {
  readonly file: string
  readonly lineStarts: LineStarts
  /** The value can be edited there. */
  readonly editable: boolean
}

interface Placed extends Span {
  /** Undefined: the value is in the document itself. */
  readonly foreign?: ForeignText
}

/** A scalar. `value` is its typed value, `text` its value as a string. */
export interface YamlScalar extends Placed {
  readonly type: 'scalar'
  readonly value: string | number | boolean | null
  readonly text: string
  /** The scalar is quoted or block text, so it is a string. */
  readonly quoted: boolean
}

export interface YamlEntry {
  readonly key: string
  /** In the same text as the value. */
  readonly keySpan: Span
  readonly value: YamlNode
}

export interface YamlMap extends Placed {
  readonly type: 'map'
  readonly entries: readonly YamlEntry[]
}

export interface YamlSeq extends Placed {
  readonly type: 'seq'
  readonly items: readonly YamlNode[]
}

/**
 * The content of a document. Spans are relative to its text; aliases and merge keys are resolved.
 */
export type YamlNode = YamlScalar | YamlMap | YamlSeq

/** An error in the YAML of a document. */
export interface YamlProblem {
  readonly message: string
  readonly span: Span
  /** The document is beyond a limit and was not read. It may be valid. */
  readonly isLimit?: true
  /**
   * A key that is written twice. kubectl takes the last one, and kustomize rejects the file. The
   * document was read.
   */
  readonly duplicateKey?: string
}

export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.type === 'map' ? node.entries.find((entry) => entry.key === key) : undefined
}

/** The node at a path; undefined if it does not exist. */
export function nodeAt(root: YamlNode, path: FieldPath): YamlNode | undefined {
  let node: YamlNode | undefined = root
  for (const segment of path) {
    if (node?.type === 'map') node = entryOf(node, String(segment))?.value
    else if (node?.type === 'seq' && typeof segment === 'number') node = node.items[segment]
    else return undefined
  }
  return node
}

/** The node as plain data. Keys are own properties, also `__proto__`. */
export function toPlain(node: YamlNode): unknown {
  switch (node.type) {
    case 'scalar':
      return node.value
    case 'seq':
      return node.items.map(toPlain)
    case 'map': {
      const object: Record<string, unknown> = {}
      for (const entry of node.entries) {
        Object.defineProperty(object, entry.key, {
          value: toPlain(entry.value),
          enumerable: true,
          configurable: true,
          writable: true,
        })
      }
      return object
    }
  }
}

/** Whether the first segments of a path are `prefix`. */
export function startsWithPath(path: FieldPath, prefix: FieldPath): boolean {
  return prefix.every((segment, depth) => path[depth] === segment)
}

/** An absent value. */
export function nullAt(at: number): YamlScalar {
  return { type: 'scalar', value: null, text: '', quoted: false, start: at, end: at }
}
