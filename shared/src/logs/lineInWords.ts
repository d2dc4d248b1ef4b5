import { reasonInWords } from '../access/reasonInWords.js'
import type { LineExplanation } from './explainLine.js'
import type { LogLine } from './logLine.js'

/** What the words of an explanation depend on. */
export interface LineWords extends Pick<LineExplanation, 'hop' | 'policy' | 'rule' | 'meaning'> {
  readonly log: LogLine['format']
  readonly verdict: LogLine['verdict']
  readonly dryRun: boolean
  /** The words of the log. */
  readonly reason: string
  /** The ALLOW policies that apply, if none of them matched. */
  readonly unmatched: { readonly length: number }
}

/** `ztunnel shop/cart port 8080, sees cluster.local/ns/shop/sa/web`. */
export function proxyInWords({ hop, log }: Pick<LineWords, 'hop' | 'log'>): string {
  const name =
    hop.name === null
      ? log.startsWith('ztunnel')
        ? 'ztunnel'
        : 'Envoy'
      : `${hop.point} ${hop.name}`
  const port = hop.port === null ? '' : ` port ${hop.port}`
  return `${name}${port}${hop.identity === null ? '' : `, sees ${hop.identity}`}`
}

/** `denied`, or `would be denied (dry run)`. */
export function loggedVerdictInWords({
  verdict,
  dryRun,
}: Pick<LineWords, 'verdict' | 'dryRun'>): string {
  const words = { allow: 'allowed', deny: 'denied', failed: 'failed' }[verdict]
  return dryRun ? `would be ${words} (dry run)` : words
}

/** What decided: a policy and its rule, or what the words of the log mean. */
export function causeInWords({
  policy,
  rule,
  reason,
  meaning,
  verdict,
  unmatched,
}: Omit<LineWords, 'hop' | 'log' | 'dryRun'>): string {
  if (unmatched.length > 0)
    return `No ALLOW rule matched. ${unmatched.length === 1 ? '1 ALLOW policy applies' : `${unmatched.length} ALLOW policies apply`}`
  if (policy === null) return meaning ?? `the log says: ${reason}`
  const decided = reasonInWords({ reason, policy, verdict: verdict === 'deny' ? 'deny' : 'allow' })
  return `${decided}${rule === null ? '' : ` rule ${rule}`}`
}
