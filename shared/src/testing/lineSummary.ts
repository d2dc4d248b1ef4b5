import type { LogLine } from '../logs/logLine.js'
import { parseLogs } from '../logs/parseLogs.js'

/** What a reader takes from the first line of a log: proxy, verdict, decision, client and destination. */
export function summaryOfLine(text: string): string {
  return summariesOfLines(text)[0] ?? 'nothing'
}

/** The same for each line. */
export function summariesOfLines(text: string): readonly string[] {
  return parseLogs(text).lines.map(summary)
}

function summary(found: LogLine): string {
  const { client, destination, decision, http, isDryRun, showsIdentity } = found
  const decided =
    decision.kind === 'policy'
      ? `${decision.namespace}/${decision.name}${decision.rule === undefined ? '' : ` rule ${decision.rule}`}`
      : decision.kind
  const account = client.identity
    ? `${client.identity.namespace}/${client.identity.serviceAccount}`
    : showsIdentity
      ? 'plaintext'
      : 'unknown'
  const place =
    destination.pod === undefined && destination.host !== undefined
      ? destination.host
      : `${destination.namespace ?? '?'}/${destination.pod ?? '?'}`
  const request = http ? ` ${http.method ?? ''} ${http.path ?? ''}` : ''
  return `${found.proxy} ${found.verdict}${isDryRun ? ' (dry run)' : ''} ${decided} | ${account} ${client.ip ?? '?'} -> ${place}:${destination.port ?? '?'}${request.trimEnd()}`
}
