import { destinationOf } from '../access/destination.js'
import type { RequestTarget } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { WORKLOAD_KINDS } from '../resources/workload.js'
import { listed } from '../text/words.js'
import type { TargetSelector } from './testFile.js'

/** The kind of a template whose kind is a template too. */
const ANY_KIND = ''

type TargetKind = Extract<TargetSelector, { kind: string }>['kind']

const KINDS: Readonly<Record<TargetKind, readonly string[]>> = {
  service: ['Service', ANY_KIND],
  workload: [...WORKLOAD_KINDS, ANY_KIND],
  host: ['ServiceEntry', ANY_KIND],
}

/** Kinds of templates in the files that can be a destination, in words. Undefined if there are none. */
export function templatesOf(mesh: Mesh, kinds: readonly TargetKind[]): string | undefined {
  const found = [...new Set(kinds.flatMap((kind) => KINDS[kind]))].filter((kind) =>
    mesh.hasOpaque(kind),
  )
  if (found.length === 0) return undefined
  const named = found.filter((kind) => kind !== ANY_KIND)
  return named.length === 0
    ? 'templates that are not rendered'
    : `templates of ${listed(named)} that are not rendered`
}

export function kindOfTarget(target: RequestTarget): TargetKind {
  if ('service' in target) return 'service'
  return 'workload' in target ? 'workload' : 'host'
}

/** What the files do not have of a destination: `Service shop/api`. */
export function missingTarget(mesh: Mesh, target: RequestTarget): string | undefined {
  const destination = destinationOf(mesh, target)
  return destination.kind === 'missing' ? destination.what : undefined
}
