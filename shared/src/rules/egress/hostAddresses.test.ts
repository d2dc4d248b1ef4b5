import { describe, expect, it } from 'vitest'
import {
  authorizationPolicy,
  documents,
  expectFixed,
  namespace,
  replaceIn,
  serviceEntry,
  type Fields,
} from '../../testing/index.js'
import { reports, NORTH, entry, restrict, values } from '../../testing/egressRules.js'
import { hostDefinedTwice } from './host-defined-twice.js'
import { serviceEntryNotCaptured } from './service-entry-not-captured.js'

const NO_CAPTURE = values({ values: { cni: { ambient: { dnsCapture: false } } } })

describe('service-entry-not-captured', () => {
  const found = reports(serviceEntryNotCaptured)
  const bypassed = (reason: string): string =>
    `warning: Clients bypass waypoint "north/out": ztunnel knows no address of "pay.example.com", because ${reason}.`

  it.each<[string, readonly string[], readonly string[]]>([
    [
      'resolution NONE',
      [entry('north/e', { resolution: 'NONE' })],
      [bypassed('resolution NONE gives it none')],
    ],
    [
      'no resolution',
      [entry('north/e', { resolution: undefined })],
      [bypassed('resolution NONE gives it none')],
    ],
    ['DNS capture off', [entry('north/e'), NO_CAPTURE], [bypassed('DNS capture is off')]],
    [
      'the flag off',
      [
        entry('north/e'),
        values({ values: { pilot: { env: { PILOT_ENABLE_IP_AUTOALLOCATE: 'false' } } } }),
      ],
      [bypassed('PILOT_ENABLE_IP_AUTOALLOCATE is off')],
    ],
    ['an address of its own', [entry('north/e', { addresses: ['198.51.100.7'] }), NO_CAPTURE], []],
    [
      'a host of the cluster',
      [entry('north/e', { resolution: 'NONE', hosts: ['a.b.svc.cluster.local'] })],
      [],
    ],
    ['no waypoint', [serviceEntry('north/e', { spec: { resolution: 'NONE' } })], []],
    [
      'the label "none"',
      [serviceEntry('north/e', { waypoint: 'none', spec: { resolution: 'NONE' } })],
      [],
    ],
    ['a resolution of another tool', [entry('north/e', { resolution: '${RESOLUTION}' })], []],
    [
      'installs that disagree',
      [
        entry('north/e'),
        NO_CAPTURE,
        replaceIn(NO_CAPTURE, ['false', 'true'], ['name: install', 'name: other']),
      ],
      [],
    ],
    [
      'a wildcard with dynamic DNS',
      [entry('north/e', { hosts: ['*.a.com'], resolution: 'DYNAMIC_DNS' })],
      [],
    ],
  ])('%s', (_, objects, expected) => {
    expect(found(NORTH, ...objects)).toEqual(expected)
  })

  it('is an error with a policy that denies requests', () => {
    expect(
      found(NORTH, entry('north/e', { resolution: 'NONE' }), restrict('north/p', 'e'))[0],
    ).toMatch(/^error: Clients bypass waypoint "north\/out" and its policies/)
    expect(
      found(
        NORTH,
        entry('north/e', { resolution: 'NONE' }),
        authorizationPolicy('north/p', { targetRefs: ['ServiceEntry/e'], rules: [{}] }),
      )[0],
    ).toMatch(/^warning/)
  })

  it('is assumed before 1.25', () => {
    const old = reports(serviceEntryNotCaptured, { istioVersion: '1.24' })
    expect(old(NORTH, entry('north/e'), restrict('north/p', 'e'))[0]).toMatch(
      /^warning: Clients bypass waypoint/,
    )
  })

  it('names the host that has none among several', () => {
    expect(
      found(
        NORTH,
        entry('north/e', {
          hosts: ['a.example.com', '*.example.com'],
          endpoints: [{ address: 'backend.example.com' }],
        }),
      )[0],
    ).toContain('"*.example.com"')
  })

  it.each<[string, string, string]>([
    ['Use resolution: DNS', entry('north/e', { resolution: 'NONE' }), 'resolution: DNS'],
    [
      'Remove the label networking.istio.io/enable-autoallocate-ip',
      entry('north/e', {}, { 'networking.istio.io/enable-autoallocate-ip': 'FALSE' }),
      'kind: ServiceEntry',
    ],
    ['Turn DNS capture on', documents(entry('north/e'), NO_CAPTURE), 'dnsCapture: true'],
  ])('offers the fix "%s"', (title, objects, expected) => {
    const fixed = expectFixed(documents(NORTH, objects), {
      rule: serviceEntryNotCaptured.name,
      title,
    })
    expect(fixed['test.yaml']?.replaceAll('"', '')).toContain(expected)
  })
})

describe('host-defined-twice', () => {
  const found = reports(hostDefinedTwice)
  const open = (at: string, spec: Fields = {}): string =>
    serviceEntry(at, { spec: { hosts: ['pay.example.com'], ...spec } })

  it.each<[string, readonly string[], number]>([
    ['one without a waypoint', [entry('north/e'), open('south/e')], 1],
    [
      'hosts in another case',
      [entry('north/e'), open('south/e', { hosts: ['PAY.example.com'] })],
      1,
    ],
    ['both at one waypoint', [entry('north/e'), entry('south/e')], 0],
    [
      'both at one waypoint with other policies',
      [entry('north/e'), entry('south/e'), restrict('south/p', 'e')],
      2,
    ],
    ['neither at a waypoint', [open('north/e'), open('south/e')], 0],
    ['one without an address', [entry('north/e'), open('south/e', { resolution: 'NONE' })], 0],
    ['two in one namespace', [entry('north/e'), open('north/f')], 0],
    [
      'other hosts',
      [entry('north/e'), open('south/e', { hosts: ['*.example.com'], resolution: 'NONE' })],
      0,
    ],
    [
      'visible in their namespaces only',
      [
        entry('north/e'),
        open('south/e'),
        values({ meshConfig: { serviceEntryVisibility: { defaultVisibility: 'NAMESPACE' } } }),
      ],
      0,
    ],
  ])('%s', (_, objects, count) => {
    expect(found(NORTH, namespace('south'), ...objects)).toHaveLength(count)
  })
})
