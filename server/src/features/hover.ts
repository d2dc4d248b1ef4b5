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
import { answering, type ServerContext } from './serverContext.js'

/** Fields that stand for their whole object: its kind, its name and what it attaches to. */
const OBJECT_FIELDS: readonly FieldPath[] = [
  ['kind'],
  ['metadata', 'name'],
  ['spec', 'selector'],
  ['spec', 'targetRef'],
  ['spec', 'targetRefs'],
]

/** Below what is said of half a mesh. */
const STILL_READING = '\n\n*The workspace is still being read: this may change.*'

/** `textDocument/hover`: what an object is worth in the mesh on the fields that stand for it, what a field means on the others. */
export function registerHover(connection: Connection, context: ServerContext): void {
  connection.onHover(
    answering<HoverParams, Hover>(context, 'hover', ({ file, analysis }, { position }) => {
      const found = objectAt(analysis, file, position)
      if (!found) return null
      const { resource, path, range } = found
      const value =
        (standsForObject(path) ? describe(analysis, resource) : undefined) ??
        explainField(analysis.mesh, resource, path)
      const said = context.workspaces.folderOf(file)?.ready === false ? STILL_READING : ''
      return value === undefined
        ? null
        : { contents: { kind: MarkupKind.Markdown, value: `${value}${said}` }, range }
    }),
  )
}

function standsForObject(path: FieldPath): boolean {
  return OBJECT_FIELDS.some((field) => field.every((segment, index) => path[index] === segment))
}

function describe({ mesh }: Analysis, resource: Resource): string | undefined {
  const explanation = explainObject(mesh, resource)
  return explanation && explanationToMarkdown(explanation)
}
