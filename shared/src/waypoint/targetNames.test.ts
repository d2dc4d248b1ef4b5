import { expect, it } from 'vitest'
import type { World } from '../mesh/mesh.js'
import { analyse } from '../testing/index.js'
import { TARGET_KINDS } from '../vocabulary/kinds.js'
import { showsAllTargets, targetNames } from './targetNames.js'

const GATEWAY_API = 'gateway.networking.k8s.io/v1'
const FILES = ['shop', 'default']
  .map(
    (namespace) => `
apiVersion: v1
kind: Namespace
metadata: {name: ${namespace}}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: ${namespace}}
spec: {ports: [{port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ext, namespace: ${namespace}}
spec: {hosts: [ext.example.com]}
---
apiVersion: ${GATEWAY_API}
kind: Gateway
metadata: {name: edge, namespace: ${namespace}}
spec: {gatewayClassName: istio, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}
---`,
  )
  .join('')
const CLASS = `
apiVersion: ${GATEWAY_API}
kind: GatewayClass
metadata: {name: corp}
spec: {controllerName: istio.io/mesh-controller}
`
const meshOf = (world: World = 'open', files = FILES + CLASS) => analyse(files, { world }).mesh

it('lists the names of a namespace by kind, with those that need no file', () => {
  const mesh = meshOf()
  expect(targetNames(mesh, 'shop', 'Service')).toEqual(['api', 'edge-istio'])
  expect(targetNames(mesh, 'default', 'Service')).toEqual(['api', 'edge-istio', 'kubernetes'])
  expect(targetNames(mesh, 'shop', 'ServiceEntry')).toEqual(['ext'])
  expect(targetNames(mesh, 'shop', 'Gateway')).toEqual(['edge'])
  expect(targetNames(mesh, 'istio-system', 'GatewayClass')).toEqual([
    'istio',
    'istio-remote',
    'istio-waypoint',
    'istio-east-west',
    'istio-agentgateway',
    'istio-agentgateway-waypoint',
    'corp',
  ])
})

it('shows all targets of a kind only where the namespace is described for it', () => {
  const shown = (world: World, namespace: string, files?: string): boolean[] =>
    TARGET_KINDS.map((kind) => showsAllTargets(meshOf(world, files), namespace, kind))
  expect(shown('open', 'shop')).toEqual([true, true, true, false])
  expect(shown('open', 'web')).toEqual([false, false, false, false])
  expect(shown('closed', 'web')).toEqual([true, true, true, true])
  const only = (kind: string): string =>
    FILES.split('---')
      .filter((text) => text.includes('kind: Namespace') || text.includes(`kind: ${kind}\n`))
      .join('---')
  expect(
    TARGET_KINDS.map((kind) => showsAllTargets(meshOf('open', only(kind)), 'shop', kind)),
  ).toEqual([true, true, true, false])
  expect(shown('open', 'shop', only('Service'))).toEqual([true, false, false, false])
  expect(shown('open', 'shop', only('ServiceEntry'))).toEqual([false, true, false, false])
  expect(shown('open', 'shop', only('Gateway'))).toEqual([false, false, true, false])
})
