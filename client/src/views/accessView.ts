import {
  requestsInWords,
  targetInWords,
  type AccessBoxes,
  type AccessReason,
  type AccessResult,
  type Verdict,
} from '@istio-ambient-policy/shared'
import type { Links } from './links.js'
import type { Cell, View } from './view.js'

export const ACCESS_COLUMNS = ['Destination', 'Clients', 'Requests', 'Verdict', 'Reason'] as const

const VERDICTS: Readonly<Record<Verdict, string>> = {
  allow: 'Allowed',
  deny: 'Denied',
  undecided: 'Undecided',
}

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
    title: `Who can reach ${name}`,
    heading: `Who can reach ${name}`,
    ...(access.length === 0
      ? { verdict: { verdict: 'deny', text: 'No request is allowed.' } }
      : {}),
    actions: [],
    tables:
      access.length === 0
        ? []
        : [
            {
              caption: 'All requests that are allowed or undecided',
              columns: ACCESS_COLUMNS,
              rows: access.map((each) => accessRow(each, links)),
            },
          ],
    notes: [
      { heading: 'Not compared', texts: notCompared },
      { heading: 'Assumptions', texts: ['These files are the complete mesh.', ...assumptions] },
    ],
  }
}
