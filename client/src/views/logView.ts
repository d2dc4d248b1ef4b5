import type { ExplainLogResult, LogAnswer } from '@istio-ambient-policy/shared'
import { l10n } from 'vscode'
import type { Links } from './links.js'
import type { Cell, View, ViewTable } from './view.js'
import { assumptionsNote, COLUMNS, FINDING_COLUMNS } from './words.js'

const VERDICTS = { allow: 'allow', deny: 'deny', failed: 'undecided' } as const

type Explained = Extract<ExplainLogResult, { readonly answers: readonly LogAnswer[] }>

/** The page of *Explain Log Line…*: what decided, its place in the files, and whether the files agree. */
export function logView({ answers, skipped }: Explained, links: Links): View {
  const [only, ...others] = answers
  const single = others.length === 0 ? only : undefined
  return {
    kind: 'log',
    title: l10n.t('Log line'),
    heading: single ? single.proxy : l10n.t('{0} different log lines', answers.length),
    ...(single
      ? {
          verdict: {
            verdict: VERDICTS[single.verdict],
            text: `${capitalised(single.outcome)}. ${capitalised(single.cause)}.`,
          },
        }
      : {}),
    actions: [],
    tables: [
      ...(single ? objectsTable(single, links) : [answersTable(answers, links)]),
      ...findingsTable(answers, links),
    ],
    notes: [
      {
        heading: l10n.t('Files and log'),
        texts: answers.flatMap((answer) => agreementInWords(answer, single === undefined)),
      },
      {
        heading: l10n.t('Smallest change'),
        texts: [...new Set(answers.flatMap(({ smallestChange }) => smallestChange ?? []))].map(
          (change) => l10n.t('It would be allowed with {0}.', change),
        ),
      },
      {
        heading: l10n.t('Not explained'),
        texts: skipped === 0 ? [] : [l10n.t('{0} other lines.', skipped)],
      },
      assumptionsNote([]),
    ],
  }
}

function objectsTable({ objects, policy, rule }: LogAnswer, links: Links): ViewTable[] {
  const rows = objects.map(({ kind, name, ...place }): Cell[] => [
    { text: name, ...links.add(place) },
    { text: rule === null ? kind : `${kind}, rules[${rule}]` },
  ])
  const columns = [l10n.t('Object'), l10n.t('Kind')]
  if (policy === null)
    return rows.length === 0
      ? []
      : [{ caption: l10n.t('ALLOW policies that apply'), columns, rows }]
  const missing = [[{ text: policy }, { text: l10n.t('not in these files') }]]
  return [{ caption: l10n.t('Decided by'), columns, rows: rows.length > 0 ? rows : missing }]
}

function answersTable(answers: readonly LogAnswer[], links: Links): ViewTable {
  return {
    caption: l10n.t('Answers'),
    columns: [l10n.t('Lines'), l10n.t('Proxy'), COLUMNS.verdict, l10n.t('Decided by')],
    rows: answers.map(({ lines, proxy, verdict, outcome, cause, objects }): Cell[] => [
      { text: lines.join(', ') },
      { text: proxy },
      { text: capitalised(outcome), verdict: VERDICTS[verdict] },
      {
        text: cause,
        more: objects.map(({ name, ...place }) => ({ text: name, ...links.add(place) })),
      },
    ]),
  }
}

/** Each finding once: several lines can be about the same policy. */
function findingsTable(answers: readonly LogAnswer[], links: Links): ViewTable[] {
  const all = answers.flatMap(({ findings }) => findings)
  const different = new Map(all.map((finding) => [JSON.stringify(finding), finding]))
  return different.size === 0
    ? []
    : [
        {
          caption: l10n.t('Findings about these policies'),
          columns: FINDING_COLUMNS,
          rows: [...different.values()].map(({ rule, message, ...place }): Cell[] => [
            { text: message, ...links.add(place) },
            { text: rule, ...links.add({ pageOfRule: rule }) },
          ]),
        },
      ]
}

function agreementInWords(
  { agreement, differences, lines: [first = 0] }: LogAnswer,
  isNumbered: boolean,
): string[] {
  const at = (text: string): string => (isNumbered ? l10n.t('Line {0}: {1}', first, text) : text)
  if (agreement === 'agrees') return [at(l10n.t('The files agree with the log.'))]
  if (agreement === 'unknown') return differences.map((each) => at(l10n.t('Not known: {0}.', each)))
  return [
    at(l10n.t('The files do not agree with the log. They can be older or newer than the cluster.')),
    ...differences.map((each) => at(capitalised(each))),
  ]
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
