import type { Verdict } from '@istio-ambient-policy/shared'
import { l10n } from 'vscode'
import type { View } from './view.js'

type Note = View['notes'][number]

export const VERDICTS: Readonly<Record<Verdict, string>> = {
  allow: l10n.t('Allowed'),
  deny: l10n.t('Denied'),
  undecided: l10n.t('Undecided'),
}

export const COLUMNS = {
  destination: l10n.t('Destination'),
  clients: l10n.t('Clients'),
  requests: l10n.t('Requests'),
  verdict: l10n.t('Verdict'),
  reason: l10n.t('Reason'),
} as const

export const FINDING_COLUMNS = [l10n.t('Finding'), l10n.t('Rule')] as const

/** What the answer of a page depends on. */
export function assumptionsNote(assumptions: readonly string[]): Note {
  return {
    heading: l10n.t('Assumptions'),
    texts: [l10n.t('these files are the complete mesh'), ...assumptions],
  }
}

export function notComparedNote(texts: readonly string[]): Note {
  return { heading: l10n.t('Not compared'), texts }
}
