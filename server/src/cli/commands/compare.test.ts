import { stringify } from 'yaml'
import { afterAll, describe, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH } from '../testing/commandMesh.js'
import { ALLOW_GET } from '../testing/meshFiles.js'

const { run, read, write, remove } = createCliFolder({
  'mesh/mesh.yaml': MESH,
  'mesh/policy.yaml': ALLOW_GET,
  'broken.json': '{"policies": [',
  'other.json': '{"items": []}',
  'empty.json': '\n',
  'table.txt': 'NAMESPACE POD    ADDRESS\nshop      api-1  10.0.0.1\n',
  // YAML in braces is read by a library, up to a limit.
  'large.yaml': `policies:\n- ${'{a: b},'.repeat(90_000)}\n`,
})
afterAll(remove)

async function dump(part: string): Promise<unknown[]> {
  return JSON.parse((await run(['ztunnel-config', part, '--format', 'json', 'mesh'])).out) as []
}

describe('the answers of compare', () => {
  it.each(['policies', 'workloads', 'services'])(
    'a predicted dump of %s has no difference',
    async (part) => {
      const stdin = JSON.stringify(await dump(part))
      const { status, out } = await run(['compare', '-', 'mesh'], { stdin })
      expect(status).toBe(0)
      expect(out).toMatch(/^No differences: 1 \w+ compared\.\n$/)
    },
  )

  it('each difference is named with its values and the place of the object', async () => {
    const [policy] = (await dump('policies')) as object[]
    const [workload] = (await dump('workloads')) as object[]
    write(
      'dump.json',
      JSON.stringify({
        policies: [{ ...policy, action: 'Deny' }],
        workloads: [{ ...workload, name: 'job', authorizationPolicies: [] }],
      }),
    )
    const { status, out } = await run(['compare', 'dump.json', 'mesh'])
    expect(status).toBe(1)
    expect(out).toBe(`policies
  shop/allow-get (mesh/policy.yaml:4:9): action
    files:   "Allow"
    ztunnel: "Deny"

workloads
  shop/api (mesh/mesh.yaml:14:18): only in these files
  shop/job: only in ztunnel, not in these files

3 differences: 1 policy, 1 workload compared.
`)
    const json = await run(['compare', 'dump.json', 'mesh', '--format', 'json'])
    expect(JSON.parse(json.out)).toMatchObject({
      differences: [
        { part: 'policies', kind: 'changed', field: 'action', predicted: 'Allow', actual: 'Deny' },
        { part: 'workloads', name: 'api', kind: 'only-in-files', field: null },
        { part: 'workloads', name: 'job', kind: 'only-in-dump', file: null },
      ],
      compared: { policies: 1, workloads: 1 },
      notCompared: [],
    })
    expect(read('dump.json')).toContain('Deny')
  })
})

it('a dump in YAML has the answers of the same dump in JSON', async () => {
  const text = stringify(JSON.parse(read('dump.json')))
  write('dump.yaml', text)
  const { out, status } = await run(['compare', 'dump.yaml', 'mesh'])
  expect([status, out]).toEqual([1, (await run(['compare', 'dump.json', 'mesh'])).out])
})

it('warnings of istioctl before the JSON are no part of it', async () => {
  const stdin = `Warning: 2 ztunnels, the first is read\n${read('dump.json')}`
  const { out, status } = await run(['compare', '-', 'mesh'], { stdin })
  expect([status, out]).toEqual([1, (await run(['compare', 'dump.json', 'mesh'])).out])
})

describe('bad input of compare', () => {
  it.each([
    ['nowhere.json', /^nowhere\.json does not exist$/],
    ['broken.json', /^broken\.json is not JSON: /],
    ['other.json', /^other\.json: needs the output of "istioctl ztunnel-config all -o json"/],
    [
      'empty.json',
      /^empty\.json is empty: needs the output of "istioctl ztunnel-config all -o json"$/,
    ],
    ['table.txt', /^table\.txt is neither JSON nor YAML: needs /],
    [
      'mesh/mesh.yaml',
      /^mesh\/mesh\.yaml: has objects of Kubernetes, which are an input of the other commands: needs /,
    ],
    [
      'large.yaml',
      /^large\.yaml is too large for YAML: needs the output of "istioctl ztunnel-config all -o json"$/,
    ],
    ['mesh', /^mesh /],
  ])('%s is an error', async (file, message) => {
    const { status, out, errors } = await run(['compare', file, 'mesh'])
    expect([status, out, errors.length]).toEqual([2, '', 1])
    expect(errors[0]).toMatch(message)
  })

  it('the dump and the manifests cannot both be standard input', async () => {
    expect((await run(['compare', '-', '-'], { stdin: '[]' })).errors).toEqual([
      'standard input can be the dump or the manifests, not both',
    ])
  })
})
