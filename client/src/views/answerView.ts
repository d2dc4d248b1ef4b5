import type {
  EvaluateAnswer,
  EvaluateHop,
  NearestMiss,
  Verdict,
} from '@istio-ambient-policy/shared'
import { draftInWords, type RequestDraft } from '../commands/requestDraft.js'
import { requestPicture } from '../picture/requestPicture.js'
import { linkOf } from './link.js'
import { Links } from './links.js'
import { EXPORTS, pictureActions, picturePart } from './picturePart.js'
import type { Cell, View } from './view.js'
import type { PanelContent } from './viewPanel.js'

const VERDICTS: Readonly<Record<Verdict, string>> = {
  allow: 'Allowed',
  deny: 'Refused',
  undecided: 'Undecided',
}

/** The page about one request: the verdict, every hop with what it rests on, and the way as a picture. */
export function answerView(
  draft: RequestDraft,
  answer: EvaluateAnswer,
  change: () => unknown,
): PanelContent {
  const links = new Links()
  const picture = requestPicture(draft, answer)
  const view: View = {
    kind: 'answer',
    title: 'Evaluate request',
    heading: draftInWords(draft),
    verdict: {
      verdict: answer.verdict,
      text: `${VERDICTS[answer.verdict]}${answer.hops.length === 0 ? ': no proxy of the mesh judges it' : ''}`,
    },
    actions: [{ id: 'change', label: 'Evaluate another request…' }, ...EXPORTS],
    tables:
      answer.hops.length === 0
        ? []
        : [
            {
              caption: 'Hop by hop',
              columns: ['Hop', 'Sees the identity', 'Verdict', 'Policy and rule'],
              rows: answer.hops.map((hop) => rowOf(hop, links)),
            },
          ],
    notes: [
      {
        heading: 'Nearest miss',
        texts: answer.nearestMiss ? [missInWords(answer.nearestMiss)] : [],
      },
      {
        heading: 'Taken to be so',
        texts: ['These files are the whole mesh.', ...answer.assumptions],
      },
    ],
    ...picturePart(picture, links),
  }
  return { view, places: links.places, picture, actions: { change, ...pictureActions() } }
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
    { text: VERDICTS[hop.verdict], verdict: hop.verdict, more: [{ text: hop.reason }] },
    hop.policy !== null
      ? { text: `${hop.policy}${rule}`, ...links.add(linkOf(hop)) }
      : inForce.length > 0
        ? { text: 'none matched of', more: inForce }
        : { text: 'none in force' },
  ]
}

function missInWords({ changes, verdict }: NearestMiss): string {
  const changed = changes
    .map(({ field, value }) => `${field === 'from' ? 'client' : field} ${value}`)
    .join(' and ')
  return `It would be ${VERDICTS[verdict].toLowerCase()} with ${changed}.`
}
