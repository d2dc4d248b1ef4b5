import { describe, expect, it } from 'vitest'
import {
  analyse,
  expectFixed,
  findingsOf,
  replaceIn,
  type AnalyseOptions,
  type Files,
} from '../../testing/index.js'
import {
  API_SERVICE,
  object,
  selector,
  SHOP_WITHOUT_WAYPOINT,
  target,
} from '../../testing/l7Objects.js'
import { SHOP } from '../support/examples.js'
import { l7ResourceWithoutWaypoint } from './l7-resource-without-waypoint.js'

const rule = l7ResourceWithoutWaypoint.name

function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)
}

describe('a resource for a Service or a host', () => {
  const NONE = (name: string, kind: string): string =>
    `warning: This ${kind} has no effect on ambient traffic: ${name} has no waypoint.`
  const parents = (refs: string): string => `  parentRefs:\n${refs}  rules: []\n`
  const PARENT = '  - {kind: Service, group: "", name: api}\n'
  const entry = (label: string): string =>
    replaceIn(object('ServiceEntry', '  hosts: [pay.example]\n  resolution: DNS\n'), [
      'spec:',
      `  labels:\n    ${label}\nspec:`,
    ])
  const virtualService = (spec: string): string =>
    object('VirtualService', `${spec}  http:\n  - timeout: 1s\n`)
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'a target without a waypoint',
      [SHOP_WITHOUT_WAYPOINT, object('RequestAuthentication', target('Service', 'api'))],
      [NONE('Service "api"', 'RequestAuthentication')],
    ],
    [
      'a target with a waypoint',
      [SHOP, object('RequestAuthentication', target('Service', 'api'))],
      [],
    ],
    [
      'a target that opts out',
      [
        replaceIn(SHOP, ['use-waypoint: waypoint', 'use-waypoint: none']),
        object('WasmPlugin', target('Service', 'api')),
      ],
      [NONE('Service "api"', 'WasmPlugin')],
    ],
    [
      'a target outside the files',
      [SHOP_WITHOUT_WAYPOINT, object('RequestAuthentication', target('Service', 'web'))],
      [],
    ],
    [
      'a Gateway that is a waypoint',
      [SHOP_WITHOUT_WAYPOINT, object('RequestAuthentication', target('Gateway', 'waypoint'))],
      [],
    ],
    [
      'a ServiceEntry without a waypoint',
      [SHOP_WITHOUT_WAYPOINT, entry('team: a'), object('Telemetry', target('ServiceEntry', 'x'))],
      [NONE('ServiceEntry "x"', 'Telemetry')],
    ],
    [
      'a parent without a waypoint',
      [SHOP_WITHOUT_WAYPOINT, object('GRPCRoute', parents(PARENT))],
      [NONE('Service "api"', 'GRPCRoute')],
    ],
    ['a parent with a waypoint', [SHOP, object('HTTPRoute', parents(PARENT))], []],
    [
      'a parent that is a gateway',
      [SHOP_WITHOUT_WAYPOINT, object('HTTPRoute', parents('  - {name: edge}\n'))],
      [],
    ],
    [
      'a parent of another namespace',
      [
        SHOP_WITHOUT_WAYPOINT,
        object(
          'HTTPRoute',
          parents('  - {kind: Service, group: "", name: api, namespace: shop}\n'),
          'web',
        ),
      ],
      [],
    ],
    [
      'a host without a waypoint',
      [SHOP_WITHOUT_WAYPOINT, virtualService('  hosts: [api]\n')],
      [NONE('Service "api"', 'VirtualService')],
    ],
    ['a host with a waypoint', [SHOP, virtualService('  hosts: [api]\n')], []],
    [
      'a host of a gateway',
      [SHOP_WITHOUT_WAYPOINT, virtualService('  hosts: [api]\n  gateways: [edge, mesh]\n')],
      [],
    ],
    [
      'a host outside the files',
      [SHOP_WITHOUT_WAYPOINT, virtualService('  hosts: [web, example.com]\n')],
      [],
    ],
    [
      'an external host without a waypoint',
      [SHOP_WITHOUT_WAYPOINT, entry('team: a'), virtualService('  hosts: [pay.example]\n')],
      [NONE('ServiceEntry "x"', 'VirtualService')],
    ],
    [
      'a VirtualService with TCP routes only',
      [
        SHOP_WITHOUT_WAYPOINT,
        object(
          'VirtualService',
          '  hosts: [api]\n  tcp:\n  - route:\n    - destination: {host: api}\n',
        ),
      ],
      [],
    ],
    [
      'a namespace outside ambient mode',
      [
        replaceIn(SHOP_WITHOUT_WAYPOINT, ['mode: ambient', 'mode: none']),
        virtualService('  hosts: [api]\n'),
      ],
      [],
    ],
    ['a namespace with unknown enrolment', [API_SERVICE, virtualService('  hosts: [api]\n')], []],
  ])('is checked for %s', (_, documents, expected) => {
    expect(found(documents)).toEqual(expected)
  })

  it('reports nothing where a kustomization may add a label', () => {
    const files: Files = {
      'a.yaml': `${SHOP_WITHOUT_WAYPOINT}---\n${object('HTTPRoute', parents(PARENT))}`,
      'kustomization.yaml': 'resources: [a.yaml]\npatches:\n- path: p.yaml\n',
    }
    expect(findingsOf(analyse(files)).filter((finding) => finding.rule === rule)).toEqual([])
  })
})

describe('the fix', () => {
  it('attaches the resource to the Service of its workloads', () => {
    const text = (before: string): string =>
      `${SHOP}---\n` +
      object(
        'RequestAuthentication',
        `${before}  jwtRules: # of ours\n  - issuer: https://login.example\n`,
      )
    expectFixed(
      text(selector()),
      { rule, title: 'Attach to the waypoint with targetRefs' },
      text(target('Service', 'api')),
    )
  })

  it('attaches the resource to a new waypoint', () => {
    const fixed = expectFixed(
      [SHOP_WITHOUT_WAYPOINT, object('WasmPlugin', selector())].join('---\n'),
      {
        rule,
        title: 'Create a waypoint and attach the resource to it',
      },
    )
    expect(fixed['test.yaml']).toContain('    istio.io/use-waypoint: waypoint\n')
    expect(fixed['test.yaml']).toContain('kind: Gateway\n')
  })

  it('creates a waypoint for the target', () => {
    const fixed = expectFixed(
      [SHOP_WITHOUT_WAYPOINT, object('RequestAuthentication', target('Service', 'api'))].join(
        '---\n',
      ),
      { rule, title: 'Create a waypoint and use it' },
    )
    expect(fixed['test.yaml']).toContain('    istio.io/use-waypoint: waypoint\n')
  })

  it('labels the target where there is a waypoint', () => {
    const text = (label: string): string =>
      [
        replaceIn(
          SHOP,
          ['    istio.io/use-waypoint: waypoint\n', ''],
          [
            'kind: Service\nmetadata:\n  name: api\n  namespace: shop\n',
            `kind: Service\nmetadata:\n  name: api\n  namespace: shop\n${label}`,
          ],
        ),
        object('HTTPRoute', '  parentRefs: [{kind: Service, group: "", name: api}]\n'),
      ].join('---\n')
    expectFixed(
      text(''),
      { rule, title: 'Use waypoint "shop/waypoint" for "api"' },
      text('  labels:\n    istio.io/use-waypoint: waypoint\n'),
    )
  })
})
