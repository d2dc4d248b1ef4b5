/** The short names of kinds in `kubectl api-resources`. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  ap: 'AuthorizationPolicy',
  pa: 'PeerAuthentication',
  ra: 'RequestAuthentication',
  se: 'ServiceEntry',
  we: 'WorkloadEntry',
  wg: 'WorkloadGroup',
  dr: 'DestinationRule',
  vs: 'VirtualService',
  gtw: 'Gateway',
  svc: 'Service',
  sa: 'ServiceAccount',
  ns: 'Namespace',
  po: 'Pod',
  deploy: 'Deployment',
  rs: 'ReplicaSet',
  sts: 'StatefulSet',
  ds: 'DaemonSet',
  cj: 'CronJob',
  netpol: 'NetworkPolicy',
}

/** Whether a word means a kind, as for kubectl: `service`, `services` or `svc`. */
export function isKindName(word: string, kind: string): boolean {
  const given = word.toLowerCase()
  const name = kind.toLowerCase()
  return (
    [name, `${name}s`, name.replace(/y$/, 'ies')].includes(given) || SHORT_NAMES[given] === kind
  )
}
