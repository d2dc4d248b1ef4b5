import { count } from '../support/notes.js'
import { isUnseen, seenTargets, type PolicyTarget } from './target.js'

const UNSEEN_NAMES = {
  gateways: 'the gateways it selects',
  waypoints: 'the waypoints it selects',
  workloads: 'the workloads it covers',
} as const

/** `Deployment shop/api`, `Deployment shop/a and Deployment shop/b`, `3 workloads`. */
export function nameTargets(targets: readonly PolicyTarget[]): string {
  const unseen = targets.find(isUnseen)
  if (unseen) return UNSEEN_NAMES[unseen.unseen]
  const seen = seenTargets(targets)
  const names = [...new Set(seen.map(({ kind, name }) => `${kind} ${name}`))]
  if (names.length <= 2) return names.join(' and ')
  const kinds = new Set(seen.map(({ kind }) => kind))
  return count(names.length, nounFor(kinds))
}

function nounFor(kinds: ReadonlySet<string>): string {
  if (kinds.size === 1 && kinds.has('Gateway')) return 'gateway'
  if (kinds.has('Service')) return kinds.size === 1 ? 'Service' : 'target'
  return 'workload'
}
