import { renderEdits } from '../analysis/renderEdits.js'
import { sourceLookupOf } from '../analysis/sourceLookup.js'
import type { Resource } from '../resources/resource.js'
import type { Edit } from '../rules/fix.js'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import { analyse, type Files } from './checkFiles.js'

export interface EditsOfFiles {
  readonly files: Files
  /** Makes the edits; `find` returns the object with a name. */
  readonly make: (find: (name: string) => Resource) => readonly Edit[]
}

/** The files that the edits change, afterwards. Undefined if the edits cannot be made safely. */
export function renderFiles({ files, make }: EditsOfFiles): Files | undefined {
  const analysis = analyse(files)
  const resources = [...analysis.files.values()].flatMap(({ documents }) =>
    documents.flatMap(({ facts }) => facts.resources),
  )
  const find = (name: string): Resource => {
    const found = resources.find((resource) => resource.name === name)
    if (!found) throw new Error(`No object has the name ${name}.`)
    return found
  }
  const edits = renderEdits(
    make(find),
    sourceLookupOf(analysis, (file) => files[file]),
  )
  return (
    edits &&
    Object.fromEntries(
      edits.map(({ file, edits: changes }) => [file, applyTextEdits(files[file] ?? '', changes)]),
    )
  )
}

/** The same for one file. */
export function renderFile(
  text: string,
  make: EditsOfFiles['make'],
  file = 'a.yaml',
): string | undefined {
  return renderFiles({ files: { [file]: text }, make })?.[file]
}
