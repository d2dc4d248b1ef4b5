import { evaluateRequest } from '../access/evaluateRequest.js'
import { nearestMiss } from '../access/nearestMiss.js'
import type { AccessAnswer, AccessRequest, Verdict } from '../access/request.js'
import type { Mesh } from '../mesh/mesh.js'
import { CONVERTED_PREFIX } from '../ztunnel/peerAuthentication.js'
import { judgementOf } from '../space/decider.js'
import { namesOfRequests } from './requestInWords.js'
import { kindOfTarget, missingTarget, templatesOf } from './templates.js'
import type { AccessCase } from './testFile.js'
import type { TestFailure, TestResult } from './testResult.js'
import { unknownClients } from './unknownClients.js'

/** For more failures of a case, the nearest miss is not searched. */
const MOST_MISSES = 3

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  allow: 'allowed',
  deny: 'denied',
  undecided: 'undecided',
}

/** Evaluates each request of a case. */
export function runCase(mesh: Mesh, test: AccessCase): TestResult {
  const failures: TestFailure[] = []
  const answers: AccessAnswer[] = []
  const nameOf = namesOfRequests(test.requests)
  let reason: string | undefined
  for (const request of test.requests) {
    const answer = evaluateRequest(mesh, request)
    answers.push(answer)
    const missing = missingFor(mesh, request, answer)
    const templates =
      missing === undefined ? undefined : templatesOf(mesh, [kindOfTarget(request.to)])
    if (templates !== undefined)
      reason = `There is no ${missing ?? ''} in these files, which have ${templates}.`
    else {
      const message =
        missing === undefined
          ? mismatch(test, nameOf(request), answer)
          : `There is no ${missing} in these files.`
      if (message !== undefined)
        failures.push({
          message,
          request,
          answer,
          nearestMiss:
            missing === undefined && failures.length < MOST_MISSES && answer.verdict !== test.expect
              ? nearestMiss(mesh, request)
              : undefined,
          requests: undefined,
        })
    }
  }
  const status = failures.length > 0 ? 'failed' : reason === undefined ? 'passed' : 'skipped'
  return { test, status, failures, reason, answers, notes: unknownClients(mesh, test) }
}

/** The destination that is not in the files. A host without a ServiceEntry is not missing if no proxy is on the way. */
function missingFor(
  mesh: Mesh,
  { to }: AccessRequest,
  { verdict }: AccessAnswer,
): string | undefined {
  return 'host' in to && verdict !== 'undecided' ? undefined : missingTarget(mesh, to)
}

function mismatch(
  { expect, by }: AccessCase,
  subject: string,
  answer: AccessAnswer,
): string | undefined {
  const { verdict } = answer
  if (verdict !== expect)
    return `${subject} is ${VERDICT_WORDS[verdict]}, but must be ${VERDICT_WORDS[expect]}.`
  if (by === undefined || deciders(answer).has(by)) return undefined
  const { decider } = judgementOf(answer)
  return `${subject} is ${VERDICT_WORDS[verdict]}, but "${by}" must decide: ${decider.words}.`
}

/**
 * The policies that decide: those of the matching rules, and the ALLOW policies without a matching rule. A
 * PeerAuthentication has its own name, and the name in ztunnel.
 */
export function deciders({ verdict, hops }: AccessAnswer): ReadonlySet<string> {
  return new Set(
    hops
      .filter((hop) => hop.verdict === verdict)
      .flatMap(({ policy, evidence }) => [
        ...(policy === null ? [] : [policy, policy.replace(`/${CONVERTED_PREFIX}`, '/')]),
        ...evidence,
      ]),
  )
}
