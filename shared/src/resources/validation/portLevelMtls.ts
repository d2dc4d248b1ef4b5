import { apiKey } from './apiValue.js'
import type { Field } from './field.js'
import { problemAt, type ReportProblem } from './problem.js'

/**
 * Ports of a PeerAuthentication (docs/semantics.md §8.1; `validation.go`
 * ValidatePeerAuthentication).
 */
export function checkPortLevelMtls(spec: Field, report: ReportProblem): void {
  const ports = spec.get('portLevelMtls')
  const selector = spec.get('selector')
  const isUnknown = selector.isOpaque || selector.get('matchLabels').isOpaque
  if (ports.exists && !isUnknown && selector.get('matchLabels').entries.length === 0)
    report(problemAt(ports.path, 'portLevelMtls requires selector.', { on: 'key' }))
  for (const entry of ports.entries) {
    const words = portWords(apiKey(entry))
    if (words !== undefined) report(problemAt([...ports.path, entry.key], words, { on: 'key' }))
  }
}

function portWords(port: string): string | undefined {
  if (/\$|\{\{|###/.test(port)) return undefined
  if (!/^[-+]?\d+$/.test(port))
    return 'type conversion error: a port must be a number between 1 and 65535.'
  if (Number(port) < 1 || Number(port) > 65535) return 'port must be between 1-65535.'
  // The schema accepts these, but istiod reads the key as JSON.
  return /^[1-9]/.test(port)
    ? undefined
    : 'a port must be written without a sign and leading zeros.'
}
