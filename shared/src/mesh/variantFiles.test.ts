import { expect, it } from 'vitest'
import { analyse, describeFindings, type Files } from '../testing/index.js'

const namespace = (labels = ''): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${labels}}}\n`
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: shop, labels: {app: api}}\nspec: {containers: [{name: main, ports: [{containerPort: 8080}]}]}\n'
const service = (type: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\nspec: {type: ${type}, selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}\n`
const STRICT =
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\nspec: {mtls: {mode: STRICT}}\n'
const WAYPOINT =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: waypoint, namespace: shop}\nspec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}\n'
const AMBIENT = 'istio.io/dataplane-mode: ambient'
const documents = (...texts: readonly string[]): string => texts.join('---\n')
const rulesOf = (files: Files): string[] =>
  describeFindings(analyse(files)).map((line) => line.replace(/^(\S+?):\S* \S+ (\S+):.*/, '$1 $2'))

it('an object of one variant does not meet objects of another variant', () => {
  const found = rulesOf({
    'ambient.yaml': documents(namespace(AMBIENT), POD, service('ClusterIP'), WAYPOINT, STRICT),
    'plain.yaml': documents(namespace(), POD, service('LoadBalancer')),
  })
  expect(found).toContain('ambient.yaml waypoint-unused')
  expect(found).not.toContain('plain.yaml plaintext-client-refused')
})

it('files that define only one object in common are applied together', () => {
  const found = rulesOf({
    'a.yaml': documents(namespace(AMBIENT), STRICT),
    'b.yaml': documents(namespace(`${AMBIENT}, team: b`), POD, service('LoadBalancer')),
  })
  expect(found).toContain('b.yaml plaintext-client-refused')
})

it('a file that becomes a variant, and then is none, changes the findings about its other objects', () => {
  const files: Record<string, string> = {
    'ambient.yaml': documents(namespace(AMBIENT), POD, service('ClusterIP'), WAYPOINT),
    'plain.yaml': documents(namespace(), POD),
  }
  const analysis = analyse(files)
  const isUnused = (): boolean =>
    analysis.findingsOf('ambient.yaml').some(({ rule }) => rule === 'waypoint-unused')
  const write = (text: string): void => {
    files['plain.yaml'] = text
    analysis.update([{ file: 'plain.yaml', text }])
  }
  expect(isUnused()).toBe(true)
  write(namespace())
  const alone = isUnused()
  write(documents(namespace(), POD, service('LoadBalancer')))
  expect([alone, isUnused()]).toEqual([
    analyse({ ...files, 'plain.yaml': namespace() })
      .findingsOf('ambient.yaml')
      .some(({ rule }) => rule === 'waypoint-unused'),
    true,
  ])
})
