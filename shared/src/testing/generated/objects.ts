import fc from 'fast-check'
import { ACCOUNTS, APPS, maybe, pick, seldom, SPACES, type Labels } from './values.js'

export const useWaypoint = {
  'istio.io/use-waypoint': pick('waypoint', 'waypoint', 'waypoint', 'waypoint', 'gone', 'none'),
  'istio.io/use-waypoint-namespace': pick('alpha', 'beta'),
}
export const namespaceLabels = fc
  .record(
    {
      'istio.io/dataplane-mode': pick('ambient', 'ambient', 'ambient', 'ambient', 'none'),
      'istio-injection': pick('disabled', 'enabled'),
      ...useWaypoint,
      'istio.io/ingress-use-waypoint': pick('true', 'yes'),
    },
    { requiredKeys: ['istio.io/dataplane-mode'] },
  )
  .map((labels): Labels =>
    labels['istio-injection'] === 'enabled' && labels['istio.io/use-waypoint']
      ? { ...labels, 'istio-injection': 'disabled' }
      : labels,
  )
const podLabels = fc
  .record({
    app: pick(...APPS),
    mode: seldom(pick('none', 'ambient')),
    inject: seldom(pick('true', 'false')),
    waypoint: seldom(pick('waypoint', 'none')),
  })
  .map(({ app, mode: dataplane, inject, waypoint }): Labels => ({
    app,
    ...(dataplane ? { 'istio.io/dataplane-mode': dataplane } : {}),
    ...(inject ? { 'sidecar.istio.io/inject': inject } : {}),
    ...(waypoint ? { 'istio.io/use-waypoint': waypoint } : {}),
  }))
export const pod = fc.record({
  namespace: pick(...SPACES),
  labels: fc.option(podLabels, { nil: undefined, freq: 6 }),
  account: pick(...ACCOUNTS),
  hostNetwork: seldom(fc.constant(true)),
})
export const service = fc.record({
  namespace: pick(...SPACES),
  labels: fc.record(
    { ...useWaypoint, 'istio.io/ingress-use-waypoint': pick('true', '1', 'yes') },
    { requiredKeys: [] },
  ),
  headless: seldom(fc.constant(true)),
  ports: fc.uniqueArray(
    fc
      .record({
        port: pick(80, 9090),
        targetPort: pick<number | string>(8080, 9090, 'web'),
        name: pick('http', 'tcp-db', 'other'),
      })
      .map((port) => ({ ...port, name: `${port.name}-${port.port}` })),
    { minLength: 1, maxLength: 2, selector: ({ port }) => port },
  ),
})
export const gateway = fc.record({
  namespace: pick(...SPACES),
  name: pick('waypoint', 'waypoint', 'ingress'),
  waypointFor: maybe(pick('service', 'workload', 'all', 'none')),
  from: maybe(pick('All', 'Same')),
})
