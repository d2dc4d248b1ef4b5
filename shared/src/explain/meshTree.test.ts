import { expect, it } from 'vitest'
import type { Resource } from '../resources/resource.js'
import { analyse, replaceAllIn } from '../testing/index.js'
import { connectionsPicture } from './connectionsPicture.js'
import { namespaceItems, namespaceTree, type MeshTreeItem } from './meshTree.js'

const APP = (name: string): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  template:
    metadata: {labels: {app: ${name}}}
    spec: {serviceAccountName: ${name}, containers: [{name: ${name}, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: 8080}]}
`
const NAMESPACE = (labels = ''): string => `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio.io/dataplane-mode: ambient${labels}}
`
const WAYPOINT = `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: shop}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE}]
`
const ONLY_WEB = `
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: only-web, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  action: ALLOW
  rules: [{from: [{source: {serviceAccounts: [web]}}]}]
`
const READS = `
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reads, namespace: shop}
spec:
  targetRefs: [{kind: Service, group: "", name: cart}]
  action: ALLOW
  rules: [{from: [{source: {serviceAccounts: [web]}}], to: [{operation: {methods: [GET]}}]}]
`

const meshOf = (text: string) => analyse(text, { world: 'closed' }).mesh
const tree = (text: string): string[] =>
  meshOf(text)
    .get(namespaceTree, 'shop')
    .flatMap((item) => lines(item, ''))
const lines = (
  { kind, label, description, verdict, children }: MeshTreeItem<Resource>,
  indent: string,
): string[] => [
  `${indent}${kind} ${label}: ${description}${verdict === null ? '' : ` [${verdict}]`}`,
  ...children.flatMap((child) => lines(child, `${indent}  `)),
]
const edges = (text: string): string[] => {
  const { nodes, edges: all } = meshOf(text).get(connectionsPicture, 'shop')
  const title = (id: string): string => nodes.find((node) => node.id === id)?.title ?? id
  return all
    .map(({ from, to, label, verdict }) => `${title(from)} -> ${title(to)} as ${label}: ${verdict}`)
    .sort()
}

it('the items of namespaces have a summary and no content', () => {
  const items = meshOf(NAMESPACE() + APP('web')).get(namespaceItems, '')
  expect(items.map(({ label, description, children }) => [label, description, children])).toEqual([
    ['shop', 'ambient · 1 workload · 0 policies · mTLS PERMISSIVE (default)', []],
  ])
})

it('the tree shows the waypoint, the policies and the access of each Service and workload', () => {
  const found = tree(NAMESPACE() + APP('web') + APP('cart') + ONLY_WEB)
  const cart = [
    '  waypoint no waypoint: neither it nor namespace "shop" has the label istio.io/use-waypoint',
    '  policy shop/only-web: ALLOW · enforced by destination ztunnel',
    '  verdict 1 of 3 clients allowed:  [undecided]',
    '    client shop/cart: denied [deny]',
    '    client shop/web: allowed [allow]',
    '    client outside the mesh: denied [deny]',
  ]
  expect(found.slice(0, 7)).toEqual([
    'service cart: Service · 1 policy · mTLS PERMISSIVE (default) · 1 of 3 clients allowed [undecided]',
    ...cart,
  ])
  expect(found.slice(7, 10)).toEqual([
    'service web: Service · 0 policies · mTLS PERMISSIVE (default) · allows all clients [allow]',
    cart[0],
    '  verdict allows all clients:  [allow]',
  ])
  expect(found.slice(13, 20)).toEqual([
    'workload cart: Deployment · 1 policy · mTLS PERMISSIVE (default) · 1 of 3 clients allowed [undecided]',
    ...cart,
  ])
})

it('the picture shows the access of each client, with the identity on every edge', () => {
  expect(edges(NAMESPACE() + APP('web') + APP('cart') + ONLY_WEB)).toEqual([
    'outside the mesh -> shop/cart as no identity: deny',
    'outside the mesh -> shop/web as no identity: allow',
    'shop/cart -> shop/cart as shop/cart: deny',
    'shop/cart -> shop/web as shop/cart: allow',
    'shop/web -> shop/cart as shop/web: allow',
    'shop/web -> shop/web as shop/web: allow',
  ])
})

it('the picture has one waypoint box for each Service and one box for clients with the same access', () => {
  expect(
    edges(
      NAMESPACE(', istio.io/use-waypoint: waypoint') +
        WAYPOINT +
        APP('web') +
        APP('cart') +
        ONLY_WEB,
    ),
  ).toEqual([
    'Service cart -> shop/cart as shop/waypoint: deny',
    'Service web -> shop/web as shop/waypoint: allow',
    'outside the mesh -> shop/cart as no identity: deny',
    'outside the mesh -> shop/web as no identity: allow',
    'shop/cart, shop/web -> Service cart as 2 identities: allow',
    'shop/cart, shop/web -> Service web as 2 identities: allow',
  ])
})

it('the tree says how many clients depend on the request', () => {
  const text =
    NAMESPACE(', istio.io/use-waypoint: waypoint') + WAYPOINT + APP('web') + APP('cart') + READS
  expect(tree(text).slice(0, 7)).toEqual([
    'service cart: Service · 1 policy · mTLS PERMISSIVE (default) · ' +
      '1 of 3 clients allowed, 1 depends on the request [undecided]',
    expect.stringMatching('  waypoint through waypoint shop/waypoint'),
    '  policy shop/reads: ALLOW · enforced by waypoint shop/waypoint',
    '  verdict 1 of 3 clients allowed, 1 depends on the request:  [undecided]',
    '    client shop/cart: denied [deny]',
    '    client shop/web: depends on the request [undecided]',
    '    client outside the mesh: allowed [allow]',
  ])
  expect(edges(text)).toContain('shop/web -> Service cart as shop/web: undecided')
})

it('the tree evaluates the clients of the namespace first and counts the others', () => {
  const apps = Array.from({ length: 70 }, (_, index) => APP(`app-${String(index)}`)).join('')
  const other = replaceAllIn(APP('far'), ['namespace: shop', 'namespace: away'])
  const [first] = meshOf(NAMESPACE() + apps + other).get(namespaceTree, 'shop')
  const verdict = first?.children.find(({ kind }) => kind === 'verdict')
  expect(verdict?.description).toMatch(/^\d+ more clients were not evaluated$/)
  expect(verdict?.children.length).toBeLessThan(63)
  expect(verdict?.children.some(({ label }) => label === 'away/far')).toBe(false)
})
