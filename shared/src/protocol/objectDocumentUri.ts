import type { ObjectDocumentKind } from '../explain/objectDocuments.js'
import type { Position } from '../text/lineIndex.js'
import { RULE_PAGE_SCHEME } from './messages.js'

/**
 * Client → server: the documents about the object at a position (`ObjectDocumentsParams` → `ObjectDocumentsResult`,
 * null where there is no object).
 */
export const OBJECT_DOCUMENTS_REQUEST = 'istioAmbientPolicy/objectDocuments'

export interface ObjectDocumentsParams {
  readonly textDocument: { readonly uri: string }
  readonly position: Position
}

/**
 * URIs of documents that the server provides (`workspace/textDocumentContent`); absent for documents that do not
 * exist.
 */
export type ObjectDocumentsResult = Readonly<Partial<Record<ObjectDocumentKind, string>>> | null

/** A document about an object. */
export interface ObjectDocumentName {
  readonly document: ObjectDocumentKind
  readonly type: string
  readonly namespace: string
  readonly name: string
  /** URI of the file that contains the object, which decides the mesh. */
  readonly uri: string
}

const TITLES: Readonly<Record<ObjectDocumentKind, string>> = {
  received: 'what ztunnel receives.jsonc',
  status: 'predicted status.yaml',
}

/** The URI of a document about an object. Its last part is what editors show as its title. */
export function objectDocumentUri({
  document,
  type,
  namespace,
  name,
  uri,
}: ObjectDocumentName): string {
  const path = [document, type, namespace, `${name} - ${TITLES[document]}`].map(encodeURIComponent)
  return `${RULE_PAGE_SCHEME}:/${path.join('/')}?${encodeURIComponent(uri)}`
}

/** Reads a URI with any percent-encoding; undefined for a URI of another document. */
export function readObjectDocumentUri(uri: string): ObjectDocumentName | undefined {
  const [, path, query] = /^istio-ambient-policy:\/([^?]*)\?(.*)$/.exec(uri) ?? []
  const [document, type, namespace, title] = (path ?? '').split('/').map(decode)
  const known = document === 'received' || document === 'status' ? document : undefined
  const end = known && ` - ${TITLES[known]}`
  if (
    !known ||
    !end ||
    type === undefined ||
    namespace === undefined ||
    query === undefined ||
    title?.endsWith(end) !== true
  )
    return undefined
  return { document: known, type, namespace, name: title.slice(0, -end.length), uri: decode(query) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
