import {
  changesInWords,
  reasonInWords,
  shortPrincipal,
  verdictInWords,
  type EvaluateAnswer,
  type EvaluateFinding,
  type EvaluateHop,
  type NearestMiss,
  type Verdict,
} from '@istio-ambient-policy/shared'
import { commands, l10n } from 'vscode'
import { draftInWords, type RequestDraft } from '../commands/requestDraft.js'
import { requestPicture } from '../picture/requestPicture.js'
import { EXPORTS } from './exports.js'
import { linkOf } from './link.js'
import { Links } from './links.js'
import { pictureActions, picturePart } from './picturePart.js'
import { openLink } from './openLink.js'
import type { Cell, View, ViewTable } from './view.js'
import type { PanelContent } from './viewPanel.js'
import { assumptionsNote, FINDING_COLUMNS, VERDICTS } from './words.js'

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
    title: l10n.t('Evaluate request'),
    heading: draftInWords(draft),
    verdict: {
      verdict: answer.verdict,
      text: verdictInWords(answer, draft.from ?? {}),
    },
    lead: smallestChange(answer),
    actions: [
      ...(fixable ? [{ id: 'fix', label: l10n.t('Show fixes of {0}', fixable.rule) }] : []),
      { id: 'change', label: l10n.t('Evaluate another request…') },
      { id: 'pin', label: l10n.t('Pin as test') },
      ...EXPORTS,
    ],
    tables:
      answer.hops.length === 0
        ? []
        : [
            ...findingsTable(answer, links),
            {
              caption: l10n.t('Answer of each proxy'),
              columns: [
                l10n.t('Proxy'),
                l10n.t('Client identity'),
                l10n.t('Verdict'),
                l10n.t('Policy and rule'),
              ],
              rows: answer.hops.map((hop) => rowOf(hop, links)),
            },
          ],
    notes: [assumptionsNote(answer.assumptions)],
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
          caption: l10n.t('Findings about these policies'),
          columns: FINDING_COLUMNS,
          rows: findings.map(({ rule, message, ...place }): Cell[] => [
            { text: message, ...links.add(linkOf(place)) },
            { text: rule, ...links.add({ pageOfRule: rule }) },
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
    { text: `${hop.point} ${hop.name}`, more: [{ text: l10n.t('port {0}', hop.port) }] },
    hop.identity === null
      ? { text: l10n.t('none') }
      : { text: shortPrincipal(hop.identity), tooltip: hop.identity },
    {
      text: VERDICTS[hop.verdict],
      verdict: hop.verdict,
      more: [
        { text: reasonInWords(hop), tooltip: l10n.t('In the log of the proxy: {0}', hop.reason) },
      ],
    },
    hop.policy !== null
      ? { text: `${hop.policy}${rule}`, ...links.add(linkOf(hop)) }
      : inForce.length > 0
        ? { text: l10n.t('no match in'), more: inForce }
        : { text: l10n.t('no policy applies') },
  ]
}

function smallestChange({ nearestMiss, verdict }: EvaluateAnswer): string[] {
  if (nearestMiss) return [missInWords(nearestMiss)]
  const inWords: Readonly<Record<Verdict, readonly string[]>> = {
    allow: [l10n.t('No change of one or two values of this request would deny it.')],
    deny: [l10n.t('No change of one or two values of this request would allow it.')],
    undecided: [],
  }
  return [...inWords[verdict]]
}

function missInWords({ changes, verdict }: NearestMiss): string {
  const changed = changesInWords(changes)
  const inWords: Readonly<Record<Verdict, string>> = {
    allow: l10n.t('It would be allowed with {0}.', changed),
    deny: l10n.t('It would be denied with {0}.', changed),
    undecided: l10n.t('It would be undecided with {0}.', changed),
  }
  return inWords[verdict]
}
