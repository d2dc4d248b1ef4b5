import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  findingsOf,
  replaceAllIn,
  replaceIn,
  withoutArrows,
  type Files,
} from '../../testing/index.js'
import { duplicatePeerAuthentication } from './duplicate-peer-authentication.js'
import { duplicatePeerAuthenticationPage } from './duplicate-peer-authentication.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const { name } = duplicatePeerAuthentication
const bad = withoutArrows(duplicatePeerAuthenticationPage.bad)
const rules = [name]
const messages = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*duplicate-peer-authentication: /, ''))
const peer = (policyName: string, spec: string, namespace = 'shop'): string =>
  `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ${policyName}, namespace: ${namespace}}
spec: ${spec}
---
`
const API = 'selector: {matchLabels: {app: api}}'

it('marks the name of the second PeerAuthentication at a level', () => {
  const { found, expected } = compareMarked(
    replaceIn(bad, [
      '  name: migration\n',
      `  name: migration
  #     ^^^^^^^^^ duplicate-peer-authentication: Only the older of this PeerAuthentication and "shop/default" applies to the namespace: the files do not show which one it is.
`,
    ]),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('two PeerAuthentications at one level', () => {
  it.each([
    [
      'the mesh',
      AMBIENT_SHOP +
        peer('a', '{mtls: {mode: STRICT}}', 'istio-system') +
        peer('b', '{mtls: {mode: PERMISSIVE}}', 'istio-system'),
      'and "istio-system/a" applies to the mesh:',
    ],
    [
      'a workload',
      AMBIENT_SHOP +
        peer('a', `{${API}, mtls: {mode: STRICT}}`) +
        peer('b', `{${API}, mtls: {mode: PERMISSIVE}}`),
      'and "shop/a" applies to workload "api":',
    ],
    [
      'a workload with different ports',
      AMBIENT_SHOP +
        peer('a', `{${API}, mtls: {mode: STRICT}}`) +
        peer('b', `{${API}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: PERMISSIVE}}}`),
      'and "shop/a" applies to workload "api":',
    ],
    [
      'a namespace if one has an empty selector',
      AMBIENT_SHOP +
        peer('a', '{selector: {}, mtls: {mode: STRICT}}') +
        peer('b', '{mtls: {mode: PERMISSIVE}}'),
      'and "shop/a" applies to the namespace:',
    ],
  ])('are reported for %s', (_, text, part) => {
    expect(messages(text)).toEqual([expect.stringContaining(part)])
  })

  it('reports one finding for each further PeerAuthentication', () => {
    expect(
      messages(
        AMBIENT_SHOP +
          ['STRICT', 'PERMISSIVE', 'DISABLE']
            .map((mode) => peer(mode.toLowerCase(), `{mtls: {mode: ${mode}}}`))
            .join(''),
      ).length,
    ).toBe(2)
  })
})

it.each([
  [
    'the levels differ',
    AMBIENT_SHOP +
      peer('a', '{mtls: {mode: STRICT}}') +
      peer('b', `{${API}, mtls: {mode: PERMISSIVE}}`) +
      peer('c', '{mtls: {mode: PERMISSIVE}}', 'istio-system'),
  ],
  [
    'they select different workloads',
    AMBIENT_SHOP +
      peer('a', `{${API}, mtls: {mode: STRICT}}`) +
      peer('b', '{selector: {matchLabels: {app: web}}, mtls: {mode: PERMISSIVE}}'),
  ],
  [
    'both set the same mode',
    AMBIENT_SHOP + peer('a', '{mtls: {mode: STRICT}}') + peer('b', '{mtls: {mode: STRICT}}'),
  ],
  [
    'both set the same port-level modes in another order',
    AMBIENT_SHOP +
      peer('a', `{${API}, portLevelMtls: {80: {mode: STRICT}, 81: {mode: DISABLE}}}`) +
      peer('b', `{${API}, portLevelMtls: {81: {mode: DISABLE}, 80: {mode: STRICT}}}`),
  ],
  [
    'they are variants of one object',
    AMBIENT_SHOP + peer('a', '{mtls: {mode: STRICT}}') + peer('a', '{mtls: {mode: PERMISSIVE}}'),
  ],
  [
    'the namespace is not in the files',
    replaceAllIn(peer('a', '{mtls: {mode: STRICT}}') + peer('b', '{mtls: {mode: PERMISSIVE}}'), [
      ', namespace: shop',
      '',
    ]),
  ],
  [
    'another tool fills in a mode',
    AMBIENT_SHOP + peer('a', '{mtls: {mode: "${MODE}"}}') + peer('b', '{mtls: {mode: STRICT}}'),
  ],
  [
    'the namespace uses sidecars',
    replaceIn(bad, ['istio.io/dataplane-mode: ambient', 'istio-injection: enabled']),
  ],
])('reports nothing if %s', (_, text) => {
  expect(messages(text)).toEqual([])
})

describe('in two files', () => {
  const files = (more: string): Files => ({
    'a.yaml': AMBIENT_SHOP + peer('a', '{mtls: {mode: STRICT}}') + more,
    'b.yaml': peer('b', '{mtls: {mode: PERMISSIVE}}') + more,
  })

  it('reports two PeerAuthentications in two files', () => {
    expect(messages(files('')).length).toBe(1)
  })

  it('reports nothing for alternative files, which define the same object', () => {
    expect(messages(files(peer('own', `{${API}, mtls: {mode: STRICT}}`)))).toEqual([])
  })
})

it('names the other PeerAuthentication as related information', () => {
  expect(findingsOf(analyse(bad)).find(({ rule }) => rule === name)?.related[0]).toMatchObject({
    message: 'The other PeerAuthentication at this level: "default".',
  })
})

it('has a message of at most 140 characters with long names', () => {
  for (const { message } of findingsOf(
    analyse(
      replaceAllIn(
        bad,
        ['migration', 'x'.repeat(63)],
        ['name: default', `name: ${'y'.repeat(63)}`],
      ),
    ),
  ))
    expect(message.length).toBeLessThanOrEqual(140)
})
