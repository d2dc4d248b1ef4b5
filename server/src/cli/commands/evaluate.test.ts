import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH, words } from '../testing/commandMesh.js'

const request = (id: string, method: string): string =>
  JSON.stringify({
    id,
    from: { namespace: 'shop', serviceAccount: 'web' },
    to: { service: 'shop/api', port: 80 },
    http: { method, path: '/' },
  })
const REQUESTS = `${request('1', 'GET')}\n\n${request('2', 'POST')}\n`

const { run, remove } = createCliFolder({ 'good/mesh.yaml': MESH, 'requests.jsonl': REQUESTS })
afterAll(remove)

/** Runs `evaluate` for a request to the Service api. */
async function evaluate(options: string): Promise<string> {
  return (await run(words(`evaluate --to service shop/api --port 80 ${options} good`))).out
}

async function evaluateRequests(...options: string[]): Promise<unknown[]> {
  const { out } = await run(['evaluate', '--requests', 'requests.jsonl', ...options, 'good'])
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

it('evaluate explains the answer of each proxy in words', async () => {
  const out = await evaluate('--from shop/web --method POST --path /')
  expect(out).toContain('shop/web → Service shop/api port 80 POST /: denied\n')
  expect(out).toContain(
    '  1. waypoint shop/waypoint port 80, sees cluster.local/ns/shop/sa/web: denied\n     no ALLOW rule matched\n     policies without a matching rule: shop/readers\n',
  )
})

it('evaluate names the rule that allows a request, with its place', async () => {
  expect(await evaluate('--from shop/web --method GET --path /')).toContain(
    '     allowed by shop/readers rule 0 (good/mesh.yaml:',
  )
})

it('evaluate --requests prints one answer per line in the documented shape', async () => {
  const answers = await evaluateRequests()
  expect(answers).toMatchObject([
    { id: '1', verdict: 'allow' },
    { id: '2', verdict: 'deny' },
  ])
  expect(answers[0]).toMatchObject({
    hops: [
      {
        point: 'waypoint',
        name: 'shop/waypoint',
        identity: 'cluster.local/ns/shop/sa/web',
        port: 80,
        verdict: 'allow',
        policy: 'shop/readers',
        rule: 0,
        file: 'good/mesh.yaml',
      },
      {
        point: 'ztunnel',
        name: 'shop/api',
        identity: 'cluster.local/ns/shop/sa/waypoint',
        port: 8080,
        verdict: 'allow',
      },
    ],
  })
  expect(answers[0]).toHaveProperty('hops.0.range.start.line')
})

it('the answer of a single request has the smallest change that gives the other verdict', async () => {
  expect(await evaluate('--from shop/web --path / --method POST')).toContain(
    '\n  It would be allowed with method GET.\n',
  )
  expect(await evaluate('--from shop/web --path / --method GET --format json')).toContain(
    '"nearestMiss":null}\n',
  )
  expect(await evaluate('--from x/y --method POST')).toContain(
    'It would be allowed with client shop/web and method GET.',
  )
})

it('the answers of --requests have the smallest change only with --nearest-miss', async () => {
  expect(JSON.stringify(await evaluateRequests())).not.toContain('nearestMiss')
  expect(await evaluateRequests('--nearest-miss')).toMatchObject([
    { id: '1', nearestMiss: null },
    { id: '2', nearestMiss: { changes: [{ field: 'method', value: 'GET' }], verdict: 'allow' } },
  ])
})

it('evaluate --requests - reads standard input', async () => {
  const { out } = await run(['evaluate', '--requests', '-', 'good'], { stdin: REQUESTS })
  expect(out.trimEnd().split('\n')).toHaveLength(2)
})

it('evaluate accepts repeated headers and claims', async () => {
  const { out } = await run([
    ...words('evaluate --from shop/web --port 8080 --format json'),
    '--to=workload shop/api',
    ...words('--header x-a=1 --header x-a=2 --claim iss=me --claim sub=you good'),
  ])
  expect(out).toContain('"verdict":"allow"')
})

it.each([
  ['service shop/apis', 'service shop/apis is not in these files; did you mean service shop/api?'],
  ['workload shop/apj', 'workload shop/apj is not in these files; did you mean service shop/api?'],
  ['service shop/nothing', 'service shop/nothing is not in these files'],
])('evaluate is undecided for the unknown destination "%s", and says why', async (to, line) => {
  const request = ['--from', 'shop/web', '--to', to, '--port', '80']
  const { status, out, errors } = await run(['evaluate', ...request, 'good'])
  expect({ status, errors }).toEqual({ status: 0, errors: [line] })
  expect(out).toMatch(/^[^\n]*: undecided\n/)
})

it('evaluate names the ports of a Service that has another port', async () => {
  const request = ['--from', 'shop/web', '--to', 'service', 'shop/api', '--port', '81']
  expect((await run(['evaluate', ...request, 'good'])).errors).toEqual([
    'service shop/api has no TCP port 81 in these files: it has 80',
  ])
})

it('evaluate reads the port in the name of the destination', async () => {
  const evaluated = async (...to: readonly string[]) =>
    run(['evaluate', '--from', 'shop/web', '--to', ...to, 'good'])
  expect(await evaluated('service', 'shop/api:80')).toEqual(
    await evaluated('service', 'shop/api', '--port', '80'),
  )
})

it.each([
  [['evaluate', '--from', 'shop/wbe', '--to', 'service', 'shop/api:80'], 'shop/wbe', 'shop/web'],
  [['access', '--from', 'shop/weeb'], 'shop/weeb', 'shop/web'],
])('%j names the similar account of a workload', async (args, account, similar) => {
  const workload = `
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {serviceAccountName: web, containers: [{name: web, image: web}]}
`
  const { errors } = await run([...args, '-'], { stdin: `${MESH}${workload}` })
  expect(errors).toEqual([
    `no workload in these files has the service account ${account}; did you mean ${similar}?`,
  ])
  const other = args.map((arg) => (arg === account ? 'elsewhere/client' : arg))
  expect((await run([...other, '-'], { stdin: `${MESH}${workload}` })).errors).toEqual([])
})
