import {
  explainField,
  explainObject,
  explanationToMarkdown,
  type Analysis,
  type FieldPath,
  type Resource,
} from '@istio-ambient-policy/shared'
import type { Connection, Hover, HoverParams } from 'vscode-languageserver'
import { MarkupKind } from '../lsp.js'
import { objectAt } from './objectAt.js'
import { requestHandler, type ServerContext } from './serverContext.js'

/** Fields whose hover is about the whole object. */
const OBJECT_FIELDS: readonly FieldPath[] = [
  ['kind'],
  ['metadata', 'name'],
  ['spec', 'selector'],
  ['spec', 'targetRef'],
  ['spec', 'targetRefs'],
]

/** Added to a hover before all files were read. */
const STILL_READING = '\n\n*The workspace is still being read: this can change.*'

/** `textDocument/hover`: the explanation of an object or of a field. */
export function registerHover(connection: Connection, context: ServerContext): void {
  connection.onHover(
    requestHandler<HoverParams, Hover>(context, 'hover', ({ file, analysis }, { position }) => {
      const found = objectAt(analysis, file, position)
      if (!found) return null
      const { resource, path, range } = found
      const value =
        (isAboutObject(path) ? describe(analysis, resource) : undefined) ??
        explainField(analysis.mesh, resource, path)
      const note = context.workspaces.folderOf(file)?.ready === false ? STILL_READING : ''
      return value === undefined
        ? null
        : { contents: { kind: MarkupKind.Markdown, value: `${value}${note}` }, range }
    }),
  )
}

function isAboutObject(path: FieldPath): boolean {
  return OBJECT_FIELDS.some((field) => field.every((segment, index) => path[index] === segment))
}

function describe({ mesh }: Analysis, resource: Resource): string | undefined {
  const explanation = explainObject(mesh, resource)
  return explanation && explanationToMarkdown(explanation)
}
