import type { LineStarts, Span } from '../text/lineIndex.js'

/** A key of a mapping or an index of a sequence. */
export type PathSegment = string | number

/** From an object's root to one of its fields. An array, because keys such as `istio.io/use-waypoint` contain dots. */
export type FieldPath = readonly PathSegment[]

/** A text other than the document's own, from which an object has a value. Spans of such a value are offsets in this file. */
export interface ForeignText {
  readonly file: string
  readonly lineStarts: LineStarts
  /** The value can be changed where it stands, as in a document of its own. */
  readonly editable: boolean
}

interface Placed extends Span {
  /** Undefined: the document itself. */
  readonly foreign?: ForeignText
}

/** A scalar as the API server would read it; `text` is what it says when a string is wanted. */
export interface YamlScalar extends Placed {
  readonly type: 'scalar'
  readonly value: string | number | boolean | null
  readonly text: string
  /** Written in quotes or as a block, so that YAML gives it no other type than string. */
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

/** A document's content with spans relative to the document's text; aliases and merge keys are already resolved. */
export type YamlNode = YamlScalar | YamlMap | YamlSeq

/** What is wrong with a document's YAML, in the parser's words. */
export interface YamlProblem {
  readonly message: string
  readonly span: Span
  /** The document is beyond what is read; it may well be valid. */
  readonly isLimit?: true
}

export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.type === 'map' ? node.entries.find((entry) => entry.key === key) : undefined
}

/** The node at a path, where every step exists. */
export function nodeAt(root: YamlNode, path: FieldPath): YamlNode | undefined {
  let node: YamlNode | undefined = root
  for (const segment of path) {
    if (node?.type === 'map') node = entryOf(node, String(segment))?.value
    else if (node?.type === 'seq' && typeof segment === 'number') node = node.items[segment]
    else return undefined
  }
  return node
}

/** The node as plain data. Keys become own properties only, `__proto__` included. */
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
