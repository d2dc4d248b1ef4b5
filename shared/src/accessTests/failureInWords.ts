import { changesInWords } from '../access/changesInWords.js'
import { reasonInWords } from '../access/reasonInWords.js'
import type { Hop } from '../access/request.js'
import { targetText } from './formatTestFile.js'
import { clientInWords, httpInWords } from './requestInWords.js'
import { VERDICT_WORDS } from './runCase.js'
import type { TestFailure } from './testResult.js'

/** A failure in lines: the message, the request, the answer of each proxy, and the smallest change. */
export function failureInWords({
  message,
  request,
  answer,
  nearestMiss,
  requests,
}: TestFailure): string[] {
  if (!request || !answer) return [message]
  return [
    message,
    `${clientInWords(request.from)} → ${targetText(request.to)}${httpInWords(request)}: ${VERDICT_WORDS[answer.verdict]}`,
    ...answer.hops.map((hop, index) => hopInWords(hop, index + 1)),
    ...(nearestMiss
      ? [
          `It would be ${VERDICT_WORDS[nearestMiss.verdict]} with ${changesInWords(nearestMiss.changes)}.`,
        ]
      : []),
    ...(requests ? [`All clients with this result: ${requests.clients.join(', ')}`] : []),
  ]
}

function hopInWords(hop: Hop, number: number): string {
  const { point, name, port, identity, verdict, evidence } = hop
  const sees = identity === null ? 'sees no identity' : `sees ${identity}`
  const policies = evidence.length > 0 ? ` in ${evidence.join(', ')}` : ''
  return `${number}. ${point} ${name} port ${port}, ${sees}: ${VERDICT_WORDS[verdict]}, ${reasonInWords(hop)}${policies}`
}
