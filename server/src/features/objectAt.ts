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
  /** `[]` if the position is not on a field that the analysis reads. */
  readonly path: FieldPath
  /** The key of the field, or its value if it has no key. */
  readonly range: Range
}

/** The object and the field at a position of a file. In a `List`, the innermost object. */
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
