import { describe, expect, it } from 'vitest'
import { readCursor } from '../testing/cursor.js'
import { analyse, replaceIn } from '../testing/index.js'
import { thingKey, type ThingKind } from './mention.js'
import { MentionPlaces } from './mentionPlaces.js'
import { definitionsOf, mentionsOf } from './mentionsOf.js'
import { sameNames, whyNoName, whyNotRenamed } from './rename.js'

const MESH = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/use-waypoint: waypoint}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec: {gatewayClassName: istio-waypoint}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop, labels: {istio.io/use-waypoint: waypoint}}
spec: {selector: {app: api}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template: {metadata: {labels: {app: api}}, spec: {serviceAccountName: web}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: other}
spec: {template: {metadata: {labels: {app: api}}}}
`
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: p, namespace: shop}
spec:
  targetRefs: [{group: "", kind: Service, name: api}]
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/shop/sa/web"]
        notPrincipals: ["foreign/ns/shop/sa/web", "*/ns/shop/sa/waypoint"]
    - source: {serviceAccounts: [web, other/web, 'shop/web'], namespaces: [shop, "sh*"]}
    to:
    - operation: {hosts: [api.shop.svc.cluster.local, "api.shop.svc:80", example.org]}
    when:
    - {key: source.principal, values: [cluster.local/ns/shop/sa/web]}
`

/** The thing at the cursor, with its definitions, references or renamed fields as `file:line text`. */
function at(
  marked: string,
  ask: 'definitions' | 'references' | 'renamed' = 'references',
  extra: Readonly<Record<string, string>> = {},
) {
  const { text, line, character } = readCursor(marked)
  const file = marked.startsWith(MESH.slice(0, 30)) ? 'mesh.yaml' : 'policy.yaml'
  const files: Record<string, string> = { 'mesh.yaml': MESH, ...extra, [file]: text }
  const analysis = analyse(files)
  const places = new MentionPlaces(analysis, (name) => files[name])
  const [found] = places.at(file, { line, character })
  if (!found) return undefined
  const key = thingKey(found.mention.thing)
  const all =
    ask === 'renamed' ? analysis.mesh.get(sameNames, key) : analysis.mesh.get(mentionsOf, key)
  const shown = ask === 'definitions' ? definitionsOf(analysis.mesh, found.mention.thing) : all
  const lines = shown
    .flatMap((mention) => places.of(mention) ?? [])
    .map(({ file: where, range: { start, end }, literal }) => {
      const row = files[where]!.split('\n')[start.line]!
      const name = row.slice(start.character, end.character)
      return `${where}:${start.line + 1} ${name}${literal ? '' : ' (whole value)'}`
    })
  return { thing: key, lines: lines.sort() }
}

describe('mentions', () => {
  it.each([
    [
      'cluster.local/ns/shop/sa/web"]',
      'cluster.local/ns/shop/sa/w█eb"]',
      'ServiceAccount|shop|web',
    ],
    ['cluster.local/ns/shop/sa/web"]', 'cluster.local/ns/sh█op/sa/web"]', 'Namespace||shop'],
    ['*/ns/shop/sa/waypoint', '*/ns/shop/sa/way█point', 'ServiceAccount|shop|waypoint'],
    ['other/web', 'other/w█eb', 'ServiceAccount|other|web'],
    ["'shop/web'", "'shop/█web'", 'ServiceAccount|shop|web'],
    ['kind: Service, name: api', 'kind: Service, name: a█pi', 'Service|shop|api'],
    ['"api.shop.svc:80"', '"api.sh█op.svc:80"', 'Namespace||shop'],
    ['"api.shop.svc:80"', '"a█pi.shop.svc:80"', 'Service|shop|api'],
    ['namespace: shop}', 'namespace: █shop}', 'Namespace||shop'],
    [
      'values: [cluster.local/ns/shop/sa/web]',
      'values: [cluster.local/ns/shop/sa/web█]',
      'ServiceAccount|shop|web',
    ],
  ])('the text %s names a thing', (text, marked, thing) => {
    expect(at(replaceIn(POLICY, [text, marked]))?.thing).toBe(thing)
  })

  it.each([
    ['foreign/ns/shop/sa/web', 'foreign/ns/shop/sa/w█eb'],
    ['"sh*"', '"s█h*"'],
    ['example.org', 'ex█ample.org'],
    ['name: p,', 'name: p█,'],
  ])('the text %s names nothing in this mesh', (text, marked) => {
    expect(at(replaceIn(POLICY, [text, marked]))).toBeUndefined()
  })
})

it('the references of a service account are all fields that name it', () => {
  expect(
    at(replaceIn(POLICY, ['"cluster.local/ns/shop/sa/web"', '"cluster.local/ns/shop/sa/█web"']))
      ?.lines,
  ).toEqual([
    'mesh.yaml:12 web',
    'mesh.yaml:24 web',
    'policy.yaml:11 web',
    'policy.yaml:11 web',
    'policy.yaml:15 web',
    'policy.yaml:9 web',
  ])
  expect(at(replaceIn(POLICY, ['[web,', '[█web,']), 'definitions')?.lines).toEqual([
    'mesh.yaml:12 web',
  ])
})

it('the definitions of a selector label are pods in its namespace, for the root namespace in all', () => {
  const policy = (namespace: string): string =>
    `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: p, namespace: ${namespace}}
spec: {selector: {matchLabels: {a█pp: api}}}
`
  expect(at(policy('shop'), 'definitions')?.lines).toEqual(['mesh.yaml:24 api'])
  expect(at(policy('istio-system'), 'definitions')?.lines).toEqual([
    'mesh.yaml:24 api',
    'mesh.yaml:29 api',
  ])
})

it('a rename of a waypoint renames its service account', () => {
  expect(
    at(replaceIn(MESH, ['name: waypoint', 'name: way█point']), 'renamed', { 'policy.yaml': POLICY })
      ?.lines,
  ).toEqual([
    'mesh.yaml:16 waypoint',
    'mesh.yaml:3 waypoint',
    'mesh.yaml:7 waypoint',
    'policy.yaml:10 waypoint',
  ])
  expect(at(replaceIn(POLICY, ['sa/waypoint', 'sa/█waypoint']), 'renamed')?.lines).toHaveLength(4)
})

it('a rename of a label changes one namespace, or all if the root namespace selects it', () => {
  const marked = replaceIn(MESH, ['spec: {selector: {app: api}}', 'spec: {selector: {app: █api}}'])
  expect(at(marked, 'renamed')?.lines).toEqual([
    'mesh.yaml:17 api',
    'mesh.yaml:23 api',
    'mesh.yaml:24 api',
  ])
  const root = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: p, namespace: istio-system}
spec: {selector: {matchLabels: {app: api}}}
`
  expect(at(marked, 'renamed', { 'root.yaml': root })?.lines).toEqual([
    'mesh.yaml:17 api',
    'mesh.yaml:23 api',
    'mesh.yaml:24 api',
    'mesh.yaml:29 api',
    'root.yaml:4 api',
  ])
})

it('a rename says which things cannot be renamed and which names are not valid', () => {
  const { mesh } = analyse({
    'kustomization.yaml': 'namespace: placed\nresources: [mesh.yaml]\n',
    'mesh.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n',
  })
  expect(whyNotRenamed(mesh, { kind: 'Namespace', namespace: '', name: 'placed' })).toBe(
    'Namespace "placed" is set by a kustomization: rename it there.',
  )
  expect(
    whyNotRenamed(mesh, { kind: 'ServiceAccount', namespace: 'placed', name: 'default' }),
  ).toContain('"default"')
  expect(
    whyNotRenamed(mesh, { kind: 'GatewayClass', namespace: '', name: 'istio-waypoint' }),
  ).toContain('"istio-waypoint"')
  expect(
    whyNotRenamed(mesh, { kind: 'ServiceAccount', namespace: 'placed', name: 'web' }),
  ).toBeUndefined()
  const noName = (kind: ThingKind, name: string): string | undefined =>
    whyNoName(mesh, { kind, namespace: kind === 'Namespace' ? '' : 'placed', name: 'old' }, name)
  expect(
    (['Service', 'Label', 'Namespace'] as const).map((kind) => noName(kind, 'A_b') === undefined),
  ).toEqual([false, true, false])
  expect(noName('Namespace', 'a.b')).toBeDefined()
  expect(noName('Service', 'a-b')).toBeUndefined()
  expect(noName('ServiceAccount', 'web')).toBe('A ServiceAccount "web" exists already.')
})

it('the mentions of unchanged objects are not computed again', () => {
  const analysis = analyse({ 'mesh.yaml': MESH, 'policy.yaml': POLICY })
  analysis.mesh.get(mentionsOf, 'Service|shop|api')
  const before = analysis.mesh.runs
  analysis.update([
    { file: 'policy.yaml', text: replaceIn(POLICY, ['example.org', 'example.com']), open: true },
  ])
  analysis.mesh.get(mentionsOf, 'Service|shop|api')
  // The policy's own mentions, and this answer.
  expect(analysis.mesh.runs - before).toBe(2)
})

it('a default that is not written has no mention', () => {
  const pod = (spec: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec:\n  ${spec}\n`
  expect(at(pod('contai█ners: []'))).toBeUndefined()
  expect(at(pod('serviceAccount: w█eb'), 'definitions')?.lines).toEqual(['mesh.yaml:12 web'])
})
