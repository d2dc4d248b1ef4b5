import { expect, it } from 'vitest'
import type { Mesh } from '../mesh/mesh.js'
import { analyse } from '../testing/checkFiles.js'
import { deployment, object, peerAuthentication } from '../testing/index.js'
import { documents } from '../testing/objectText.js'
import { backend, route } from '../testing/routedShop.js'
import {
  install,
  namespace,
  policy,
  service,
  SHOP,
  TO_API,
  toService,
} from '../testing/shopMesh.js'
import { compareAccess } from './compareAccess.js'

const meshOf = (...objects: readonly string[]): Mesh =>
  analyse(documents(...objects), { world: 'closed' }).mesh
const changes = (before: Mesh, after: Mesh): unknown[] =>
  compareAccess(before, after).changes.map(({ kind, target }) => [kind, target])

it('a pod that bypasses inbound capture makes a difference', () => {
  const mesh = (bypass: string): Mesh =>
    meshOf(
      namespace('shop'),
      deployment('shop/api', {
        podAnnotations: { 'ambient.istio.io/bypass-inbound-capture': bypass },
      }),
      peerAuthentication('shop/default', { mode: 'STRICT' }),
    )
  expect(changes(mesh('false'), mesh('true'))).toEqual([
    ['gained', { workload: 'shop/api', port: 8080 }],
  ])
  expect(changes(mesh('true'), mesh('1'))).toEqual([])
})

it('the port behind the name of a port makes a difference where routes reach it', () => {
  const mesh = (containerPort: number): Mesh =>
    meshOf(
      ...SHOP,
      object('Pod', 'shop/admin', {
        labels: { app: 'admin' },
        spec: { containers: [{ name: 'a', ports: [{ name: 'web', containerPort }] }] },
      }),
      service('admin', {
        labels: {},
        spec: { ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
      }),
      route([{ backendRefs: [backend('admin')] }]),
      policy('no-9090', {
        action: 'DENY',
        rules: [{ to: [{ operation: { ports: ['9090'] } }] }],
      }),
    )
  expect(changes(mesh(8080), mesh(9090))).toContainEqual(['lost', TO_API])
})

it('a second PeerAuthentication of one level makes a difference', () => {
  const mesh = (...modes: readonly string[]): Mesh =>
    meshOf(
      namespace('shop'),
      deployment('shop/api'),
      ...modes.map((mode, index) => peerAuthentication(`shop/p${index}`, { mode })),
    )
  const TO_POD = { workload: 'shop/api', port: 8080 }
  expect(changes(mesh('PERMISSIVE'), mesh('PERMISSIVE', 'STRICT'))).toEqual([['undecided', TO_POD]])
  expect(changes(mesh('STRICT'), mesh('STRICT', 'STRICT'))).toEqual([])
})

it('a tool that may create the pods of a Service makes a difference', () => {
  const objects = [namespace('shop'), service('api', { labels: {} })]
  const tool = object('Kafka', 'shop/tool', { apiVersion: 'kafka.example/v1', spec: {} })
  expect(changes(meshOf(...objects), meshOf(...objects, tool))).toEqual([['undecided', TO_API]])
})

it('the list of external authorizers makes a difference', () => {
  const mesh = (name: string): Mesh =>
    meshOf(
      ...SHOP,
      install('default', { extensionProviders: [{ name, envoyExtAuthzGrpc: {} }] }),
      policy('ask', {
        ...toService('api'),
        action: 'CUSTOM',
        provider: { name: 'opa' },
        rules: [{}],
      }),
    )
  expect(changes(mesh('opa'), mesh('keycloak'))).toContainEqual(['undecided', TO_API])
  expect(changes(mesh('opa'), mesh('opa'))).toEqual([])
})
