import { listed } from '../text/words.js'
import { shortPrincipal } from '../vocabulary/principal.js'
import { NO_PROXY, reasonInWords } from './reasonInWords.js'
import type { AccessAnswer, AccessRequest, Hop, Verdict } from './request.js'

const VERDICTS: Readonly<Record<Verdict, string>> = {
  allow: 'Allowed',
  deny: 'Denied',
  undecided: 'Undecided',
}

/** The answer and its reason in one sentence: where the request is denied, and which identity is not allowed there. */
export function verdictInWords(
  { verdict, hops }: Pick<AccessAnswer, 'verdict'> & { readonly hops: readonly AnsweredHop[] },
  from: AccessRequest['from'],
): string {
  const deciding = hops.find((hop) => hop.verdict !== 'allow')
  if (deciding)
    return `${VERDICTS[verdict]} at ${deciding.point} ${deciding.name}: ${whyNot(deciding, from)}.`
  if (hops.length === 0) return `${VERDICTS[verdict]}: ${NO_PROXY}.`
  const reasons = hops.map((hop) => `${reasonInWords(hop)} at ${hop.point} ${hop.name}`)
  return `${VERDICTS[verdict]}: ${listed(reasons)}.`
}

type AnsweredHop = Omit<Hop, 'place'>

function whyNot(hop: AnsweredHop, from: AccessRequest['from']): string {
  const { evidence, identity, policy, point } = hop
  if (policy !== null || evidence.length === 0) return reasonInWords(hop)
  const policies = `${listed(evidence)} ${evidence.length === 1 ? 'does' : 'do'} not allow`
  if (identity === null) return `${policies} a client without an identity`
  const seen = shortPrincipal(identity)
  const client = `${from.namespace ?? ''}/${from.serviceAccount ?? ''}`
  return from.namespace === undefined || seen === client
    ? `${policies} this request of ${seen}`
    : `${policies} ${seen}, which ${point} sees instead of ${client}`
}
