import { afterAll, expect, it } from 'vitest'
import { createCliFolder } from '../testing/cliFolder.js'
import { MESH } from '../testing/commandMesh.js'
import { sarifProblems } from '../testing/sarifSchema.js'
import { replaceAllIn, replaceIn } from '@istio-ambient-policy/shared/testing'

const OPENED = replaceIn(MESH, ['methods: [GET]', 'methods: [GET, DELETE]'])
const RENAMED = replaceIn(MESH, ['serviceAccountName: api', 'serviceAccountName: backend'])
const CLOSED = replaceIn(MESH, ['methods: [GET]', 'methods: [POST]'])
const DENY_ALL = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: nothing, namespace: shop}
spec: {}
`
const OVERLAY = `resources: [../../base]\n`
const DELETE_REQUEST = {
  from: { namespace: 'shop', serviceAccount: 'web' },
  to: { service: 'shop/api', port: 80 },
  http: { method: 'DELETE', path: '/' },
}

const { run, write, remove } = createCliFolder({
  'before/mesh.yaml': MESH,
  'opened/mesh.yaml': OPENED,
  'closed/mesh.yaml': CLOSED,
  'renamed/mesh.yaml': RENAMED,
  'denied/mesh.yaml': MESH + DENY_ALL,
  'overlays-before/base/kustomization.yaml': 'resources: [mesh.yaml]\n',
  'overlays-before/base/mesh.yaml': MESH,
  'overlays-before/overlays/prod/kustomization.yaml': OVERLAY,
  'overlays-before/overlays/test/kustomization.yaml': OVERLAY,
  'overlays-after/base/kustomization.yaml': 'resources: [mesh.yaml]\n',
  'overlays-after/base/mesh.yaml': MESH,
  'overlays-after/overlays/prod/kustomization.yaml': OVERLAY,
  'overlays-after/overlays/test/kustomization.yaml': `${OVERLAY}patches: [{path: p.yaml}]\n`,
  'overlays-after/overlays/test/p.yaml': `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: readers, namespace: shop}
spec: {rules: [{}]}
`,
  'invalid/mesh.yaml': MESH,
  'invalid/broken.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\nspec: [\n',
  'none/notes.yaml': 'a: 1\n',
  'template/mesh.yaml': MESH,
  'template/chart.yaml': 'kind: Service\nmetadata: {name: {{ .Values.name }}}\n',
  'requests.jsonl': [
    { id: 'delete', ...DELETE_REQUEST },
    { id: 'get', ...DELETE_REQUEST, http: { method: 'GET' } },
    { id: 'nowhere', ...DELETE_REQUEST, to: { service: 'shop/none', port: 80 } },
  ]
    .map((request) => JSON.stringify(request))
    .join('\n'),
})
afterAll(remove)

interface Report {
  changes: { kind: string; mesh?: string; witness: unknown }[]
  notComparable: unknown[]
}

async function report(...args: string[]): Promise<Report> {
  const { out } = await run(['diff', '--format', 'json', '--fail-on', 'never', ...args])
  return JSON.parse(out) as Report
}

it('a change has clients, requests, an example and the policies that decide', async () => {
  expect((await report('before', 'opened')).changes).toEqual([
    {
      target: { service: 'shop/api', port: 80 },
      kind: 'gained',
      clients: ['shop/web'],
      requests: { method: ['DELETE'] },
      witness: DELETE_REQUEST,
      before: 'deny',
      after: 'allow',
      because: {
        before: expect.objectContaining({
          reason: 'no ALLOW rule matched',
          policy: null,
          file: 'before/mesh.yaml',
        }) as unknown,
        after: expect.objectContaining({
          reason: 'allowed by shop/readers',
          policy: 'shop/readers',
          file: 'opened/mesh.yaml',
        }) as unknown,
      },
    },
  ])
})

it.each([
  ['opened', 'gained', 1],
  ['opened', 'lost', 0],
  ['opened', 'any', 1],
  ['opened', 'never', 0],
  ['denied', 'gained', 0],
  ['denied', 'lost', 1],
  ['before', 'any', 0],
])('diff before %s --fail-on %s ends with %i', async (after, failOn, status) => {
  expect((await run(['diff', 'before', after, '--fail-on', failOn])).status).toBe(status)
})

it('the text names the kinds of changes, most important first', async () => {
  const { out } = await run(['diff', 'before', 'closed'])
  expect(out).toBe(`gained Service shop/api port 80
  clients:  shop/web
  requests: method POST
  before:   denied: no ALLOW rule matched (before/mesh.yaml:29)
  after:    allowed by shop/readers (closed/mesh.yaml:33)
  example:  ambient-policy evaluate --from shop/web --to service shop/api --port 80 --method POST --path / closed

lost Service shop/api port 80
  clients:  shop/web
  requests: method GET
  before:   allowed by shop/readers (before/mesh.yaml:33)
  after:    denied: no ALLOW rule matched (closed/mesh.yaml:29)
  example:  ambient-policy evaluate --from shop/web --to service shop/api --port 80 --method GET --path / closed

assumption: the client shop/web runs in a pod in ambient mode
assumption: the waypoint shop/waypoint is ready
1 gained, 1 lost; 0 destinations without a change
`)
})

it('the example of a change has its verdict when evaluate gets it', async () => {
  const { out } = await run(['diff', 'before', 'opened'])
  const [, command = ''] = /example: {2}ambient-policy (.*)$/m.exec(out) ?? []
  expect((await run(command.split(' '))).out).toContain('DELETE /: allowed\n')
})

it('--requests prints the change of each request', async () => {
  const { out } = await run(['diff', 'before', 'opened', '--requests', 'requests.jsonl'])
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  expect(lines).toEqual([
    { id: 'delete', change: 0, before: 'deny', after: 'allow' },
    { id: 'get', change: null, before: 'allow', after: 'allow' },
    { id: 'nowhere', change: null, before: null, after: null },
  ])
})

it('a renamed account with the same workload is shown as renamed', async () => {
  const { out } = await run(['diff', 'before', 'renamed'])
  expect(out).toContain(
    'renamed service account shop/api is now shop/backend (Deployment shop/api)',
  )
})

it('overlays are compared by folder', async () => {
  const { changes } = await report('overlays-before', 'overlays-after')
  expect(new Set(changes.map(({ mesh }) => mesh))).toEqual(new Set(['overlays/test']))
})

it('templates are reported as not comparable', async () => {
  expect((await report('before', 'template')).notComparable).toEqual([
    { what: 'template/chart.yaml', reason: 'templates are not rendered' },
  ])
})

it('with --strict, what is not compared fails and is named', async () => {
  const { errors, status } = await run(['diff', 'before', 'template', '--strict'])
  expect(status).toBe(2)
  expect(errors).toContain(
    'template/chart.yaml is not compared: templates are not rendered (--strict)',
  )
  expect((await run(['diff', 'before', 'before', '--strict'])).status).toBe(0)
})

it('with --strict, a document that is not read on one side fails and is named', async () => {
  const named =
    'invalid/broken.yaml:1 has a document with an error of syntax, which is not read in full'
  for (const paths of [
    ['before', 'invalid'],
    ['invalid', 'before'],
  ]) {
    expect(await run(['diff', ...paths])).toMatchObject({ status: 0, errors: [named] })
    expect(await run(['diff', ...paths, '--strict'])).toMatchObject({
      status: 2,
      errors: [named, `--strict: ${named}`],
    })
  }
})

it('a side without objects is named once', async () => {
  expect((await run(['diff', 'none', 'none'])).errors).toEqual(['none has no Kubernetes objects'])
})

it('the markdown has the marker of the comment, and what is allowed now comes first', async () => {
  const { out } = await run(['diff', 'before', 'closed', '--format', 'markdown'])
  expect(out).toMatch(/^<!-- ambient-policy diff -->\n## Access\n\n\*\*1 gained, 1 lost\*\*;/)
  expect(out.indexOf('### Allowed now, denied before')).toBeLessThan(
    out.indexOf('### Denied now, allowed before'),
  )
})

it('a markdown comment has at most 60 000 characters, and counts the other changes', async () => {
  const policies = (method: string): string =>
    Array.from({ length: 300 }, (_, index) =>
      replaceIn(
        replaceAllIn(
          MESH.slice(MESH.indexOf('apiVersion: apps/v1')),
          ['name: api', `name: api-${index}`],
          ['app: api', `app: api-${index}`],
        ),
        ['name: readers', `name: readers-${index}`],
        ['[GET]', `[${method}${index}]`],
      ),
    ).join('---\n')
  write('many-before/mesh.yaml', policies('GET'))
  write('many-after/mesh.yaml', policies('PUT'))
  write('many-before/waypoint.yaml', MESH.slice(0, MESH.indexOf('apiVersion: apps/v1')))
  write('many-after/waypoint.yaml', MESH.slice(0, MESH.indexOf('apiVersion: apps/v1')))
  const { out } = await run(['diff', 'many-before', 'many-after', '--format', 'markdown'])
  expect(out.length).toBeLessThanOrEqual(60_000)
  const [, hidden = '0'] = /^(\d+) more changes are not shown\.$/m.exec(out) ?? []
  const shown = out.match(/^- \*\*/gm)?.length ?? 0
  expect(shown + Number(hidden)).toBe(600)
})

it('github prints annotations, and sarif is valid', async () => {
  const { out } = await run(['diff', 'before', 'opened', '--format', 'github'])
  expect(out).toContain(
    '::warning file=opened/mesh.yaml,line=33,title=access gained::Service shop/api',
  )
  const sarif = await run(['diff', 'before', 'closed', '--format', 'sarif'])
  expect(sarifProblems(JSON.parse(sarif.out))).toEqual([])
})

it.each([
  [['before'], 'diff needs two paths, before and after, or --git BASE...HEAD'],
  [['before', 'nowhere'], 'nowhere does not exist'],
])('diff %j is a wrong command line', async (args, message) => {
  expect(await run(['diff', ...args])).toEqual({ status: 2, out: '', errors: [message] })
})
