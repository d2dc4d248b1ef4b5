import type { LineStarts, Span } from '../text/lineIndex.js'
import type { YamlProblem } from '../yaml/node.js'
import type { Suppression } from '../yaml/suppressions.js'
import type { KustomizationPath } from './kustomize/derive.js'
import type { WrittenId } from './kustomize/patch.js'
import type { NamespaceSource, Resource } from './resource.js'
import type { Outlines } from './outline.js'
import type { SourceMap } from './sourceMap.js'

/** What one document of a file tells. Every span is relative to the document's text. */
export interface DocumentFacts {
  readonly resources: readonly Resource[]
  /** One for each resource: where its fields stand. */
  readonly sources: readonly SourceMap[]
  readonly problems: readonly YamlProblem[]
  readonly suppressions: readonly Suppression[]
  /** Lines left over from a shell here-document. */
  readonly debris: readonly Span[]
  /** The kind that a template's rendering will have; nothing else is known of it. */
  readonly opaqueKind: string | undefined
  readonly lineStarts: LineStarts
  /** How kustomizations made its objects, where some do. */
  readonly derived?: DerivedFacts
}

/** What objects rest on that kustomizations have a part in. */
export interface DerivedFacts {
  /** The objects as they are written. */
  readonly written: readonly WrittenId[]
  /** Objects that others refer to. */
  readonly declares: readonly Declared[]
  /** Names that were asked for, and the answers. */
  readonly asks: readonly Asked[]
}

/** An object by a name that it has gone by. */
export interface Declared {
  readonly key: string
  /** What it is called now. */
  readonly name: string
}

export interface Asked {
  readonly key: string
  readonly likely: string
  readonly answer: string | undefined
}

export interface ReadOptions {
  readonly file: string
  /** Serial number of the document, see `Origin`. */
  readonly document: number
  /** The namespace of objects that name none. */
  readonly defaultNamespace: { readonly namespace: string; readonly source: NamespaceSource }
  /** The file is a chart template that has an action somewhere: none of its documents is literal. */
  readonly chartTemplate: boolean
  /** The file may hold Helm values of istiod. */
  readonly helmValues: boolean
  /** What kustomizations make of its objects, see `FilePlacement.chains`. */
  readonly chains?: readonly KustomizationPath[]
  /** What an object is called now, if it is known by the key; the likely name where several are. */
  nameNow?(key: string, likely: string): string | undefined
  readonly intern: (text: string) => string
  /** What the source maps of all files share. */
  readonly outlines?: Outlines
}
