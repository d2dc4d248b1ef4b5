import type { ViewMatrix } from '../src/views/view.js'
import { element } from './elements.js'

/** The header of neighbours with the same group, and their indexes. */
export interface HeaderGroup {
  readonly header: HTMLTableCellElement
  readonly members: readonly number[]
}

/** The headers above the columns. None if all columns are of one group. */
export function columnGroups({ columns }: ViewMatrix): HeaderGroup[] {
  return groupsOf(columns).map(({ name, members }) => {
    const header = cell('colgroup', name)
    header.colSpan = members.length
    return { header, members }
  })
}

/** The rows between the rows of different groups. None if all rows are of one group. */
export function rowGroups({ rows, columns }: ViewMatrix): HeaderGroup[] {
  return groupsOf(rows).map(({ name, members }) => {
    const header = cell('rowgroup', name)
    header.colSpan = columns.length + 1
    element('tr', { class: 'group' }, header)
    return { header, members }
  })
}

function cell(scope: 'colgroup' | 'rowgroup', name: string): HTMLTableCellElement {
  const made = document.createElement('th')
  made.scope = scope
  made.append(element('span', { text: name }))
  return made
}

function groupsOf(
  list: readonly { readonly group: string }[],
): { readonly name: string; readonly members: readonly number[] }[] {
  const groups: { readonly name: string; readonly members: number[] }[] = []
  for (const [index, { group }] of list.entries()) {
    const last = groups.at(-1)
    if (last?.name === group) last.members.push(index)
    else groups.push({ name: group, members: [index] })
  }
  return groups.length > 1 ? groups : []
}
