import { isSameBuildContext, type BuildContext } from '../resources/buildContext.js'
import type { FileFacts } from '../resources/fileFacts.js'
import { addToGroup, NONE } from '../text/collections.js'
import type { FileChange } from './fileStore.js'
import { originalsOf } from './originals.js'

/**
 * Files as several meshes read them. An overlay changes few of the objects that it includes: what two
 * meshes build in the same way is read once, and both have the same objects.
 */
export class SharedFiles {
  /** By the change that all meshes of a file are given. */
  readonly #facts = new WeakMap<FileChange, FileFacts[]>()

  /** The content of a file that another mesh has read in the same way; undefined if none has. */
  find(change: FileChange, context: BuildContext): FileFacts | undefined {
    const same = (this.#facts.get(change) ?? NONE).find((facts) =>
      isSameBuildContext(facts.context, context, originalsOf(facts)),
    )
    return same && { ...same, context, parsed: 0 }
  }

  /** Keeps the content of a file that does not depend on the objects of its mesh. */
  add(change: FileChange, facts: FileFacts): void {
    const dependsOnOthers = facts.documents.some(
      ({ facts: { kustomized } }) => kustomized !== undefined && kustomized.lookups.length > 0,
    )
    if (facts.kustomization || facts.chart || dependsOnOthers) return
    addToGroup(this.#facts, change, facts)
  }
}
