import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH } from '../testing/commandMesh.js'

const { run, remove } = createCliFolder({ 'good/mesh.yaml': MESH })
afterAll(remove)

async function access(...args: string[]): Promise<{ clients: string[]; requests: unknown }[]> {
  const { out } = await run(['access', ...args, '--format', 'json', 'good'])
  return (JSON.parse(out) as { access: { clients: string[]; requests: unknown }[] }).access
}

it('access --to shows who can reach a Service, with which requests', async () => {
  expect(await access('--to', 'service', 'shop/api:80')).toMatchObject([
    {
      target: { service: 'shop/api', port: 80 },
      clients: ['shop/web'],
      requests: { method: ['GET'] },
      witness: {
        from: { namespace: 'shop', serviceAccount: 'web' },
        http: { method: 'GET', path: '/' },
      },
      verdict: 'allow',
      throughWaypoint: true,
      because: {
        reason: 'allowed by shop/readers',
        policy: 'shop/readers',
        file: 'good/mesh.yaml',
      },
    },
    {
      clients: ['clients outside the mesh'],
      requests: {},
      verdict: 'allow',
      throughWaypoint: false,
      because: { policy: null, file: null, range: null },
    },
  ])
})

it('the constants of the question are exact', async () => {
  expect(await access('--from', 'shop/web', '--method', 'DELETE')).toEqual([])
  expect(await access('--from', 'shop/web', '--method', 'G*')).toMatchObject([
    { clients: ['shop/web'], requests: { method: ['GET'] } },
  ])
  expect(await access('--from', 'namespace:shop')).toMatchObject([{ clients: ['shop/web'] }])
  expect(await access('--from', 'namespace:other')).toEqual([])
})

it('--not-through waypoint leaves only requests that bypass the waypoint', async () => {
  expect(await access('--to', 'namespace:shop', '--not-through', 'waypoint')).toMatchObject([
    { clients: ['clients outside the mesh'], throughWaypoint: false },
  ])
})

it('the text groups destinations, and counts them', async () => {
  const { out } = await run(['access', '--from', 'shop/web', 'good'])
  expect(out).toBe(`Service shop/api port 80
  clients:  shop/web
  requests: method GET, through a waypoint
  verdict:  allowed by shop/readers (good/mesh.yaml:33)
  example:  ambient-policy evaluate --from shop/web --to service shop/api --port 80 --method GET --path / good

assumption: the client shop/web runs in a pod in ambient mode
assumption: the waypoint shop/waypoint is ready
such requests can reach 1 destination
`)
})

it.each([
  [[], 'missing --from or --to'],
  [['--from', 'web'], '--from must be NAMESPACE/SERVICE-ACCOUNT, not "web"'],
  [['--to', 'service', 'shop/none'], 'these files have no destination service shop/none'],
  [
    ['--to', 'service', 'shop/apis:80'],
    'these files have no destination service shop/apis:80; did you mean service shop/api?',
  ],
  [
    ['--to', 'shop/api'],
    '--to must be "service NAMESPACE/NAME[:PORT]", "workload NAMESPACE/NAME[:PORT]", "host NAME[:PORT]" or "namespace:NAME", not "shop/api"',
  ],
])('access %j is a wrong command line', async (args, message) => {
  expect(await run(['access', ...args, 'good'])).toEqual({ status: 2, out: '', errors: [message] })
})
