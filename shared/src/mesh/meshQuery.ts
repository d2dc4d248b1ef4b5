import { isSameResult } from '../inventory/isSameResult.js'
import type { ClassQuery, Query } from '../inventory/query.js'
import type { Mesh } from './mesh.js'

/** A memoised fact about a mesh: recomputed only after something that it depends on has changed. */
export type MeshQuery<A extends string | object, V> = Query<Mesh, A, V>

/** A memoised fact that all objects of a class share: computed once for each class. */
export type MeshClassQuery<A, V> = ClassQuery<Mesh, A, string, V>

interface QueryOptions {
  readonly lazy?: boolean
  readonly ofAllVariants?: boolean
}

/**
 * @param options.lazy no early cut-off: the result is dropped when a dependency changes. For
 * results on which no other query depends.
 * @param options.ofAllVariants `compute` reads definitions only with `everyDefinition`.
 */
export function query<A extends string | object, V>(
  name: string,
  compute: (mesh: Mesh, argument: A) => V,
  { lazy = false, ofAllVariants = false }: QueryOptions = {},
): MeshQuery<A, V> {
  const base = ofAllVariants ? { name, compute, ofAllVariants } : { name, compute }
  return lazy ? base : { ...base, isSame: isSameResult }
}

/**
 * @param classOf the class of an argument, as text from which `compute` makes the value.
 */
export function classQuery<A, V>(
  name: string,
  classOf: (mesh: Mesh, argument: A) => string,
  compute: (mesh: Mesh, key: string) => V,
): MeshClassQuery<A, V> {
  return { classOf, ofClass: query(name, compute) }
}
