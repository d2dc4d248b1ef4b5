import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { ROOT, runCommand } from './docs/documents.mjs'
import * as sources from './docs/sources.mjs'

const MESH = 'test-fixtures/meshes/shop'

/** A finding that depends on an assumption. */
const ASSUMPTION = 'test-fixtures/showcase/unknown-namespace'

/** A chart with a template, which is not read. */
const CHART = 'test-fixtures/quiet/helm-chart'

/** The JSON of `docs/cli.md`, by what the line ```` ```json NAME ```` says. */
const DOCUMENTED = Object.fromEntries(
  [...readFileSync(`${ROOT}docs/cli.md`, 'utf8').matchAll(/^```json (.+)\n([\s\S]*?)^```$/gm)].map(
    ([, name, json]) => [name, JSON.parse(json)],
  ),
)

const folder = mkdtempSync(join(tmpdir(), 'json-contract-'))
const requests = join(folder, 'requests.jsonl')
const dump = join(folder, 'policies.json')
writeFileSync(requests, JSON.stringify(DOCUMENTED['evaluate request']))
/** The mesh before a change of one service account. */
const before = join(folder, 'before')
cpSync(`${ROOT}${MESH}`, before, { recursive: true })
const policies = join(before, 'policies.yaml')
writeFileSync(policies, readFileSync(policies, 'utf8').replace('["shop/web"]', '["shop/batch"]'))

/** The line of ztunnel's access log for the documented answer of `why`. */
const DENIED = JSON.stringify({
  message: 'connection complete',
  'src.addr': '10.0.0.1:40000',
  'src.identity': `spiffe://${DOCUMENTED.why.hop.identity}`,
  'dst.hbone_addr': '10.0.0.2:8080',
  'dst.workload': 'cart-5d6f7-abcde',
  'dst.namespace': 'shop',
  direction: 'inbound',
  error: DOCUMENTED.why.reason,
})
const sent = JSON.parse(
  await runCommand(sources, ['ztunnel-config', 'policies', '--format', 'json', MESH]),
)
const changed = sent.map((policy) =>
  policy.name === 'cart-owners' ? { ...policy, action: 'Deny' } : policy,
)
writeFileSync(dump, JSON.stringify(changed))
/** A policy test of the mesh that fails. */
const tests = join(folder, 'failing.access-test.yaml')
writeFileSync(
  tests,
  `mesh: ${join(ROOT, MESH)}
cases:
  - name: the catalog is open
    request: {from: [shop/cart, shop/gone], to: "service shop/catalog:80"}
    expect: allow
`,
)
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const COMMANDS = {
  check: ['check', '--format', 'json', ASSUMPTION, CHART],
  'ztunnel-config policies': ['ztunnel-config', 'policies', '--format', 'json'],
  'ztunnel-config workloads': ['ztunnel-config', 'workloads', '--format', 'json'],
  'ztunnel-config services': ['ztunnel-config', 'services', '--format', 'json'],
  status: ['status', '--format', 'json'],
  evaluate: ['evaluate', '--requests', requests],
  access: ['access', '--to', 'workload shop/cart', '--format', 'json'],
  diff: ['diff', '--format', 'json', '--fail-on', 'never', before],
  test: ['test', '--format', 'json', tests],
  why: ['why', '--format', 'json', DENIED],
  compare: ['compare', '--format', 'json', dump],
}

it.each(Object.entries(COMMANDS))('%s prints the shape of docs/cli.md', async (name, args) => {
  const printed = JSON.parse(await runCommand(sources, [...args, MESH]))
  const documented = shapeOf(DOCUMENTED[name])
  const actual = shapeOf(printed)
  expect(differences(documented, actual)).toEqual([])
  expect(differences(actual, documented)).toEqual([])
})

it('an answer of evaluate --nearest-miss has the documented change', async () => {
  const args = ['evaluate', '--requests', requests, '--nearest-miss', MESH]
  const { nearestMiss, ...answer } = JSON.parse(await runCommand(sources, args))
  expect({ nearestMiss }).toEqual(DOCUMENTED['evaluate --nearest-miss'])
  expect(answer).toEqual(DOCUMENTED.evaluate)
})

it('every JSON block of docs/cli.md is compared with the output of a command', () => {
  const compared = [...Object.keys(COMMANDS), 'evaluate request', 'evaluate --nearest-miss']
  expect(Object.keys(DOCUMENTED).sort()).toEqual(compared.sort())
})

/** The types of all fields by their paths. Matches of ztunnel have one of many fields: they count as one. */
function shapeOf(value, path = '$', shape = new Map()) {
  const type = value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value
  shape.set(path, (shape.get(path) ?? new Set()).add(type))
  if (type === 'list') for (const item of value) shapeOf(item, `${path}[]`, shape)
  else if (type === 'object' && path !== '$[].rules[][][]')
    for (const [key, field] of Object.entries(value)) shapeOf(field, `${path}.${key}`, shape)
  return shape
}

/**
 * Paths of `shape` that `other` does not have, or has with other types. What is null in one can be anything in the
 * other.
 */
function differences(shape, other) {
  return [...shape.keys()].filter((path) => {
    const types = other.get(path)
    if (types === undefined) return !isBelowNull(path, other)
    const isEitherNull = types.has('null') || shape.get(path).has('null')
    return !isEitherNull && [...shape.get(path)].some((type) => !types.has(type))
  })
}

function isBelowNull(path, shape) {
  return [...shape].some(([above, types]) => types.has('null') && path.startsWith(`${above}.`))
}
