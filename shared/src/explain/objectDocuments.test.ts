import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { analyse, replaceIn } from '../testing/index.js'
import { hasObjectDocument, objectDocument, type ObjectDocumentKind } from './objectDocuments.js'

const MESH = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop, labels: {istio.io/use-waypoint: nowhere}}
spec: {selector: {app: api}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec: {serviceAccountName: api}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  rules:
  - from: [{source: {namespaces: [web]}}]
  - to: [{operation: {methods: [GET]}}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: target, namespace: shop}
spec: {targetRefs: [{group: "", kind: Service, name: api}], rules: [{}]}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: strict, namespace: shop}
spec: {mtls: {mode: STRICT}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: api, namespace: shop}
`

function document(
  kind: ObjectDocumentKind,
  name: string,
  world: 'closed' | 'open' = 'closed',
): string | undefined {
  const { mesh, files } = analyse(MESH, { world })
  const resource = [...files.values()]
    .flatMap(({ documents }) => documents.flatMap(({ facts }) => facts.resources))
    .find((candidate) => `${candidate.type} ${candidate.name}` === name)!
  const text = objectDocument(mesh, resource, kind)
  expect(hasObjectDocument(resource, kind)).toBe(text !== undefined)
  expect(text?.match(/^(\/\/|#).{50,}$/m) ?? null).toBeNull()
  return text?.replaceAll(/\n(\/\/|#) {3}/g, ' ')
}

function statusMessages(text: string | undefined): unknown {
  const { status } = parse(text ?? '') as { status: { conditions: { message: string }[] } }
  return status.conditions.map(({ message }) => message)
}

it('the document shows what ztunnel receives, in the shape of its config dump', () => {
  const text = document('received', 'AuthorizationPolicy readers')!
  const [title, , rule] = text.split('\n')
  expect(title).toBe('// What ztunnel receives for AuthorizationPolicy shop/readers')
  expect(rule).toContain('// rules[1]: ztunnel sees only connections')
  expect(JSON.parse(replaceIn(text, [/^\/\/.*$/gm, '']))).toMatchObject({
    name: 'readers',
    namespace: 'shop',
    action: 'Allow',
    scope: 'WorkloadSelector',
  })
  expect(document('received', 'AuthorizationPolicy target')).toContain(
    '// Nothing: istiod does not send policies with targetRefs to ztunnel.',
  )
  expect(document('received', 'PeerAuthentication strict')).toContain('There is none for this one')
  expect(document('received', 'Service api')).toContain('"hostname": "api.shop.svc.cluster.local"')
  const pod = document('received', 'Pod api')!
  expect(pod).toContain('"protocol": "HBONE"')
  expect(pod).toContain('"name": "istio_converted_static_strict"')
  expect(document('received', 'ServiceAccount api')).toBeUndefined()
})

it('the document shows the conditions that istiod would write', () => {
  expect(document('status', 'AuthorizationPolicy readers')).toMatch(
    /\nstatus:\n {2}conditions:\n( {2}- type: .*\n {4}status: .*\n {4}reason: .*\n {4}message: >-\n( {6}.{1,44}\n)+)+$/,
  )
  expect(document('status', 'AuthorizationPolicy readers')).toContain(
    '- type: ZtunnelAccepted\n    status: "True"\n    reason: UnsupportedValue\n',
  )
  expect(statusMessages(document('status', 'AuthorizationPolicy readers'))).toEqual([
    expect.stringMatching(/^ztunnel does not support HTTP attributes[^\n]*\.?$/),
  ])
  expect(document('status', 'Service api')).toContain('reason: WaypointIsNotReady')
  expect(document('status', 'Pod api')).toBeUndefined()
})
