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
export function accessRow(
  access: AccessBoxes & AccessReason,
  { links, uri }: { readonly links: Links; readonly uri: string },
): Cell[] {
  return [
    { text: targetInWords(access.target) },
    clientsCell(access),
    requestsCell(access, { links, uri }),
    verdictCell(access),
    reasonCell(access, links),
  ]
}

/** The clients, one on each line. */
export function clientsCell({ clients: [first = '', ...more] }: AccessBoxes): Cell {
  return { text: first, more: more.map((text) => ({ text })) }
}

/** The requests in words, and one of them to evaluate in the mesh of the document `uri`. */
export function requestsCell(
  { requests, witness }: AccessBoxes,
  { links, uri }: { readonly links: Links; readonly uri: string },
): Cell {
  return {
    text: requestsInWords(requests),
    more: [{ text: l10n.t('Evaluate one'), ...links.add({ uri, request: witness }) }],
  }
}

export function verdictCell({ verdict }: AccessReason): Cell {
  return { text: VERDICTS[verdict], verdict }
}

export function reasonCell({ reason, place }: AccessReason, links: Links): Cell {
  return { text: reason, ...links.add(place) }
}

/** The page of *Who can reach this?*, for a mesh with the document `uri`. */
export function accessView(
  name: string,
  { access, notCompared, assumptions }: NonNullable<AccessResult>,
  { links, uri }: { readonly links: Links; readonly uri: string },
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
              rows: access.map((each) => accessRow(each, { links, uri })),
            },
          ],
    notes: [notComparedNote(notCompared), assumptionsNote(assumptions)],
  }
}
