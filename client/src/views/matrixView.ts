import {
  targetInWords,
  targetName,
  type AccessResult,
  type MatrixVerdict,
  type RequestTarget,
} from '@istio-ambient-policy/shared'
import { l10n } from 'vscode'
import { accessRow, ACCESS_COLUMNS } from './accessView.js'
import { EXPORTS } from './exports.js'
import type { Links } from './links.js'
import { groupOfClients, groupOfTarget, OUTSIDE, type Matrix } from './matrixGroups.js'
import type { MatrixHeader, MatrixSign, View } from './view.js'
import { assumptionsNote, COLUMNS } from './words.js'

const SIGNS: Readonly<Record<MatrixVerdict, MatrixSign>> = {
  allow: 'a',
  deny: 'd',
  undecided: 'u',
  partly: 'p',
  unknown: '-',
}

const MOST_CLIENTS = 2
/** A matrix with fewer rows is clear without the names of groups. */
const ROWS_WITH_GROUPS = 12

let lastId = 0

/** The page with the access matrix of a namespace, or of a whole mesh. Its rows and columns are in groups. */
export function matrixView(namespace: string | undefined, matrix: Matrix, links: Links): View {
  const hasRowGroups = matrix.rows.length >= ROWS_WITH_GROUPS
  return {
    kind: 'connections',
    title:
      namespace === undefined
        ? l10n.t('Access to all namespaces')
        : l10n.t('Access to {0}', namespace),
    heading:
      namespace === undefined
        ? l10n.t('Access to all namespaces')
        : l10n.t('Access to namespace {0}', namespace),
    actions: [
      { id: 'csv', label: l10n.t('Export as CSV') },
      ...(namespace === undefined ? [] : EXPORTS),
    ],
    tables: [],
    matrix: {
      id: ++lastId,
      caption:
        namespace === undefined
          ? l10n.t('Clients and the destinations of all namespaces')
          : l10n.t('Clients and the destinations of namespace {0}', namespace),
      columns: matrix.targets.map((target, index) => ({
        group: namespace ?? groupOfTarget(target),
        label: labelOf(target),
        title: targetInWords(target),
        ...links.add(matrix.places[index] ?? null),
      })),
      rows: matrix.rows.map(({ clients, from, cells, kinds }) => ({
        group: hasRowGroups ? groupOfClients(clients) : '',
        label: clientsInWords(hasRowGroups ? withoutNamespace(clients) : clients),
        title: clients.join(', '),
        outside: from.namespace === undefined || clients.includes(OUTSIDE),
        cells: cells.map((cell) => SIGNS[cell]),
        kinds,
      })),
    },
    notes: [assumptionsNote([])],
  }
}

/** The name without its namespace, which is in the heading or in the group, and the port. */
function labelOf(target: RequestTarget): string {
  const name = targetName(target).replace(/^\S+ (?:[^/]*\/)?/, '')
  const label = `${name}:${target.port}`
  return 'workload' in target ? l10n.t('{0} (pod)', label) : label
}

/** The names without their namespace, if they have the same one. */
function withoutNamespace(clients: readonly string[]): readonly string[] {
  const group = groupOfClients(clients)
  return clients.map((name) => (name.startsWith(`${group}/`) ? name.slice(group.length + 1) : name))
}

function clientsInWords(clients: readonly string[]): string {
  const left = clients.length - MOST_CLIENTS
  return left <= 1
    ? clients.join(', ')
    : l10n.t('{0} and {1} more', clients.slice(0, MOST_CLIENTS).join(', '), left)
}

/** What is shown about a cell: the requests, the verdict of each kind, and what decides. */
export function cellDetail(
  row: MatrixHeader,
  column: MatrixHeader,
  result: NonNullable<AccessResult>,
  page: { readonly links: Links; readonly uri: string },
): NonNullable<View['detail']> {
  return {
    heading: l10n.t('{0} to {1}', row.label, column.title),
    table: {
      caption: l10n.t('Requests and what decides them'),
      columns: [COLUMNS.destination, ...ACCESS_COLUMNS.slice(2)],
      rows: result.access.map((access) => [
        { text: column.title, ...(column.link === undefined ? {} : { link: column.link }) },
        ...accessRow(access, page).slice(2),
      ]),
    },
  }
}

/** The matrix as comma-separated values: a line for each group of clients. */
export function matrixToCsv({ targets, rows }: Matrix): string {
  const lines = [
    ['clients', ...targets.map(targetInWords)],
    ...rows.map(({ clients, cells }) => [clients.join('; '), ...cells]),
  ]
  return lines.map((line) => `${line.map(quoted).join(',')}\n`).join('')
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
