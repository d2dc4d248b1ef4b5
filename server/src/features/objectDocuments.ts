import {
  hasObjectDocument,
  objectDocument,
  objectDocumentUri,
  OBJECT_DOCUMENTS_REQUEST,
  readObjectDocumentUri,
  type Analysis,
  type ObjectDocumentKind,
  type ObjectDocumentsParams,
  type ObjectDocumentsResult,
  type Resource,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { describeError } from '../log.js'
import { objectAt } from './objectAt.js'
import { refresher } from './refresher.js'
import { answering, type ServerContext } from './serverContext.js'

/** Documents that somebody may still look at; those that nobody asked for again are the first to be forgotten. */
const REMEMBERED = 50

/** `istioAmbientPolicy/objectDocuments` and the documents themselves: *What ztunnel receives* and *Predicted status*, which follow what is typed. */
export class ObjectDocuments {
  readonly #context: ServerContext
  /** What was last told, by the URI as the client spells it. */
  readonly #told = new Map<string, string>()
  /** Call it when something has changed: the client asks again for the documents that would differ now. */
  readonly changed: () => void

  constructor(connection: Connection, context: ServerContext) {
    this.#context = context
    const refresh = refresher('Documents about objects', context.log, () =>
      Promise.all(
        this.#stale().map((uri) => connection.workspace.textDocumentContent.refresh(uri)),
      ),
    )
    this.changed = () => {
      if (this.#told.size > 0) refresh()
    }
    const answer = answering<ObjectDocumentsParams, NonNullable<ObjectDocumentsResult>>(
      context,
      'object documents',
      ({ file, analysis }, { position }) => {
        const found = objectAt(analysis, file, position)
        return found ? objectDocumentUris(analysis, found.resource, context) : null
      },
    )
    connection.onRequest<ObjectDocumentsResult, undefined>(OBJECT_DOCUMENTS_REQUEST, answer)
  }

  /** The text of a document; undefined for the URI of another. */
  text(uri: string): string | undefined {
    const text = this.#text(uri)
    if (text === undefined) return undefined
    this.#told.delete(uri)
    this.#told.set(uri, text)
    const [oldest] = this.#told.keys()
    if (this.#told.size > REMEMBERED && oldest !== undefined) this.#told.delete(oldest)
    return text
  }

  #stale(): string[] {
    return [...this.#told].flatMap(([uri, told]) => (this.#text(uri) === told ? [] : [uri]))
  }

  #text(uri: string): string | undefined {
    const asked = readObjectDocumentUri(uri)
    if (!asked) return undefined
    try {
      const file = fileOfUri(asked.uri)
      const [analysis] = this.#context.workspaces.analysesOf(file)
      const whole = analysis && this.#context.wholeMesh(analysis)
      const { mesh } = whole ?? {}
      const resources =
        analysis?.files.get(file)?.documents.flatMap(({ facts }) => facts.resources) ?? []
      const found =
        whole &&
        resources
          .map((resource) => whole.resource(resource))
          .find(
            ({ type, namespace, name }) =>
              type === asked.type && namespace === asked.namespace && name === asked.name,
          )
      return (
        (mesh && found && objectDocument(mesh, found, asked.document)) ??
        `${asked.document === 'received' ? '//' : '#'} There is no ${asked.type} ${asked.namespace}/${asked.name} in its file now.\n`
      )
    } catch (error) {
      this.#context.log.error(`${uri} failed: ${describeError(error)}`)
      return 'This could not be found out; the output says why.\n'
    }
  }
}

/** The URIs of the documents about an object. */
export function objectDocumentUris(
  analysis: Analysis,
  resource: Resource,
  { wholeMesh, diagnostics }: ServerContext,
): NonNullable<ObjectDocumentsResult> {
  const { type, namespace, name, origin } = wholeMesh(analysis).resource(resource)
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
