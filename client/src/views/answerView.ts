import {
  changesInWords,
  reasonInWords,
  verdictInWords,
  type EvaluateAnswer,
  type EvaluateFinding,
  type EvaluateHop,
  type NearestMiss,
  type Verdict,
} from '@istio-ambient-policy/shared'
import { commands } from 'vscode'
import { draftInWords, type RequestDraft } from '../commands/requestDraft.js'
import { requestPicture } from '../picture/requestPicture.js'
import { EXPORTS } from './exports.js'
import { linkOf } from './link.js'
import { Links } from './links.js'
import { pictureActions, picturePart } from './picturePart.js'
import { openLink } from './openLink.js'
import type { Cell, View, ViewTable } from './view.js'
import type { PanelContent } from './viewPanel.js'

const VERDICTS: Readonly<Record<Verdict, string>> = {
  allow: 'Allowed',
  deny: 'Denied',
  undecided: 'Undecided',
}

/** The page of one request: the verdict, the answer of each proxy with its policy, and the path as a picture. */
export function answerView(
  draft: RequestDraft,
  answer: EvaluateAnswer,
  { change, pin }: { readonly change: () => unknown; readonly pin: () => unknown },
): PanelContent {
  const links = new Links()
  const picture = requestPicture(draft, answer)
  const fixable = answer.findings.find(({ hasFix }) => hasFix)
  const view: View = {
    kind: 'answer',
    title: 'Evaluate request',
    heading: draftInWords(draft),
    verdict: {
      verdict: answer.verdict,
      text: verdictInWords(answer, draft.from ?? {}),
    },
    actions: [
      ...(fixable ? [{ id: 'fix', label: `Show fixes of ${fixable.rule}` }] : []),
      { id: 'change', label: 'Evaluate another request…' },
      { id: 'pin', label: 'Pin as test' },
      ...EXPORTS,
    ],
    tables:
      answer.hops.length === 0
        ? []
        : [
            {
              caption: 'Answer of each proxy',
              columns: ['Proxy', 'Client identity', 'Verdict', 'Policy and rule'],
              rows: answer.hops.map((hop) => rowOf(hop, links)),
            },
            ...findingsTable(answer, links),
          ],
    notes: [
      {
        heading: 'Smallest change',
        texts: smallestChange(answer),
      },
      {
        heading: 'Assumptions',
        texts: ['These files are the complete mesh.', ...answer.assumptions],
      },
    ],
    picture: picturePart(picture, links),
  }
  return {
    view,
    places: links.places,
    picture: () => picture,
    actions: {
      change,
      pin,
      ...(fixable ? { fix: () => showFixes(fixable) } : {}),
      ...pictureActions(),
    },
  }
}

/** The findings about the policies that do not allow the request. */
function findingsTable({ findings }: EvaluateAnswer, links: Links): ViewTable[] {
  return findings.length === 0
    ? []
    : [
        {
          caption: 'Findings about these policies',
          columns: ['Finding', 'Rule'],
          rows: findings.map(({ rule, message, ...place }): Cell[] => [
            { text: message, ...links.add(linkOf(place)) },
            { text: rule },
          ]),
        },
      ]
}

/** Opens the place of a finding with the menu of its fixes. */
async function showFixes(finding: EvaluateFinding): Promise<void> {
  await openLink(finding)
  await commands.executeCommand('editor.action.quickFix')
}

function rowOf(hop: EvaluateHop, links: Links): Cell[] {
  const rule = hop.rule === null ? '' : `, rules[${hop.rule}]`
  const inForce = hop.inForce.map(({ policy, ...place }): Cell => ({
    text: policy,
    ...links.add(linkOf(place)),
  }))
  return [
    { text: `${hop.point} ${hop.name}`, more: [{ text: `port ${hop.port}` }] },
    { text: hop.identity ?? 'none' },
    {
      text: VERDICTS[hop.verdict],
      verdict: hop.verdict,
      more: [{ text: reasonInWords(hop), tooltip: `In the log of the proxy: ${hop.reason}` }],
    },
    hop.policy !== null
      ? { text: `${hop.policy}${rule}`, ...links.add(linkOf(hop)) }
      : inForce.length > 0
        ? { text: 'no rule matched in', more: inForce }
        : { text: 'no policy applies' },
  ]
}

function smallestChange({ nearestMiss, verdict }: EvaluateAnswer): string[] {
  if (nearestMiss) return [missInWords(nearestMiss)]
  return verdict === 'undecided'
    ? []
    : ['No change of one or two values of this request gives the other verdict.']
}

function missInWords({ changes, verdict }: NearestMiss): string {
  return `It would be ${VERDICTS[verdict].toLowerCase()} with ${changesInWords(changes)}.`
}
