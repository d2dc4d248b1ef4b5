import type { LoggedDecision, LogLine } from './logLine.js'

type Decided = Pick<LogLine, 'verdict' | 'decision' | 'isDryRun'>

const REJECTED = 'connection closed due to policy rejection'
/** Of a rejection, and of a change that ends the connection. A long line can be cut off after it. */
const CLOSED_BY_POLICY = 'connection closed due to policy'

/** Whether an error says that a policy rejected the connection. */
export function isRejection(error: string | undefined): boolean {
  return error?.includes(REJECTED) === true
}

/** The words about a rejection in a text; undefined if it has none. */
export function rejectionIn(text: string): string | undefined {
  const start = text.indexOf(REJECTED)
  return start < 0 ? undefined : text.slice(start).replace(/["'`\s]+$/, '')
}

const CUT_OFF = 'the connection failed, and the reason at the end of the line is missing.'

/** Errors of ztunnel that no policy causes, by the start of their text (`src/proxy.rs`). */
const OTHER_ERRORS: readonly (readonly [start: string, why: string])[] = [
  [
    'connection timed out, maybe a NetworkPolicy is blocking HBONE port 15008',
    'no policy of Istio decided: the connection to port 15008 timed out. Check the NetworkPolicies of the destination.',
  ],
  ['connection failed: Connection refused', 'the destination does not listen on this port.'],
  ['connection failed', 'no policy decided: the destination could not be reached.'],
  ['http status: 503', 'no policy decided: the other side had no healthy destination.'],
  ['http status', 'no policy decided: the other side answered with this status.'],
  ['unknown waypoint', 'no policy decided: ztunnel does not know the waypoint.'],
  ['no healthy upstream', 'no policy decided: the Service has no healthy destination.'],
  ['tls error', 'no policy decided: the mutual TLS connection failed.'],
  ['identity error', 'no policy decided: ztunnel has no certificate for the client.'],
  ['dns', 'no policy decided: the name of the destination could not be resolved.'],
  ['io error', 'no policy decided: one side closed the connection.'],
  ['workload not found', 'no policy decided: ztunnel does not know the destination.'],
]

/**
 * What an `error` of ztunnel's access log says; without one the connection was allowed.
 *
 * @param isError the level of the line is `error`, so that its reason is cut off if it has none.
 */
export function decisionOfError(error: string | undefined, isError: boolean): Decided {
  const isDryRun = false
  if (error === undefined || error === '')
    return isError
      ? { verdict: 'failed', decision: { kind: 'other', why: CUT_OFF }, isDryRun }
      : { verdict: 'allow', decision: { kind: 'not named' }, isDryRun }
  // Unlike 403 and 503, ztunnel answers 401 only if a policy of the destination denies.
  if (error.startsWith('http status: 401'))
    return { verdict: 'deny', decision: { kind: 'not named' }, isDryRun }
  if (error.includes(REJECTED)) {
    const decision = decisionOfRejection(error)
    return { verdict: decision.kind === 'other' ? 'failed' : 'deny', decision, isDryRun }
  }
  if (error.includes(CLOSED_BY_POLICY))
    return { verdict: 'deny', decision: { kind: 'not named' }, isDryRun }
  const why = OTHER_ERRORS.find(([start]) => error.startsWith(start))?.[1]
  return {
    verdict: 'failed',
    decision: { kind: 'other', why: why ?? 'no policy decided: the connection failed.' },
    isDryRun,
  }
}

function decisionOfRejection(error: string): LoggedDecision {
  if (error.includes('none allowed')) return { kind: 'no ALLOW matched' }
  const [, namespace, name] = /explicitly denied by: ([^/\s]*)\/(\S+)/.exec(error) ?? []
  if (namespace !== undefined && name !== undefined)
    return { kind: 'policy', namespace, name, rule: undefined }
  const reason = error.slice(error.indexOf(REJECTED) + REJECTED.length)
  return /workload (not found|mismatch)/.test(reason)
    ? { kind: 'other', why: 'ztunnel does not know this destination under this address.' }
    : { kind: 'not named' }
}

const MESSAGES = [
  ['deny policy match', 'deny'],
  ['allow policy match', 'allow'],
  ['no allow policies matched', 'deny'],
  ['no allow policies match', 'deny'],
  ['no allow policies, allow', 'allow'],
] as const

/** What a message of ztunnel about policies says; undefined for other messages (`assert_rbac`). */
export function decisionOfMessage(
  message: string,
  policy: string | undefined,
): Decided | undefined {
  const isDryRun = message.startsWith('dry-run')
  const words = message.replace(/^dry-run:? /, '')
  const verdict = MESSAGES.find(([text]) => text === words)?.[1]
  if (verdict === undefined) return undefined
  const [namespace = '', name = ''] = (policy ?? '').split('/')
  const decision: LoggedDecision = words.startsWith('no allow policies, allow')
    ? { kind: 'no ALLOW applies' }
    : words.startsWith('no allow')
      ? { kind: 'no ALLOW matched' }
      : policy === undefined
        ? { kind: 'not named' }
        : { kind: 'policy', namespace, name, rule: undefined }
  return { verdict, decision, isDryRun }
}
