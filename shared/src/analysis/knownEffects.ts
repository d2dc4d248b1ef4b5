import type { FileFacts } from '../resources/fileFacts.js'
import type { AccessEffect } from '../space/accessEffect.js'
import { getOrInsert } from '../text/collections.js'
import type { Analysis, FileChange } from './analysis.js'

/** More changes, or longer texts, are compared again. */
const MOST_CHANGES = 16
const MOST_CHARACTERS = 1_000_000

const KNOWN = new WeakMap<Analysis, KnownEffects>()

/** The effects of the last changes that were tried in an analysis, until it changes. No words of policies count. */
export class KnownEffects {
  readonly #analysis: Analysis
  readonly #effects = new Map<string, AccessEffect>()
  /** The files of the analysis as they were compared. */
  #files: ReadonlyMap<string, FileFacts> = new Map()

  private constructor(analysis: Analysis) {
    this.#analysis = analysis
  }

  static of(analysis: Analysis): KnownEffects {
    return getOrInsert(KNOWN, analysis, () => new KnownEffects(analysis))
  }

  get(texts: readonly FileChange[]): AccessEffect | undefined {
    const { visibleFiles } = this.#analysis
    if (!isSame(this.#files, visibleFiles)) {
      this.#effects.clear()
      this.#files = new Map(visibleFiles)
    }
    const key = keyOf(texts)
    const effect = this.#effects.get(key)
    if (effect) this.#put(key, effect)
    return effect
  }

  set(texts: readonly FileChange[], effect: AccessEffect): void {
    const key = keyOf(texts)
    if (key.length <= MOST_CHARACTERS) this.#put(key, effect)
  }

  #put(key: string, effect: AccessEffect): void {
    this.#effects.delete(key)
    this.#effects.set(key, effect)
    const [oldest] = this.#effects.keys()
    if (this.#effects.size > MOST_CHANGES && oldest !== undefined) this.#effects.delete(oldest)
  }
}

function isSame(before: ReadonlyMap<string, FileFacts>, after: typeof before): boolean {
  return (
    before.size === after.size && [...after].every(([file, facts]) => before.get(file) === facts)
  )
}

function keyOf(texts: readonly FileChange[]): string {
  return JSON.stringify(texts.map(({ file, text }) => [file, text]))
}
