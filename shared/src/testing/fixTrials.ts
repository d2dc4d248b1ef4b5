import type { Analysis } from '../analysis/analysis.js'
import type { FileEdit } from '../analysis/renderEdits.js'
import type { Mesh } from '../mesh/mesh.js'
import type { Finding } from '../rules/finding.js'
import { applyTextEdits } from '../yaml/edit/textEdit.js'
import { analyse, findingsOf, type Files } from './checkFiles.js'
import { DeniedRequests } from './openedByFix.js'

interface Workspace {
  readonly files: Record<string, string>
  readonly open: Analysis
  readonly closed: Analysis
}

/** A copy of a workspace in which fixes are tried, each on the files as they were at the start. */
export class FixTrials {
  readonly #files: Files
  #copy: Workspace | undefined
  #closed: Mesh | undefined
  #denied: DeniedRequests | undefined

  constructor(files: Files) {
    this.#files = files
  }

  /** The closed mesh without a fix. */
  get closed(): Mesh {
    return (this.#closed ??= analyse(this.#files, { world: 'closed' }).mesh)
  }

  /** The requests that the mesh denies without a fix. */
  get denied(): DeniedRequests {
    return (this.#denied ??= new DeniedRequests(this.closed))
  }

  /** The findings and the closed mesh after some edits. The mesh changes with the next trial. */
  after(edits: readonly FileEdit[]): {
    readonly findings: readonly Finding[]
    readonly mesh: Mesh
  } {
    const { files, open, closed } = (this.#copy ??= copyOf(this.#files))
    const fixed = new Map(
      edits.map(({ file, edits: changes }) => [
        file,
        applyTextEdits(this.#files[file] ?? '', changes),
      ]),
    )
    const changes = [...new Set([...Object.keys(files), ...fixed.keys()])]
      .map((file) => ({ file, text: fixed.get(file) ?? this.#files[file], open: true }))
      .filter(({ file, text }) => text !== files[file])
    for (const { file, text } of changes) {
      if (text === undefined) Reflect.deleteProperty(files, file)
      else files[file] = text
    }
    open.update(changes)
    closed.update(changes)
    return { findings: findingsOf(open), mesh: closed.mesh }
  }
}

function copyOf(original: Files): Workspace {
  const files = { ...original }
  return { files, open: analyse(files), closed: analyse(files, { world: 'closed' }) }
}
