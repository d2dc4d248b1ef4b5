import {
  keys,
  type Analysis,
  type DumpComparison,
  type DumpDifference,
  type DumpPart,
  type Mesh,
  type Range,
  type Resource,
} from '@istio-ambient-policy/shared'
import type { PlaceOf, RenderedPlace } from './places.js'

/** The answer of `compare` in the shape of its JSON output. */
export interface CompareReport {
  readonly differences: readonly ReportedDifference[]
  /** The number of compared objects of each part that the dump has. */
  readonly compared: Readonly<Partial<Record<DumpPart, number>>>
  /** Workloads and Services that were not compared: their namespace is not in these files. */
  readonly notCompared: readonly { readonly namespace: string; readonly objects: number }[]
}

export interface ReportedDifference {
  readonly part: DumpPart
  readonly namespace: string
  readonly name: string
  /** The pods that differ, if the dump has pods. */
  readonly pods: readonly string[]
  readonly kind: 'changed' | 'only-in-dump' | 'only-in-files'
  /** Null if the whole object is on one side only, as are `predicted` and `actual`. */
  readonly field: string | null
  readonly predicted: unknown
  readonly actual: unknown
  /** The place of the object; null if the files do not have it. */
  readonly file: string | null
  readonly range: Range | null
  /** Only if `file` is the template of rendered text. */
  readonly rendered?: RenderedPlace
}

const KINDS = {
  changed: 'changed',
  'only in dump': 'only-in-dump',
  'only in files': 'only-in-files',
} as const

const CONVERTED = 'converted_peer_authentication_'

export function reportComparison(
  { differences, compared, otherNamespaces }: DumpComparison,
  analysis: Analysis,
  placeOf: PlaceOf,
): CompareReport {
  return {
    differences: differences.map((difference) => {
      const { part, namespace, name, pods, kind, change } = difference
      const resource = objectOf(analysis.mesh, difference)
      const place =
        resource &&
        analysis.locate({ kind: 'field', resource, path: ['metadata', 'name'], on: 'value' })
      return {
        part,
        namespace,
        name,
        pods,
        kind: KINDS[kind],
        field: change?.field ?? null,
        predicted: change?.predicted ?? null,
        actual: change?.actual ?? null,
        ...(place ? placeOf(place.file, place.range) : { file: null, range: null }),
      }
    }),
    compared,
    notCompared: [...otherNamespaces]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([namespace, objects]) => ({ namespace, objects })),
  }
}

/** The object of the files that a difference is about. */
function objectOf(mesh: Mesh, { part, namespace, name }: DumpDifference): Resource | undefined {
  if (part === 'workloads')
    return mesh.workloadsAt(keys.workloads(namespace)).find((each) => each.name === name)
  if (part === 'policies')
    return name.startsWith(CONVERTED)
      ? mesh.named('PeerAuthentication', namespace, name.slice(CONVERTED.length))
      : mesh.named('AuthorizationPolicy', namespace, name)
  const [service = ''] = name.split('.')
  return (
    mesh.inNamespace('ServiceEntry', namespace).find(({ hosts }) => hosts.includes(name)) ??
    mesh.named('Service', namespace, service)
  )
}
