import { describe, expect, it } from 'vitest'
import {
  deployment,
  documents,
  expectFixed,
  namespace,
  object,
  pod,
  service,
  serviceEntry,
} from '../../testing/index.js'
import { reports, NORTH, entry, restrict, values } from '../../testing/egressRules.js'
import { egressOpenToMesh } from './egress-open-to-mesh.js'
import { exportToIgnored } from './export-to-ignored.js'
import { outboundPolicyNotEnforced } from './outbound-policy-not-enforced.js'
import { sidecarResourceIgnored } from './sidecar-resource-ignored.js'

describe('egress-open-to-mesh', () => {
  const found = reports(egressOpenToMesh)
  const south = documents(namespace('south'), deployment('south/web'))

  it.each<[string, readonly string[], number]>([
    ['clients of another namespace', [entry('north/e'), south], 1],
    ['two ServiceEntries', [entry('north/e'), entry('north/f'), south], 1],
    ['clients of its own namespace only', [entry('north/e'), deployment('north/web')], 0],
    [
      'clients of a namespace that may be in ambient mode',
      [entry('north/e'), deployment('east/web')],
      0,
    ],
    ['any policy', [entry('north/e'), restrict('north/p', 'e'), south], 0],
    ['an internal host', [entry('north/e', { location: 'MESH_INTERNAL' }), south], 0],
    ['no address', [entry('north/e', { resolution: 'NONE' }), south], 0],
    [
      'a policy in a template',
      [
        entry('north/e'),
        south,
        '{{- if .Values.x }}\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: y\n{{- end }}\n',
      ],
      0,
    ],
  ])('%s', (_, objects, count) => {
    expect(found(NORTH, ...objects)).toHaveLength(count)
  })

  it('offers a policy for the own namespace', () => {
    const fixed = expectFixed(documents(NORTH, entry('north/e'), south), {
      rule: egressOpenToMesh.name,
      title: 'Allow only clients of namespace "north"',
    })
    expect(fixed['test.yaml']).toContain('name: allow-north')
  })
})

describe('export-to-ignored', () => {
  const found = reports(exportToIgnored)
  const south = documents(namespace('south'), deployment('south/web'))
  const exported = (...exportTo: string[]): string =>
    serviceEntry('north/e', { spec: { exportTo } })
  const annotated = (value: string): string =>
    service('north/api', { annotations: { 'networking.istio.io/exportTo': value } })
  const sidecars = (name: string): string =>
    documents(
      namespace(name, { ambient: false, labels: { 'istio-injection': 'enabled' } }),
      deployment(`${name}/old`),
    )

  it.each<[string, readonly string[], number]>([
    ['its own namespace', [exported('.'), south], 1],
    ['no namespace', [exported('~'), south], 1],
    ['a third namespace', [exported('.', 'east'), south], 1],
    ['all namespaces', [exported('*'), south], 0],
    ['an empty list', [exported(), south], 0],
    ['the namespace of the clients', [exported('south'), south], 0],
    ['clients of the own namespace', [exported('.'), deployment('north/web')], 0],
    ['clients with sidecars too', [exported('.'), south, sidecars('old')], 0],
    ['clients with sidecars that it names', [exported('.', 'old'), south, sidecars('old')], 1],
    ['a Service', [annotated('., east'), south], 1],
    ['a Service for all', [annotated('*'), south], 0],
    ['a placeholder', [exported('${TEAM}'), south], 0],
  ])('%s', (_, objects, count) => {
    expect(found(namespace('north'), ...objects)).toHaveLength(count)
  })
})

describe('outbound-policy-not-enforced', () => {
  const found = reports(outboundPolicyNotEnforced)
  const only = { meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } }
  const apps = documents(namespace('apps'), deployment('apps/web'))
  const old = namespace('old', { ambient: false, labels: { 'istio-injection': 'enabled' } })

  it.each<[string, readonly string[], readonly string[]]>([
    ['ambient workloads', [values(only), apps], ['warning']],
    ['the values of an operator', [values({ values: only }), apps], ['warning']],
    [
      'the ConfigMap',
      [
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata:\n  mesh: |\n    outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n',
        apps,
      ],
      ['warning'],
    ],
    ['sidecars too', [values(only), apps, old], ['information']],
    ['no ambient workload', [values(only), namespace('apps'), old], []],
    [
      'the other mode',
      [values({ meshConfig: { outboundTrafficPolicy: { mode: 'ALLOW_ANY' } } }), apps],
      [],
    ],
  ])('%s', (_, objects, levels) => {
    expect(found(...objects).map((text) => text.slice(0, text.indexOf(':')))).toEqual(levels)
  })
})

describe('sidecar-resource-ignored', () => {
  const found = reports(sidecarResourceIgnored)
  const sidecar = (at: string): string =>
    object('Sidecar', at, { apiVersion: 'networking.istio.io/v1beta1', spec: {} })
  const injected = namespace('old', { ambient: false, labels: { 'istio-injection': 'enabled' } })

  it.each<[string, readonly string[], number]>([
    ['an ambient namespace', [namespace('apps'), sidecar('apps/default')], 1],
    [
      'an ambient namespace beside sidecars',
      [namespace('apps'), injected, sidecar('apps/default')],
      1,
    ],
    [
      'an ambient namespace with an injected pod',
      [
        namespace('apps'),
        pod('apps/web', { labels: { 'sidecar.istio.io/inject': 'true' } }),
        sidecar('apps/default'),
      ],
      0,
    ],
    ['a namespace with sidecars', [injected, sidecar('old/default')], 0],
    ['an undescribed namespace', [namespace('apps'), sidecar('other/default')], 0],
    [
      'the root namespace of an ambient mesh',
      [namespace('apps'), sidecar('istio-system/default')],
      1,
    ],
    [
      'the root namespace of a mixed mesh',
      [namespace('apps'), injected, sidecar('istio-system/default')],
      0,
    ],
    ['the root namespace alone', [sidecar('istio-system/default')], 0],
  ])('%s', (_, objects, count) => {
    expect(found(...objects)).toHaveLength(count)
  })
})
