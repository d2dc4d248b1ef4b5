import type { ObjectDocumentKind } from '../explain/objectDocuments.js'
import type { Position } from '../text/lineIndex.js'
import { RULE_PAGE_SCHEME } from './messages.js'

/** Client → server: the documents about the object at a position (`ObjectDocumentsParams` → `ObjectDocumentsResult`, null where there is no object). */
export const OBJECT_DOCUMENTS_REQUEST = 'istioAmbientPolicy/objectDocuments'

export interface ObjectDocumentsParams {
  readonly textDocument: { readonly uri: string }
  readonly position: Position
}

/** URIs of documents that the server provides (`workspace/textDocumentContent`); absent where there is nothing to tell. */
export type ObjectDocumentsResult = Readonly<Partial<Record<ObjectDocumentKind, string>>> | null

/** Which document about which object. */
export interface ObjectDocumentName {
  readonly document: ObjectDocumentKind
  readonly type: string
  readonly namespace: string
  readonly name: string
  /** URI of the file that the object stands in, which says of which mesh it is. */
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

/** What a URI asks for, in whatever way an editor has spelt it; undefined for one of another document. */
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
