import { NameIndex } from './nameIndex.js'

/** `NameIndex.nearest` among a few names. */
export function nearMiss(name: string, candidates: Iterable<string>): string | undefined {
  return new NameIndex(candidates).nearest(name)
}
