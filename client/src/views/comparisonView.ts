import {
  targetInWords,
  type ChangeKind,
  type CompareAccessResult,
} from '@istio-ambient-policy/shared'
import { l10n } from 'vscode'
import { clientsCell, reasonCell, requestsCell, verdictCell } from './accessView.js'
import type { Links } from './links.js'
import type { View } from './view.js'
import { assumptionsNote, COLUMNS, notComparedNote } from './words.js'

const CAPTIONS: Readonly<Record<ChangeKind, string>> = {
  gained: l10n.t('Allowed now, denied before'),
  lost: l10n.t('Denied now, allowed before'),
  undecided: l10n.t('Other changes'),
}

const CHANGE_COLUMNS = [
  COLUMNS.destination,
  COLUMNS.clients,
  COLUMNS.requests,
  l10n.t('Before'),
  l10n.t('Now'),
] as const

/** The page of *Compare Access with HEAD…*: the requests whose verdict changed. */
export function comparisonView(
  result: NonNullable<CompareAccessResult>,
  { links, uri }: { readonly links: Links; readonly uri: string },
): View {
  const { name, changes, same, added, removed, notCompared, assumptions } = result
  const kinds: readonly ChangeKind[] = ['gained', 'lost', 'undecided']
  return {
    kind: 'comparison',
    title: l10n.t('Access since {0}', name),
    heading: l10n.t('Access compared with {0}', name),
    verdict: {
      verdict: changes.some(({ kind }) => kind !== 'lost') ? 'notice' : 'allow',
      text: changes.length === 0 ? l10n.t('No request has another verdict.') : summaryOf(changes),
    },
    actions: [],
    tables: kinds.flatMap((kind) => {
      const rows = changes.filter((change) => change.kind === kind)
      if (rows.length === 0) return []
      return [
        {
          caption: CAPTIONS[kind],
          columns: CHANGE_COLUMNS,
          rows: rows.map((change) => [
            { text: targetInWords(change.target) },
            clientsCell(change),
            requestsCell(change, { links, uri }),
            { ...verdictCell(change.before), more: [{ text: change.before.reason }] },
            { ...verdictCell(change.after), more: [reasonCell(change.after, links)] },
          ]),
        },
      ]
    }),
    notes: [
      {
        heading: l10n.t('Destinations'),
        texts: [
          l10n.t('{0} without a change.', same),
          ...added.map((target) => l10n.t('{0} is new.', targetInWords(target))),
          ...removed.map((target) => l10n.t('{0} is removed.', targetInWords(target))),
        ],
      },
      notComparedNote(notCompared),
      assumptionsNote(assumptions),
    ],
  }
}

function summaryOf(changes: readonly { readonly kind: ChangeKind }[]): string {
  const count = (kind: ChangeKind): number =>
    changes.filter((change) => change.kind === kind).length
  return [
    l10n.t('Opens {0}, closes {1} (kinds of requests)', count('gained'), count('lost')),
    ...othersInWords(count('undecided')),
  ].join(', ')
}

function othersInWords(count: number): string[] {
  if (count === 0) return []
  return [count === 1 ? l10n.t('1 other change') : l10n.t('{0} other changes', count)]
}
