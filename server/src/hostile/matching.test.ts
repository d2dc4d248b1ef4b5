import { describe, expect, it } from 'vitest'
import { createCliFolder, type CliFolder } from '../cli/testing/cliFolder.js'
import { MESH } from '../cli/testing/commandMesh.js'

/** A pattern that matches all files is valid. */
const MATCHES_ALL = '*'.repeat(1_000)

/** The time for these would grow exponentially with their length in a matcher that goes back. */
const PATTERNS = [
  '(a+)+b',
  '(a|a)*b',
  '(a*)*b',
  '(.*a){20}b',
  'a*a*a*a*a*a*a*a*a*b',
  '((a{30}){30}){30}',
  '(x+x+)+y',
  '([a-z]+)*!',
  MATCHES_ALL,
  'a*'.repeat(900) + 'b',
  '{a,a}'.repeat(300),
  '[a-z]*'.repeat(200) + '!',
  '**/'.repeat(500) + '!',
  '?'.repeat(1_000),
  '('.repeat(500) + ')'.repeat(500),
  '{'.repeat(500) + '}'.repeat(500),
  '\\'.repeat(999),
  '(?:(?:a?){50}){50}b',
  '[a-a]{0,1000}'.repeat(20) + 'b',
  '(a|ab|abc)*!'.repeat(50),
  '*a'.repeat(500),
  'a'.repeat(2_000) + '*',
  '{*}{**}'.repeat(100) + '!b',
  '{a,{b,{c,{d}}}}'.repeat(100),
  '!(!(!(a)))*b',
  '+(+(+(a)))b',
  '\u202e*\u0000*',
]
const LONG = 'a'.repeat(200)

/** The text of a manifest with a pattern in one place, and with a name of its own. */
const PLACES: Readonly<Record<string, (pattern: string, name: string) => string>> = {
  'a path template': (pattern, name) =>
    policy(name, `{paths: [${JSON.stringify(`/${pattern}{*}{**}`)}]}`),
  'a path with templates in place of stars': (pattern, name) =>
    policy(name, `{paths: [${JSON.stringify(`/${pattern.replaceAll('*', '{*}')}`)}]}`),
  'a method': (pattern, name) => policy(name, `{methods: [${JSON.stringify(pattern)}]}`),
  'a host': (pattern, name) => policy(name, `{hosts: [${JSON.stringify(pattern)}]}`),
  'a trust domain': (pattern, name) => source(name, `trustDomains: [${JSON.stringify(pattern)}]`),
  'a namespace': (pattern, name) => source(name, `namespaces: [${JSON.stringify(pattern)}]`),
  'a principal': (pattern, name) =>
    source(name, `principals: [${JSON.stringify(`${pattern}/ns/${pattern}/sa/${pattern}`)}]`),
  'a service account': (pattern, name) =>
    source(name, `serviceAccounts: [${JSON.stringify(`shop/${pattern}`)}]`),
  'a condition': (pattern, name) =>
    `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {targetRefs: [{kind: Service, group: "", name: api}], rules: [{when: [{key: "request.headers[x]", values: [${JSON.stringify(pattern)}]}]}]}\n`,
  'a regular expression of a route': (pattern, name) =>
    `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: ${name}, namespace: shop}\nspec: {parentRefs: [{kind: Service, group: "", name: api}], rules: [{matches: [{path: {type: RegularExpression, value: ${JSON.stringify(`/${pattern}`)}}}], backendRefs: [{name: api, port: 80}]}]}\n`,
  'a header of a VirtualService': (pattern, name) =>
    `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ${name}, namespace: shop}\nspec: {hosts: [api], http: [{match: [{headers: {x: {regex: ${JSON.stringify(pattern)}}}}], route: [{destination: {host: api}}]}]}\n`,
}

function policy(name: string, operation: string): string {
  return `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {targetRefs: [{kind: Service, group: "", name: api}], rules: [{to: [{operation: ${operation}}]}]}\n`
}

function source(name: string, fields: string): string {
  return `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {targetRefs: [{kind: Service, group: "", name: api}], rules: [{from: [{source: {${fields}}}]}]}\n`
}

/** The objects of `MESH`. */
const MESH_OBJECTS = 5
const EVALUATE = `evaluate --from shop/web --to service shop/api --port 80 --method GET --path /${'a'.repeat(1_500)}`

async function inFolder<T>(
  files: Record<string, string>,
  work: (cli: CliFolder) => Promise<T>,
): Promise<T> {
  const cli = createCliFolder(files)
  try {
    return await work(cli)
  } finally {
    cli.remove()
  }
}

function objectsIn(report: string): number {
  return (JSON.parse(report) as { summary: { objects: number } }).summary.objects
}

it.each(Object.entries(PLACES))('matching: each pattern has an answer in %s', async (_, textOf) => {
  const files = PATTERNS.map(
    (pattern, index) => [`p${index}.yaml`, textOf(pattern, `p${index}`)] as const,
  )
  await inFolder({ 'mesh.yaml': MESH, ...Object.fromEntries(files) }, async (cli) => {
    const { out, errors } = await cli.run(['check', '--format', 'json', '--fail-on', 'never'])
    expect(errors).toEqual([])
    expect(objectsIn(out)).toBe(MESH_OBJECTS + PATTERNS.length)
    const answer = await cli.run(EVALUATE.split(' '))
    expect({ status: answer.status, errors: answer.errors }).toEqual({ status: 0, errors: [] })
  })
})

it.each([
  ['the name', (pattern: string) => `name: ${JSON.stringify(pattern)}`],
  ['the namespace', (pattern: string) => `namespace: ${JSON.stringify(pattern)}`],
  ['the kind', (pattern: string) => `kind: ${JSON.stringify(pattern)}`],
  [
    'the label selector',
    (pattern: string) => `labelSelector: ${JSON.stringify(`${'a=b,'.repeat(1_000)}${pattern}`)}`,
  ],
])('matching: each pattern has an answer in %s of a kustomize target', async (_, targetOf) => {
  const files = PATTERNS.flatMap((pattern, index) => [
    [
      `o${index}/kustomization.yaml`,
      `resources: [a.yaml]\npatches: [{target: {${targetOf(pattern)}}, patch: '[{"op": "add", "path": "/metadata/labels", "value": {}}]'}]\n`,
    ],
    [
      `o${index}/a.yaml`,
      `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${LONG}, namespace: n${index}}\n`,
    ],
  ])
  await inFolder(Object.fromEntries(files) as Record<string, string>, async (cli) => {
    const { out } = await cli.run(['check', '--format', 'json', '--fail-on', 'never'])
    expect(objectsIn(out)).toBe(PATTERNS.length)
  })
})

it('matching: each pattern of the setting exclude has an answer', async () => {
  await inFolder({ [`${LONG}.yaml`]: MESH }, async (cli) => {
    for (const pattern of PATTERNS) {
      cli.write('.ambient-policy.yaml', `exclude: [${JSON.stringify(pattern)}]\n`)
      const { out, errors, status } = await cli.run(['check', '--format', 'json'])
      if (status === 2) expect(errors.join('\n')).toMatch(/exclude/)
      else if (pattern !== MATCHES_ALL && pattern !== 'a'.repeat(2_000) + '*')
        expect({ pattern: pattern.slice(0, 30), objects: objectsIn(out) }).toEqual({
          pattern: pattern.slice(0, 30),
          objects: MESH_OBJECTS,
        })
    }
  })
})

describe('matching: the setting exclude', () => {
  it.each(['/', './', '.', '!x', '/x', '+(a)', 'a{b', 'a[b', 'a'.repeat(60_000)])(
    'refuses the pattern %s with a message, and checks nothing',
    async (pattern) => {
      const cli = createCliFolder({
        '.ambient-policy.yaml': `exclude: [${JSON.stringify(pattern)}]\n`,
        'a.yaml': MESH,
      })
      try {
        const { errors, status, out } = await cli.run(['check'])
        expect({ status, out }).toEqual({ status: 2, out: '' })
        expect(errors).toEqual([expect.stringMatching(/^\.ambient-policy\.yaml:1: .*exclude/)])
      } finally {
        cli.remove()
      }
    },
  )
})
