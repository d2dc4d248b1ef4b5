import type { ExplainLogResult, LogAnswer } from '@istio-ambient-policy/shared'
import type { Links } from './links.js'
import type { Cell, View, ViewTable } from './view.js'

const VERDICTS = { allow: 'allow', deny: 'deny', failed: 'undecided' } as const

type Explained = Extract<ExplainLogResult, { readonly answers: readonly LogAnswer[] }>

/** The page of *Explain Log Line…*: what decided, its place in the files, and whether the files agree. */
export function logView({ answers, skipped }: Explained, links: Links): View {
  const [only, ...others] = answers
  const single = others.length === 0 ? only : undefined
  return {
    kind: 'log',
    title: 'Log line',
    heading: single ? single.proxy : `${answers.length} different log lines`,
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
        heading: 'Files and log',
        texts: answers.flatMap((answer) => agreementInWords(answer, single === undefined)),
      },
      {
        heading: 'Smallest change',
        texts: [...new Set(answers.flatMap(({ smallestChange }) => smallestChange ?? []))].map(
          (change) => `It would be allowed with ${change}.`,
        ),
      },
      {
        heading: 'Not explained',
        texts: skipped === 0 ? [] : [`${skipped} other lines.`],
      },
      { heading: 'Assumptions', texts: ['These files are the complete mesh.'] },
    ],
  }
}

function objectsTable({ objects, policy, rule }: LogAnswer, links: Links): ViewTable[] {
  const rows = objects.map(({ kind, name, ...place }): Cell[] => [
    { text: name, ...links.add(place) },
    { text: rule === null ? kind : `${kind}, rules[${rule}]` },
  ])
  const columns = ['Object', 'Kind']
  if (policy === null)
    return rows.length === 0 ? [] : [{ caption: 'ALLOW policies that apply', columns, rows }]
  const missing = [[{ text: policy }, { text: 'not in these files' }]]
  return [{ caption: 'Decided by', columns, rows: rows.length > 0 ? rows : missing }]
}

function answersTable(answers: readonly LogAnswer[], links: Links): ViewTable {
  return {
    caption: 'Answers',
    columns: ['Lines', 'Proxy', 'Verdict', 'Decided by'],
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
          caption: 'Findings about these policies',
          columns: ['Finding', 'Rule'],
          rows: [...different.values()].map(({ rule, message, ...place }): Cell[] => [
            { text: message, ...links.add(place) },
            { text: rule },
          ]),
        },
      ]
}

function agreementInWords(
  { agreement, differences, lines: [first = 0] }: LogAnswer,
  isNumbered: boolean,
): string[] {
  const at = isNumbered ? `Line ${first}: ` : ''
  if (agreement === 'agrees') return [`${at}The files agree with the log.`]
  if (agreement === 'unknown') return differences.map((each) => `${at}Not known: ${each}.`)
  return [
    `${at}The files do not agree with the log. They can be older or newer than the cluster.`,
    ...differences.map((each) => `${at}${capitalised(each)}`),
  ]
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
