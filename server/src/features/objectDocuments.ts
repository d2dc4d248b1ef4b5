import {
  hasObjectDocument,
  objectDocument,
  objectDocumentUri,
  OBJECT_DOCUMENTS_REQUEST,
  readObjectDocumentUri,
  type Analysis,
  type ObjectDocumentKind,
  type ObjectDocumentName,
  type ObjectDocumentsParams,
  type ObjectDocumentsResult,
  type Resource,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { describeError } from '../log.js'
import { objectAt } from './objectAt.js'
import { refresher } from './refresher.js'
import { requestHandler, type ServerContext } from './serverContext.js'

/**
 * Maximum number of documents that are kept up to date. The document that was not requested for the longest time is
 * removed.
 */
const MAX_DOCUMENTS = 50

/**
 * `istioAmbientPolicy/objectDocuments` and its documents *What ztunnel receives* and *Predicted status*, which
 * follow edits.
 */
export class ObjectDocuments {
  readonly #context: ServerContext
  /** The last text of each document, by the URI as the client writes it. */
  readonly #sent = new Map<string, string>()
  /** Call it after a change: the client then requests the changed documents again. */
  readonly changed: () => void

  constructor(connection: Connection, context: ServerContext) {
    this.#context = context
    const refresh = refresher('Documents about objects', context, () =>
      Promise.all(
        this.#stale().map((uri) => connection.workspace.textDocumentContent.refresh(uri)),
      ),
    )
    this.changed = () => {
      if (this.#sent.size > 0) refresh()
    }
    const answer = requestHandler<ObjectDocumentsParams, NonNullable<ObjectDocumentsResult>>(
      context,
      'object documents',
      ({ file, analysis }, { position }) => {
        const found = objectAt(analysis, file, position)
        return found ? objectDocumentUris(analysis, found.resource, context) : null
      },
    )
    connection.onRequest<ObjectDocumentsResult, undefined>(OBJECT_DOCUMENTS_REQUEST, answer)
  }

  /** The text of a document; undefined if the URI is not of such a document. */
  text(uri: string): string | undefined {
    const text = this.#text(uri)
    if (text === undefined) return undefined
    this.#sent.delete(uri)
    this.#sent.set(uri, text)
    const [oldest] = this.#sent.keys()
    if (this.#sent.size > MAX_DOCUMENTS && oldest !== undefined) this.#sent.delete(oldest)
    return text
  }

  #stale(): string[] {
    return [...this.#sent].flatMap(([uri, text]) => (this.#text(uri) === text ? [] : [uri]))
  }

  #text(uri: string): string | undefined {
    const wanted = readObjectDocumentUri(uri)
    if (!wanted) return undefined
    try {
      const comment = wanted.document === 'received' ? '//' : '#'
      const { workspaces } = this.#context
      return (
        workspaces.runWithinLimit(fileOfUri(wanted.uri), () => this.#documentOf(wanted)) ??
        `${comment} The file does not contain ${wanted.type} ${wanted.namespace}/${wanted.name}.\n`
      )
    } catch (error) {
      this.#context.log.error(`${uri} failed: ${describeError(error)}`)
      return 'This document cannot be shown because of an error. See the output.\n'
    }
  }

  #documentOf({ uri, document, type, namespace, name }: ObjectDocumentName): string | undefined {
    const file = fileOfUri(uri)
    const [analysis] = this.#context.workspaces.analysesOf(file)
    if (!analysis) return undefined
    const closed = this.#context.closedMesh(analysis)
    const found = analysis.files
      .get(file)
      ?.documents.flatMap(({ facts }) => facts.resources)
      .map((resource) => closed.resource(resource))
      .find(
        (resource) =>
          resource.type === type && resource.namespace === namespace && resource.name === name,
      )
    return found && objectDocument(closed.mesh, found, document)
  }
}

/** The URIs of the documents about an object. */
export function objectDocumentUris(
  analysis: Analysis,
  resource: Resource,
  { closedMesh, diagnostics }: ServerContext,
): NonNullable<ObjectDocumentsResult> {
  const { type, namespace, name, origin } = closedMesh(analysis).resource(resource)
  const kinds = (['received', 'status'] as const).filter((kind) =>
    hasObjectDocument(resource, kind),
  )
  return Object.fromEntries(
    kinds.map((document): [ObjectDocumentKind, string] => [
      document,
      objectDocumentUri({ document, type, namespace, name, uri: diagnostics.uriOf(origin.file) }),
    ]),
  )
}
