import {
  offsetAt,
  rangeOf,
  shiftRange,
  type Analysis,
  type FieldPath,
  type Position,
  type Range,
  type Resource,
} from '@istio-ambient-policy/shared'

/** The object and the field at a position. */
interface ObjectAt {
  readonly resource: Resource
  /** `[]` where the position is on no field that is read. */
  readonly path: FieldPath
  /** The field's key, or the value of one that has none. */
  readonly range: Range
}

/** What stands at a position of a file; the innermost object of a `List`. */
export function objectAt(
  analysis: Analysis,
  file: string,
  position: Position,
): ObjectAt | undefined {
  const document = analysis.files.get(file)?.documents.findLast(({ line }) => line <= position.line)
  if (!document) return undefined
  const { resources, sources, lineStarts } = document.facts
  const offset = offsetAt(lineStarts, {
    line: position.line - document.line,
    character: position.character,
  })
  for (const [index, source] of sources.entries()) {
    const path = source.pathAt(offset)
    const resource = resources[index]
    if (path === undefined || !resource) continue
    const { key, value } = source.find(path)
    return {
      resource,
      path,
      range: shiftRange(rangeOf(source.lineStarts, key ?? value), document.line),
    }
  }
  return undefined
}
