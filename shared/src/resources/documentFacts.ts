import { lineStartsOf, type LineStarts, type Span } from '../text/lineIndex.js'
import type { YamlProblem } from '../yaml/node.js'
import type { Suppression } from '../yaml/suppressions.js'
import type { KustomizationPath } from './kustomize/applyKustomizations.js'
import type { OriginalId } from './kustomize/patch.js'
import type { Outlines } from './outline.js'
import type { NamespaceSource, Resource } from './resource.js'
import type { SourceMap } from './sourceMap.js'

/** The content of one document. Spans are relative to the document's text. */
export interface DocumentFacts {
  readonly resources: readonly Resource[]
  /** The places of the fields, one map for each resource. */
  readonly sources: readonly SourceMap[]
  readonly problems: readonly YamlProblem[]
  readonly suppressions: readonly Suppression[]
  /** Lines left over from a shell heredoc. */
  readonly debris: readonly Span[]
  /** The kind of the object that a template renders to. Nothing else is known about it. */
  readonly opaqueKind: string | undefined
  readonly lineStarts: LineStarts
  /** Its text, which cannot be read in full, contains the word Istio. */
  readonly namesIstio?: true
  /** Only if kustomizations build the objects. */
  readonly kustomized?: KustomizedFacts
}

/** A document without content. */
export const EMPTY_DOCUMENT: DocumentFacts = {
  resources: [],
  sources: [],
  problems: [],
  suppressions: [],
  debris: [],
  opaqueKind: undefined,
  lineStarts: lineStartsOf(''),
}

/** What objects that kustomizations build depend on beside their own text. */
export interface KustomizedFacts {
  /** The objects before any kustomization. */
  readonly originals: readonly OriginalId[]
  /** The names by which other objects can refer to these. */
  readonly names: readonly KnownName[]
  /** References to other objects, with the names that were found. */
  readonly lookups: readonly NameLookup[]
}

/** A name that an object has had. */
export interface KnownName {
  /** Kind, namespace and the name. */
  readonly key: string
  readonly currentName: string
}

/** A reference that was resolved with `ReadOptions.currentName`. */
export interface NameLookup {
  readonly key: string
  readonly expected: string
  readonly result: string | undefined
}

export interface ReadOptions {
  readonly file: string
  /** Serial number of the document, see `Origin`. */
  readonly document: number
  /** The namespace of objects that do not name one. */
  readonly defaultNamespace: { readonly namespace: string; readonly source: NamespaceSource }
  /** The file is a chart template with at least one action, so none of its documents is literal. */
  readonly chartTemplate: boolean
  /** The file may contain Helm values of istiod. */
  readonly helmValues: boolean
  /** See `BuildContext.isIncluded`. */
  readonly isIncluded?: boolean
  /** See `BuildContext.kustomizationPaths`. */
  readonly kustomizationPaths?: readonly KustomizationPath[]
  /**
   * The present name of the object with a key. If several objects have the key: `expected` if it is
   * one of their names, else undefined.
   */
  currentName?(key: string, expected: string): string | undefined
  readonly intern: (text: string) => string
  /** Outlines that the source maps of all files share. */
  readonly outlines?: Outlines
}
