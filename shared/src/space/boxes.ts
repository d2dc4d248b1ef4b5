import { getOrInsert } from '../text/collections.js'
import type { Dimension } from './dimension.js'
import { classesOfCell, type SpacePart } from './accessSpace.js'

/** Cells that are a product of sets of classes: one sorted set for each dimension. */
export type Box = readonly (readonly number[])[]

/** The cells of each outcome of a part. */
export function cellsByOutcome({ cells }: SpacePart): Map<number, number[]> {
  const found = new Map<number, number[]>()
  for (const [cell, outcome] of cells.entries()) getOrInsert(found, outcome, () => []).push(cell)
  return found
}

/** Disjoint boxes of some cells of a part, merged greedily. */
export function boxesOf(part: SpacePart, cells: readonly number[]): Box[] {
  return mergeBoxes(
    part.dimensions,
    cells.map((cell) => classesOfCell(part, cell).map((index) => [index])),
  )
}

/** Joins boxes that differ in one dimension only, until no two can be joined. The clients are joined last. */
function mergeBoxes(dimensions: readonly Dimension[], boxes: readonly Box[]): Box[] {
  let merged = [...boxes]
  for (;;) {
    const before = merged.length
    for (let axis = dimensions.length - 1; axis >= 0; axis--) merged = mergeAlong(axis, merged)
    if (merged.length === before) return merged
  }
}

function mergeAlong(axis: number, boxes: readonly Box[]): Box[] {
  const groups = new Map<string, { readonly first: Box; readonly classes: number[] }>()
  for (const box of boxes) {
    const key = box.map((classes, index) => (index === axis ? '' : classes.join())).join(';')
    const group = groups.get(key)
    if (group) group.classes.push(...(box[axis] ?? []))
    else groups.set(key, { first: box, classes: [...(box[axis] ?? [])] })
  }
  return [...groups.values()].map(({ first, classes }) =>
    first.map((own, index) => (index === axis ? classes.sort((a, b) => a - b) : own)),
  )
}

export function boxHas(box: Box, classes: readonly number[]): boolean {
  return box.every((set, index) => set.includes(classes[index] ?? -1))
}
