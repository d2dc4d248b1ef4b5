import {
  requestsInWords,
  targetInWords,
  type AccessBoxes,
  type AccessReason,
  type AccessResult,
} from '@istio-ambient-policy/shared'
import { l10n } from 'vscode'
import type { Links } from './links.js'
import type { Cell, View } from './view.js'
import { assumptionsNote, COLUMNS, notComparedNote, VERDICTS } from './words.js'

export const ACCESS_COLUMNS = [
  COLUMNS.destination,
  COLUMNS.clients,
  COLUMNS.requests,
  COLUMNS.verdict,
  COLUMNS.reason,
] as const

/** Requests to a destination, with what decides them. */
export function accessRow(access: AccessBoxes & AccessReason, links: Links): Cell[] {
  return [
    { text: targetInWords(access.target) },
    clientsCell(access),
    { text: requestsInWords(access.requests) },
    verdictCell(access),
    reasonCell(access, links),
  ]
}

/** The clients, one on each line. */
export function clientsCell({ clients: [first = '', ...more] }: AccessBoxes): Cell {
  return { text: first, more: more.map((text) => ({ text })) }
}

export function verdictCell({ verdict }: AccessReason): Cell {
  return { text: VERDICTS[verdict], verdict }
}

export function reasonCell({ reason, place }: AccessReason, links: Links): Cell {
  return { text: reason, ...links.add(place) }
}

/** The page of *Who can reach this?*. */
export function accessView(
  name: string,
  { access, notCompared, assumptions }: NonNullable<AccessResult>,
  links: Links,
): View {
  return {
    kind: 'access',
    title: l10n.t('Who can reach {0}', name),
    heading: l10n.t('Who can reach {0}', name),
    ...(access.length === 0
      ? { verdict: { verdict: 'deny', text: l10n.t('No request is allowed.') } }
      : {}),
    actions: [],
    tables:
      access.length === 0
        ? []
        : [
            {
              caption: l10n.t('All requests that are allowed or undecided'),
              columns: ACCESS_COLUMNS,
              rows: access.map((each) => accessRow(each, links)),
            },
          ],
    notes: [notComparedNote(notCompared), assumptionsNote(assumptions)],
  }
}
