import { describe, expect, it } from 'vitest'
import { createCliFolder } from '../cli/testing/cliFolder.js'
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
]
const LONG = 'a'.repeat(200)

/** The files with a pattern in one place. */
const PLACES: Readonly<Record<string, (pattern: string) => Record<string, string>>> = {
  'the setting exclude': (pattern) => ({
    '.ambient-policy.yaml': `exclude: [${JSON.stringify(pattern)}]\n`,
    [`${LONG}.yaml`]: MESH,
  }),
  'a path template': (pattern) => ({
    'a.yaml': policy(`{paths: [${JSON.stringify(`/${pattern}{*}{**}`)}]}`),
  }),
  'a path with templates in place of stars': (pattern) => ({
    'a.yaml': policy(`{paths: [${JSON.stringify(`/${pattern.replaceAll('*', '{*}')}`)}]}`),
  }),
  'a host': (pattern) => ({ 'a.yaml': policy(`{hosts: [${JSON.stringify(pattern)}]}`) }),
  'a trust domain': (pattern) => ({
    'a.yaml': source(`trustDomains: [${JSON.stringify(pattern)}]`),
  }),
  'a namespace': (pattern) => ({ 'a.yaml': source(`namespaces: [${JSON.stringify(pattern)}]`) }),
  'a principal': (pattern) => ({
    'a.yaml': source(`principals: [${JSON.stringify(`${pattern}/ns/${pattern}/sa/${pattern}`)}]`),
  }),
  'a service account': (pattern) => ({
    'a.yaml': source(`serviceAccounts: [${JSON.stringify(`shop/${pattern}`)}]`),
  }),
  'the name of a kustomize target': (pattern) => kustomization(`name: ${JSON.stringify(pattern)}`),
  'a label selector of a kustomize target': (pattern) =>
    kustomization(`labelSelector: ${JSON.stringify(`${'a=b,'.repeat(1_000)}${pattern}`)}`),
  'a regular expression of a route': (pattern) => ({
    'a.yaml': `${MESH}---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r, namespace: shop}\nspec: {parentRefs: [{kind: Service, group: "", name: api}], rules: [{matches: [{path: {type: RegularExpression, value: ${JSON.stringify(`/${pattern}`)}}}], backendRefs: [{name: api, port: 80}]}]}\n`,
  }),
  'a header of a VirtualService': (pattern) => ({
    'a.yaml': `${MESH}---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: r, namespace: shop}\nspec: {hosts: [api], http: [{match: [{headers: {x: {regex: ${JSON.stringify(pattern)}}}}], route: [{destination: {host: api}}]}]}\n`,
  }),
}

function policy(operation: string): string {
  return `${MESH}---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: shop}\nspec: {targetRefs: [{kind: Service, group: "", name: api}], rules: [{to: [{operation: ${operation}}]}]}\n`
}

function source(fields: string): string {
  return `${MESH}---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, namespace: shop}\nspec: {targetRefs: [{kind: Service, group: "", name: api}], rules: [{from: [{source: {${fields}}}]}]}\n`
}

function kustomization(target: string): Record<string, string> {
  return {
    'kustomization.yaml': `resources: [a.yaml]\npatches: [{target: {${target}}, patch: '[{"op": "add", "path": "/metadata/labels", "value": {}}]'}]\n`,
    'a.yaml': MESH.replaceAll('name: api', `name: ${LONG}`),
  }
}

const EVALUATE = `evaluate --from shop/web --to service shop/api --port 80 --method GET --path /${'a'.repeat(1_500)}`

describe.each(Object.entries(PLACES))('matching: %s', (place, filesOf) => {
  it.each(PATTERNS.map((pattern) => [pattern.slice(0, 20), pattern]))(
    'with the pattern %s… has an answer',
    async (_, pattern) => {
      const cli = createCliFolder(filesOf(pattern))
      try {
        const { out, errors, status } = await cli.run(['check', '--format', 'json'])
        const isRefused = place === 'the setting exclude' && status === 2
        if (isRefused) expect(errors.join('\n')).toMatch(/exclude/)
        else if (place !== 'the setting exclude' || pattern !== MATCHES_ALL)
          expect((JSON.parse(out) as { summary: { objects: number } }).summary.objects).not.toBe(0)
        const answer = await cli.run(EVALUATE.split(' '))
        if (!isRefused) expect(answer.errors.join('')).not.toContain('internal')
        expect([0, 2]).toContain(answer.status)
      } finally {
        cli.remove()
      }
    },
  )
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
