import { expect, it } from 'vitest'
import { MESH } from '../testing/smallMesh.js'
import { clientStarter } from '../testing/startClient.js'
import { replaceIn } from '@istio-ambient-policy/shared/testing'

const start = clientStarter()

const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: p
  namespace: shop
spec:
  targetRefs:
    - kind: Service
      group: ""
      name: api
  action: DENY
  rules:
    - from:
        - source:
            principals: [cluster.local/ns/shop/sa/default]
            namespaces: [elsewhere]
      to:
        - operation:
            methods: [GET]
      when:
        - key: source.namespace
          values: [shop]
`
const GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: shop
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      allowedRoutes:
        namespaces:
          from: Same
`
const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: api
  namespace: shop
  labels:
    istio.io/use-waypoint: waypoint
    istio.io/ingress-use-waypoint: "true"
spec:
  selector: {app: api}
  ports: [{port: 80, targetPort: 8080}]
`
const ROUTE = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec:
  parentRefs:
    - kind: Service
      name: api
`
const FILES = {
  ...MESH,
  'p.yaml': POLICY,
  'gateway.yaml': GATEWAY,
  'service.yaml': SERVICE,
  'route.yaml': ROUTE,
}

/** Every key of a text that is not in the text before it. */
function keysOf(text: string): string[] {
  return [...text.matchAll(/([A-Za-z]+):/g)].flatMap(([, key]) => key ?? [])
}

it.each(['p.yaml', 'gateway.yaml', 'route.yaml'] as const)(
  'every key of %s has a hover',
  async (name) => {
    const client = await start({ folders: { mesh: FILES } })
    await client.open(`mesh/${name}`, FILES[name])
    for (const key of keysOf(FILES[name])) {
      const hover = await client.hover(`mesh/${name}`, `${key}:`)
      expect([key, hover?.length]).toEqual([key, expect.any(Number)])
    }
  },
)

it.each([
  ['p.yaml', 'DENY', /^\*\*action: DENY\*\*\n\nDenies what a rule matches/],
  ['gateway.yaml', 'HBONE', /^\*\*protocol: HBONE\*\*/],
  ['gateway.yaml', 'from: Same', /^\*\*from\*\*[^]*- `All`: From every namespace/],
  [
    'service.yaml',
    'istio.io/ingress-use-waypoint',
    /\*\*Here\*\*: Ingress gateways use the waypoint/,
  ],
])('in %s the hover of %j says what it means', async (name, place, expected) => {
  const client = await start({ folders: { mesh: FILES } })
  await client.open(`mesh/${name}`, FILES[name as keyof typeof FILES])
  expect(await client.hover(`mesh/${name}`, place)).toMatch(expected)
})

it('a value that names an object shows the object, with a link to it', async () => {
  const client = await start({ folders: { mesh: FILES } })
  await client.open('mesh/p.yaml', POLICY)
  const service = await client.hover('mesh/p.yaml', 'api\n')
  expect(service).toMatch(/^\*\*Service shop\/api\*\*/)
  expect(service).toContain('- Waypoint: shop/waypoint')
  expect(service).toContain(`[Go to Service api](${client.uri('mesh/service.yaml')}#L4,9)`)
  const account = await client.hover('mesh/p.yaml', 'default]')
  expect(account).toMatch(/^\*\*ServiceAccount shop\/default\*\*/)
  expect(account).toContain('- Deployment shop/api (ambient)')
  expect(await client.hover('mesh/p.yaml', 'cluster.local')).toBe(account)
  expect(await client.hover('mesh/p.yaml', 'elsewhere')).toBe(
    '**Namespace elsewhere**\n\nNot in these files.\n',
  )
})

it('the hover of an object links to its waypoint, and to commands of a client that runs them', async () => {
  const client = await start({
    folders: { mesh: FILES },
    initializationOptions: { commandLinks: true, evaluateCommand: 'evaluate' },
  })
  await client.open('mesh/service.yaml', SERVICE)
  const hover = await client.hover('mesh/service.yaml', 'Service')
  expect(hover).toContain(`[Go to waypoint shop/waypoint](${client.uri('mesh/gateway.yaml')}#L4,9)`)
  expect(hover).toContain('[Evaluate request…](command:evaluate?%5B')
  const plain = await start({
    folders: { mesh: FILES },
    initializationOptions: { evaluateCommand: 'evaluate' },
  })
  await plain.open('mesh/service.yaml', SERVICE)
  expect(await plain.hover('mesh/service.yaml', 'Service')).not.toContain('command:')
})

it('a name in a file is no markup in a link', async () => {
  const name = 'a](command:x) [b'
  const client = await start({
    folders: {
      mesh: {
        ...FILES,
        'sa.yaml': `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: "${name}", namespace: shop}\n`,
      },
    },
    initializationOptions: { commandLinks: true },
  })
  const text = replaceIn(
    POLICY,
    ['principals: [cluster.local/ns/shop/sa/default]', `serviceAccounts: ["${name}"]`],
    ['            namespaces: [elsewhere]\n', ''],
  )
  await client.open('mesh/p.yaml', text)
  const hover = await client.hover('mesh/p.yaml', name)
  expect(hover).toContain('Go to ServiceAccount a\\](command:x) \\[b](')
})

it('names and fields have no hover where no file mentions Istio', async () => {
  const service = replaceIn(SERVICE, [/  labels:\n.*\n.*\n/, ''])
  const client = await start({
    folders: { mesh: { 'service.yaml': service, 'route.yaml': ROUTE } },
  })
  await client.open('mesh/service.yaml', service)
  await client.open('mesh/route.yaml', ROUTE)
  expect(await client.hover('mesh/service.yaml', 'shop')).toBeUndefined()
  expect(await client.hover('mesh/route.yaml', 'parentRefs')).toBeUndefined()
})
