import { describe, expect, it } from 'vitest'
import { analyse, findingsOf } from '../../testing/index.js'
import { invalidResource } from './invalid-resource.js'

function messagesOf(text: string): string[] {
  return findingsOf(analyse(text))
    .filter(({ rule }) => rule === invalidResource.name)
    .map(({ message }) => message)
}

describe('a ServiceEntry', () => {
  const entry = (spec: object): string =>
    JSON.stringify({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'e', namespace: 'shop' },
      spec: { ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], ...spec },
    })
  const endpoints = [{ address: '198.51.100.7' }]

  it.each<[string, object, string]>([
    ['no host', {}, 'spec: at least one host is required.'],
    ['an empty list of hosts', { hosts: [] }, 'spec.hosts: at least one host is required.'],
    ['every host', { hosts: ['*'] }, 'spec.hosts[0]: hostname cannot be wildcard.'],
    [
      'wildcard hosts that DNS cannot resolve',
      { hosts: ['a.example', '*.b.example', '*.c.example'], resolution: 'DNS' },
      'spec.hosts[1]: a wildcard host needs endpoints with resolution DNS, or resolution DYNAMIC_DNS.',
    ],
    [
      'a name for each request that is no wildcard',
      { hosts: ['a.example'], resolution: 'DYNAMIC_DNS' },
      'spec.hosts[0]: the host must be a wildcard with resolution DYNAMIC_DNS.',
    ],
    [
      'addresses for each request',
      { hosts: ['*.a.example'], resolution: 'DYNAMIC_DNS', addresses: ['198.51.100.7'] },
      'spec.addresses: cannot be set with resolution DYNAMIC_DNS.',
    ],
    [
      'endpoints without a resolution',
      { hosts: ['a.example'], endpoints },
      'spec.endpoints: NONE mode cannot set endpoints.',
    ],
    [
      'endpoints beside a selector',
      {
        hosts: ['a.example'],
        resolution: 'STATIC',
        endpoints,
        workloadSelector: { labels: { app: 'a' } },
      },
      'spec.endpoints: only one of workloadSelector or endpoints can be set.',
    ],
    [
      'a block of addresses that DNS resolves',
      { hosts: ['a.example'], resolution: 'DNS', addresses: ['198.51.100.0/24'] },
      'spec.addresses[0]: CIDR addresses are allowed only for NONE/STATIC resolution types.',
    ],
    [
      'one port twice',
      {
        hosts: ['a.example'],
        ports: [
          { number: 80, name: 'a', protocol: 'HTTP' },
          { number: 80, name: 'b', protocol: 'HTTP' },
        ],
      },
      'spec.ports[1].number: port number cannot be duplicated.',
    ],
    [
      'TCP with a name for each request',
      {
        hosts: ['*.a.example'],
        resolution: 'DYNAMIC_DNS',
        ports: [
          { number: 80, name: 'http', protocol: 'HTTP' },
          { number: 443, name: 'tcp', protocol: 'TCP' },
        ],
      },
      'spec.ports[1].protocol: only HTTP, HTTP2, GRPC and TLS are supported with resolution DYNAMIC_DNS.',
    ],
    [
      'no protocol with a name for each request',
      {
        hosts: ['*.a.example'],
        resolution: 'DYNAMIC_DNS',
        ports: [{ number: 80, name: 'http' }],
      },
      'spec.ports[0].protocol: only HTTP, HTTP2, GRPC and TLS are supported with resolution DYNAMIC_DNS.',
    ],
    [
      'a protocol that does not exist',
      { hosts: ['a.example'], ports: [{ number: 80, name: 'http', protocol: 'HTTP/1.1' }] },
      'spec.ports[0].protocol: unsupported protocol "HTTP/1.1".',
    ],
    [
      'a port without a name',
      { hosts: ['a.example'], ports: [{ number: 80, protocol: 'HTTP' }] },
      'spec.ports[0].name: Required value.',
    ],
    [
      'one name of ports twice',
      {
        hosts: ['a.example'],
        ports: [
          { number: 80, name: 'http', protocol: 'HTTP' },
          { number: 81, name: 'http', protocol: 'HTTP' },
        ],
      },
      'spec.ports[1].name: Duplicate value.',
    ],
  ])('is rejected with %s', (_, spec, message) => {
    expect(messagesOf(entry(spec))).toEqual([message])
  })

  it.each<[string, object]>([
    ['a wildcard host with endpoints', { hosts: ['*.a.example'], resolution: 'DNS', endpoints }],
    ['a wildcard host that is passed on', { hosts: ['*.a.example'] }],
    ['a wildcard host for each request', { hosts: ['*.a.example'], resolution: 'DYNAMIC_DNS' }],
    [
      'other protocols for each request',
      {
        hosts: ['*.a.example'],
        resolution: 'DYNAMIC_DNS',
        ports: [
          { number: 443, name: 'tls', protocol: 'tls' },
          { number: 81, name: 'grpc', protocol: '${PROTOCOL}' },
        ],
      },
    ],
    [
      'a protocol that is sniffed, and one in other case',
      {
        hosts: ['a.example'],
        ports: [
          { number: 80, name: 'any' },
          { number: 81, name: 'web', protocol: 'Grpc-Web' },
        ],
      },
    ],
    ['a block of addresses that is passed on', { hosts: ['a.b'], addresses: ['198.51.100.0/24'] }],
    ['hosts that another tool fills in', { hosts: '${HOSTS}', resolution: '${MODE}' }],
    ['a host that another tool fills in', { hosts: ['*.${DOMAIN}'], resolution: 'DNS' }],
    ['a value of another type, which is not checked', { hosts: ['a.b'], exportTo: [{}] }],
  ])('is accepted with %s', (_, spec) => {
    expect(messagesOf(entry(spec))).toEqual([])
  })
})
