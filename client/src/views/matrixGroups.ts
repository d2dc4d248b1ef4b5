import type { AccessMatrixResult, RequestTarget } from '@istio-ambient-policy/shared'
import { l10n } from 'vscode'

export type Matrix = NonNullable<AccessMatrixResult>

/** A group of clients in the answers of the server. */
export const OUTSIDE = 'clients outside the mesh'

const HOSTS = l10n.t('Hosts')
const SEVERAL = l10n.t('Several namespaces')
const OTHERS = l10n.t('Other clients')

/** The matrix with the rows and columns of a namespace beside each other. */
export function inGroups({ targets, places, rows, ...matrix }: Matrix): Matrix {
  const order = sortedByGroup(targets.map(groupOfTarget), [HOSTS])
  const rowOrder = sortedByGroup(
    rows.map(({ clients }) => groupOfClients(clients)),
    [SEVERAL, OTHERS],
  )
  const take = <T>(list: readonly T[], indexes: readonly number[]): T[] =>
    indexes.flatMap((index) => {
      const item = list[index]
      return item === undefined ? [] : [item]
    })
  return {
    ...matrix,
    targets: take(targets, order),
    places: take(places, order),
    rows: take(rows, rowOrder).map((row) => ({
      ...row,
      cells: take(row.cells, order),
      kinds: take(row.kinds, order),
    })),
  }
}

/** The namespace of a destination. A host has none. */
export function groupOfTarget(target: RequestTarget): string {
  if ('host' in target) return HOSTS
  return namespaceOf('service' in target ? target.service : target.workload) ?? HOSTS
}

/** The namespace of clients that are treated alike. */
export function groupOfClients(clients: readonly string[]): string {
  const [first, ...others] = new Set(clients.map(namespaceOf))
  return others.length > 0 ? SEVERAL : (first ?? OTHERS)
}

function namespaceOf(name: string): string | undefined {
  return name.includes('/') ? name.slice(0, name.indexOf('/')) : undefined
}

/** The indexes in the order of the groups: each group where it occurs first, the groups of `last` at the end. */
function sortedByGroup(groups: readonly string[], last: readonly string[]): number[] {
  const names = [...new Set(groups)]
  const rank = (group: string): number =>
    last.includes(group) ? names.length + last.indexOf(group) : names.indexOf(group)
  return groups
    .map((group, index) => ({ index, rank: rank(group) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ index }) => index)
}
