import {
  requestsInWords,
  targetInWords,
  type ChangeKind,
  type CompareAccessResult,
} from '@istio-ambient-policy/shared'
import { clientsCell, reasonCell, verdictCell } from './accessView.js'
import type { Links } from './links.js'
import type { View } from './view.js'

const CAPTIONS: Readonly<Record<ChangeKind, string>> = {
  gained: 'Allowed now, denied before',
  lost: 'Denied now, allowed before',
  undecided: 'Other changes',
}

const COLUMNS = ['Destination', 'Clients', 'Requests', 'Before', 'Now', 'Reason'] as const

/** The page of *Compare Access with HEAD…*: the requests whose verdict changed. */
export function comparisonView(result: NonNullable<CompareAccessResult>, links: Links): View {
  const { name, changes, same, added, removed, notCompared, assumptions } = result
  const kinds: readonly ChangeKind[] = ['gained', 'lost', 'undecided']
  return {
    kind: 'comparison',
    title: `Access since ${name}`,
    heading: `Access compared with ${name}`,
    verdict: {
      verdict: changes.some(({ kind }) => kind !== 'lost') ? 'undecided' : 'allow',
      text: changes.length === 0 ? 'No request has another verdict.' : summaryOf(changes),
    },
    actions: [],
    tables: kinds.flatMap((kind) => {
      const rows = changes.filter((change) => change.kind === kind)
      if (rows.length === 0) return []
      return [
        {
          caption: CAPTIONS[kind],
          columns: COLUMNS,
          rows: rows.map((change) => [
            { text: targetInWords(change.target) },
            clientsCell(change),
            { text: requestsInWords(change.requests) },
            { ...verdictCell(change.before), more: [{ text: change.before.reason }] },
            verdictCell(change.after),
            reasonCell(change.after, links),
          ]),
        },
      ]
    }),
    notes: [
      {
        heading: 'Destinations',
        texts: [
          `${same} without a change.`,
          ...added.map((target) => `${targetInWords(target)} is new.`),
          ...removed.map((target) => `${targetInWords(target)} is removed.`),
        ],
      },
      { heading: 'Not compared', texts: notCompared },
      { heading: 'Assumptions', texts: ['These files are the complete mesh.', ...assumptions] },
    ],
  }
}

function summaryOf(changes: readonly { readonly kind: ChangeKind }[]): string {
  const count = (kind: ChangeKind): number =>
    changes.filter((change) => change.kind === kind).length
  return [
    `Opens ${count('gained')}, closes ${count('lost')}`,
    ...(count('undecided') > 0 ? [`${count('undecided')} other changes`] : []),
  ].join(', ')
}
