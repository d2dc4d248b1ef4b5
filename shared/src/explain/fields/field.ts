import type { PathPattern } from '../../yaml/pathPattern.js'

/** A key of an object, with what it means. */
export interface Field {
  readonly name: string
  readonly holds: 'scalar' | 'list' | 'map'
  /** A few words beside the name. */
  readonly detail?: string
  /** In Markdown; empty where the name says it all. */
  readonly documentation?: string
  /** The values that the API accepts, in order, with what each one does. */
  readonly values?: Readonly<Record<string, string>>
}

/** The keys of the mapping at a path. */
export interface FieldsAt {
  readonly at: PathPattern
  readonly fields: readonly Field[]
}

export function scalar(
  name: string,
  documentation = '',
  values?: Readonly<Record<string, string>>,
): Field {
  return { name, holds: 'scalar', documentation, ...(values ? { values } : {}) }
}

export function list(name: string, documentation = ''): Field {
  return { name, holds: 'list', documentation }
}

export function map(name: string, documentation = ''): Field {
  return { name, holds: 'map', documentation }
}
