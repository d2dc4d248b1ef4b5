import { expect, it } from 'vitest'
import { API, NAMESPACE } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
spec:
  selector:
    app: api
  ports:
    - port: 80
      targetPort: 8080
`
const WAYPOINT = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
`
const policy = (source: string): string => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  rules:
    - from:
        - source:
            ${source}
`
const FILES = { 'namespace.yaml': NAMESPACE, 'api.yaml': API, 'service.yaml': SERVICE }

it.each([
  [
    'principals: ["cluster.local/ns/shop/sa/web", cluster.local/ns/jobs/sa/batch] # two',
    'Change to serviceAccounts (every trust domain)',
    'serviceAccounts: ["web", jobs/batch] # two',
  ],
  [
    'notPrincipals: [cluster.local/ns/shop/sa/web]',
    'Change to serviceAccounts (every trust domain)',
    'notServiceAccounts: [web]',
  ],
  [
    'serviceAccounts: [web, jobs/batch]',
    'Change to principals (only cluster.local)',
    'principals: [cluster.local/ns/shop/sa/web, cluster.local/ns/jobs/sa/batch]',
  ],
])('the source %s is changed by "%s"', async (before, title, after) => {
  const client = await start({ folders: { mesh: { ...FILES, 'p.yaml': policy(before) } } })
  await client.open('mesh/p.yaml', policy(before))
  expect(await client.fix('mesh/p.yaml', before.slice(0, 5), title)).toBe(policy(after))
})

it.each([
  'principals: ["*/ns/shop/sa/web"]',
  'principals: ["cluster.local/ns/shop/sa/*"]',
  'principals: ["cluster.local/ns/shop/sa/web", "*"]',
  'principals: ["spiffe://cluster.local/ns/shop/sa/web"]',
  '{principals: ["cluster.local/ns/shop/sa/web"], namespaces: [shop]}',
])('the source %s has no other form', async (source) => {
  const client = await start({ folders: { mesh: { ...FILES, 'p.yaml': policy(source) } } })
  await client.open('mesh/p.yaml', policy(source))
  const actions = await client.codeActions(
    'mesh/p.yaml',
    client.rangeOf('mesh/p.yaml', 'principals'),
    ['refactor'],
  )
  expect(actions).toEqual([])
})

it('a policy for a Service is added at ztunnel, with the container port', async () => {
  const client = await start({ folders: { mesh: FILES } })
  await client.open('mesh/service.yaml', SERVICE)
  const text = await client.fix(
    'mesh/service.yaml',
    'Service',
    'Add a policy for this Service at ztunnel',
  )
  expect(text.slice(SERVICE.length)).toBe(`---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-to-api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  action: ALLOW
  rules:
    - from:
        - source:
            namespaces:
              - shop
      to:
        - operation:
            ports:
              - "8080"
`)
  expect(client.codes('mesh/service.yaml')).toEqual([])
})

it('a policy for a Service with a waypoint is added at the waypoint', async () => {
  const bound = replaceIn(SERVICE, [
    '  namespace: shop\n',
    '  namespace: shop\n  labels:\n    istio.io/use-waypoint: waypoint\n',
  ])
  const client = await start({
    folders: { mesh: { ...FILES, 'service.yaml': bound, 'waypoint.yaml': WAYPOINT } },
  })
  await client.open('mesh/service.yaml', bound)
  const text = await client.fix(
    'mesh/service.yaml',
    'Service',
    'Add a policy for this Service at its waypoint',
  )
  expect(text).toContain('  targetRefs:\n    - kind: Service\n      group: ""\n      name: api\n')
})

it('all deprecated API versions of a file are changed at once', async () => {
  const old = replaceIn(policy('namespaces: [shop]'), ['/v1\n', '/v1beta1\n'])
  const text = `${old}---\n${replaceIn(old, ['name: p', 'name: q'])}`
  const client = await start({ folders: { mesh: { ...FILES, 'p.yaml': text } } })
  await client.open('mesh/p.yaml', text)
  const changed = await client.fix(
    'mesh/p.yaml',
    'security.istio.io/v1beta1',
    'Change all 2 deprecated API versions in this file',
  )
  expect(changed).not.toContain('v1beta1')
  expect(changed.match(/security\.istio\.io\/v1\n/g)).toHaveLength(2)
})
