import { describe, expect, it } from 'vitest'
import {
  analyse,
  documents,
  findingsOf,
  namespace,
  object,
  replaceIn,
  serviceEntry,
  waypoint,
  type Fields,
} from '../../testing/index.js'
import { wildcardTlsPortPage } from './wildcard-tls-port.page.js'
import { wildcardTlsPort } from './wildcard-tls-port.js'

const found = (text: string): unknown[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === wildcardTlsPort.name)
    .map(({ message, assumptions }) => [message, ...assumptions])
const MESSAGE =
  'Clients cannot connect to port 443 of "*.example.com": waypoint "apps/exit" serves no TLS of wildcard hosts.'
const DEFAULT = 'the flag ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS is off'

it('reports the bad example of its page, and not the good one', () => {
  expect(found(wildcardTlsPortPage.bad)).toEqual([[MESSAGE, DEFAULT]])
  expect(found(wildcardTlsPortPage.good)).toEqual([])
})

describe('a ServiceEntry with dynamic DNS', () => {
  const TLS = { number: 443, name: 'tls', protocol: 'TLS' }
  const mesh = (spec: Fields, more: readonly string[] = []): string =>
    documents(
      namespace('apps'),
      waypoint('apps/exit'),
      serviceEntry('apps/wild', {
        waypoint: 'exit',
        spec: { hosts: ['*.example.com'], resolution: 'DYNAMIC_DNS', ports: [TLS], ...spec },
      }),
      ...more,
    )
  const install = (value: string): string =>
    object('Istio', 'default', {
      spec: { values: { pilot: { env: { ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS: value } } } },
    })

  it.each<[string, string, unknown[]]>([
    ['has a TLS port that no client reaches', mesh({}), [[MESSAGE, DEFAULT]]],
    ['is certain with an install', mesh({}, [install('false')]), [[MESSAGE]]],
    ['works with the flag', mesh({}, [install('true')]), []],
    ['works with HTTP', mesh({ ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] }), []],
    [
      'does not matter without a waypoint',
      replaceIn(mesh({}), ['use-waypoint: exit', 'x: exit']),
      [],
    ],
    ['is another thing with a name', mesh({ hosts: ['www.example.com'], resolution: 'DNS' }), []],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected)
  })
})
