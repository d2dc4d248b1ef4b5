import { brief } from './problem.js'
import {
  checkIp,
  checkPort,
  checkServiceAccount,
  checkWildcard,
  type ValueCheck,
} from './values.js'

// Keys of `when` (`security.go` ValidateAttribute, docs/semantics.md §8.2 row 26).

/** Keys that name an entry in brackets: `request.headers[x-a]`. */
const WITH_ENTRY = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.']
const PLAIN = [
  'source.ip',
  'remote.ip',
  'source.namespace',
  'source.serviceAccount',
  'source.principal',
  'source.trustDomain',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'destination.ip',
  'destination.port',
  'connection.sni',
]
const VALUE_CHECKS: ReadonlyMap<string, ValueCheck> = new Map([
  ['source.ip', checkIp],
  ['remote.ip', checkIp],
  ['destination.ip', checkIp],
  ['destination.port', checkPort],
  ['source.serviceAccount', checkServiceAccount],
  ['source.trustDomain', checkWildcard],
])

/** What is wrong with a key that is not empty. */
export const checkConditionKey: ValueCheck = (key) => {
  if (WITH_ENTRY.some((prefix) => key.startsWith(prefix)))
    return hasEntry(key) ? undefined : `bad key "${brief(key)}": it should have the format a[b].`
  if (PLAIN.includes(key)) return undefined
  if (key === 'destination.namespace')
    return 'attribute destination.namespace is replaced by the metadata.namespace.'
  if (key.startsWith('destination.labels'))
    return `attribute ${brief(key)} is replaced by the workload selector.`
  if (key === 'destination.name' || key === 'destination.user')
    return `deprecated attribute ${key}: it was only supported in v1alpha1.`
  return `unknown attribute "${brief(key)}".`
}

/** What the values of a key must be like. */
export function conditionValueCheck(key: string): ValueCheck | undefined {
  return VALUE_CHECKS.get(key)
}

function hasEntry(key: string): boolean {
  const open = key.indexOf('[')
  return key.endsWith(']') && open > 0 && open < key.length - 2
}
