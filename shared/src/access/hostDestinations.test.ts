import { describe, expect, it } from 'vitest'
import {
  answer,
  clientIn,
  closedExit,
  entry,
  openEntry,
  operator,
  OWN,
} from '../testing/egressMesh.js'
import { deployment, documents, namespace, serviceEntry } from '../testing/index.js'
import type { AccessAnswer } from './request.js'

describe('the address that a captured client gets for a host', () => {
  it.each<[string, AccessAnswer['verdict'], readonly string[]]>([
    ['an allocated one', 'deny', [entry('apps/e')]],
    ['none with resolution NONE', 'allow', [entry('apps/e', { resolution: 'NONE' })]],
    ['none without a resolution', 'allow', [entry('apps/e', { resolution: undefined })]],
    [
      'none with the label, in any case',
      'allow',
      [entry('apps/e', {}, { 'networking.istio.io/enable-autoallocate-ip': 'False' })],
    ],
    [
      'an allocated one with another value of the label',
      'deny',
      [entry('apps/e', {}, { 'networking.istio.io/enable-autoallocate-ip': 'no' })],
    ],
    [
      'its own address in spite of the label',
      'deny',
      [
        entry(
          'apps/e',
          { addresses: ['240.1.1.1'] },
          { 'networking.istio.io/enable-autoallocate-ip': 'false' },
        ),
      ],
    ],
    [
      'its own address with resolution NONE',
      'deny',
      [entry('apps/e', { resolution: 'NONE', addresses: ['198.51.100.7'] })],
    ],
    [
      'perhaps one of a block',
      'undecided',
      [entry('apps/e', { resolution: 'NONE', addresses: ['198.51.100.0/24'] })],
    ],
    [
      'none where a wildcard has no dynamic DNS',
      'allow',
      [entry('apps/e', { hosts: ['*.example.com'], resolution: 'STATIC' })],
    ],
    [
      'an allocated one where a wildcard has dynamic DNS',
      'deny',
      [entry('apps/e', { hosts: ['*.example.com'], resolution: 'DYNAMIC_DNS' })],
    ],
    [
      'that of the wildcard where the exact host has none',
      'deny',
      [
        openEntry('apps/none', { resolution: 'NONE' }),
        entry('apps/wild', { hosts: ['*.com'], resolution: 'DYNAMIC_DNS' }),
      ],
    ],
    [
      'none with the flag off',
      'allow',
      [
        entry('apps/e'),
        operator({ values: { pilot: { env: { PILOT_ENABLE_IP_AUTOALLOCATE: 'false' } } } }),
      ],
    ],
    [
      'none without DNS capture',
      'allow',
      [entry('apps/e'), operator({ values: { cni: { ambient: { dnsCapture: false } } } })],
    ],
    [
      'perhaps its own without DNS capture',
      'undecided',
      [
        entry('apps/e', { addresses: ['198.51.100.7'] }),
        operator({ values: { cni: { ambient: { dnsCapture: false } } } }),
      ],
    ],
    [
      'none without DNS capture in the ConfigMap of the CNI',
      'allow',
      [
        entry('apps/e'),
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-cni-config, namespace: kube-system}\ndata: {AMBIENT_DNS_CAPTURE: "false"}\n',
      ],
    ],
    [
      'none without DNS capture in an IstioCNI',
      'allow',
      [
        entry('apps/e'),
        'apiVersion: sailoperator.io/v1\nkind: IstioCNI\nmetadata: {name: default}\nspec: {values: {cni: {ambient: {dnsCapture: false}}}}\n',
      ],
    ],
  ])('%s', (_, expected, objects) => {
    expect(answer([...OWN, ...objects]).verdict).toBe(expected)
  })

  it('depends on the annotation of its pods before the CNI', () => {
    const off = operator({ values: { cni: { ambient: { dnsCapture: false } } } })
    const annotated = (value: string): string =>
      clientIn('apps', { 'ambient.istio.io/dns-capture': value })
    const verdicts = [
      [annotated('false')],
      [annotated('true'), off],
      [annotated('0')],
      [annotated('perhaps')],
      [annotated('false'), deployment('apps/other', { serviceAccount: 'web' })],
    ].map((objects) => answer([closedExit('apps'), entry('apps/e'), ...objects]).verdict)
    expect(verdicts).toEqual(['allow', 'deny', 'allow', 'deny', 'undecided'])
  })

  it('is assumed to be none before 1.25, and known where both settings are on', () => {
    const on = operator({
      values: {
        cni: { ambient: { dnsCapture: true } },
        pilot: { env: { PILOT_ENABLE_IP_AUTOALLOCATE: 'true' } },
      },
    })
    const old = { istioVersion: '1.24' }
    expect(answer([...OWN, entry('apps/e')], {}, old).verdict).toBe('allow')
    expect(answer([...OWN, entry('apps/e'), on], {}, old).verdict).toBe('deny')
  })

  it('is explained', () => {
    const { hops, assumptions } = answer([...OWN, entry('apps/e', { resolution: 'NONE' })])
    expect(hops).toEqual([])
    expect(assumptions).toEqual([
      'the connection bypasses every waypoint: clients get no address of ServiceEntry apps/e that ztunnel knows, because resolution NONE gives it none',
    ])
  })
})

describe('a host of several namespaces', () => {
  const north = documents(namespace('north'), closedExit('north'))
  const south = namespace('south')

  it.each<[string, AccessAnswer['verdict'], readonly string[]]>([
    ['leads to the own namespace', 'allow', [entry('north/e'), openEntry('apps/e')]],
    [
      'leads elsewhere where the own definition has no address',
      'deny',
      [entry('north/e'), openEntry('apps/e', { resolution: 'NONE' })],
    ],
    ['is not decided for a third namespace', 'undecided', [entry('north/e'), openEntry('south/e')]],
    [
      'is decided where one definition has an address',
      'allow',
      [entry('north/e', { resolution: 'NONE' }), openEntry('south/e')],
    ],
    [
      'is decided where all definitions lead to one answer',
      'deny',
      [
        entry('north/e'),
        serviceEntry('south/e', {
          waypoint: 'north/exit',
          spec: { hosts: ['site.example.com'] },
        }),
      ],
    ],
    ['is compared without case', 'deny', [entry('north/e', { hosts: ['Site.Example.com'] })]],
    [
      'is not decided for two definitions of the own namespace',
      'undecided',
      [
        openEntry('apps/one'),
        serviceEntry('apps/two', { waypoint: 'north/exit', spec: { hosts: ['site.example.com'] } }),
      ],
    ],
  ])('%s', (_, expected, objects) => {
    expect(answer([north, south, clientIn('apps'), ...objects]).verdict).toBe(expected)
  })

  it('that is visible in its namespace only', () => {
    const hidden = operator({
      meshConfig: { serviceEntryVisibility: { defaultVisibility: 'NAMESPACE' } },
    })
    expect(answer([north, clientIn('apps'), entry('north/e'), hidden]).verdict).toBe('allow')
  })
})
