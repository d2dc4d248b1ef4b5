import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  describeFindings,
  findingsOf,
  type Files,
} from '../../testing/index.js'
import { duplicatePeerAuthentication } from './duplicate-peer-authentication.js'
import { duplicatePeerAuthenticationPage } from './duplicate-peer-authentication.page.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const { name } = duplicatePeerAuthentication
const { bad } = duplicatePeerAuthenticationPage
const rules = [name]
const said = (files: Files | string): string[] =>
  describeFindings(analyse(files))
    .filter((line) => line.includes(` ${name}: `))
    .map((line) => line.replace(/^.*duplicate-peer-authentication: /, ''))
const peer = (policyName: string, spec: string, namespace = 'shop'): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: ${policyName}, namespace: ${namespace}}\nspec: ${spec}\n---\n`
const API = 'selector: {matchLabels: {app: api}}'

it('marks the name of the later one', () => {
  const { found, expected } = compareMarked(
    bad.replace(
      '  name: migration\n',
      '  name: migration\n  #     ^^^^^^^^^ duplicate-peer-authentication: "shop/default" sets the mode of the namespace too: only the older of the two counts, and no file tells which that is.\n',
    ),
    { rules },
  )
  expect(found).toEqual(expected)
})

describe('one level', () => {
  it.each([
    [
      'the mesh',
      AMBIENT_SHOP +
        peer('a', '{mtls: {mode: STRICT}}', 'istio-system') +
        peer('b', '{mtls: {mode: PERMISSIVE}}', 'istio-system'),
      '"istio-system/a" sets the mode of the mesh too',
    ],
    [
      'a workload',
      AMBIENT_SHOP +
        peer('a', `{${API}, mtls: {mode: STRICT}}`) +
        peer('b', `{${API}, mtls: {mode: PERMISSIVE}}`),
      '"shop/a" sets the mode for workload "api" too',
    ],
    [
      'a workload with different ports',
      AMBIENT_SHOP +
        peer('a', `{${API}, mtls: {mode: STRICT}}`) +
        peer('b', `{${API}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: PERMISSIVE}}}`),
      '"shop/a" sets the mode for workload "api" too',
    ],
    [
      'a namespace, where one has an empty selector',
      AMBIENT_SHOP +
        peer('a', '{selector: {}, mtls: {mode: STRICT}}') +
        peer('b', '{mtls: {mode: PERMISSIVE}}'),
      '"shop/a" sets the mode of the namespace too',
    ],
  ])('of %s', (_, text, start) => {
    expect(said(text)).toEqual([expect.stringContaining(start)])
  })

  it('is spoken of once for each that is one too many', () => {
    expect(
      said(
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
    'no workload has both',
    AMBIENT_SHOP +
      peer('a', `{${API}, mtls: {mode: STRICT}}`) +
      peer('b', '{selector: {matchLabels: {app: web}}, mtls: {mode: PERMISSIVE}}'),
  ],
  [
    'both say the same',
    AMBIENT_SHOP + peer('a', '{mtls: {mode: STRICT}}') + peer('b', '{mtls: {mode: STRICT}}'),
  ],
  [
    'both say the same of ports, in another order',
    AMBIENT_SHOP +
      peer('a', `{${API}, portLevelMtls: {80: {mode: STRICT}, 81: {mode: DISABLE}}}`) +
      peer('b', `{${API}, portLevelMtls: {81: {mode: DISABLE}, 80: {mode: STRICT}}}`),
  ],
  [
    'a name stands for variants of one object',
    AMBIENT_SHOP + peer('a', '{mtls: {mode: STRICT}}') + peer('a', '{mtls: {mode: PERMISSIVE}}'),
  ],
  [
    'the namespace is not written',
    (peer('a', '{mtls: {mode: STRICT}}') + peer('b', '{mtls: {mode: PERMISSIVE}}')).replaceAll(
      ', namespace: shop',
      '',
    ),
  ],
  [
    'a mode is filled in',
    AMBIENT_SHOP + peer('a', '{mtls: {mode: "${MODE}"}}') + peer('b', '{mtls: {mode: STRICT}}'),
  ],
  [
    'the namespace uses sidecars',
    bad.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled'),
  ],
])('is silent where %s', (_, text) => {
  expect(said(text)).toEqual([])
})

describe('in two files', () => {
  const files = (more: string): Files => ({
    'a.yaml': AMBIENT_SHOP + peer('a', '{mtls: {mode: STRICT}}') + more,
    'b.yaml': peer('b', '{mtls: {mode: PERMISSIVE}}') + more,
  })

  it('both are meant', () => {
    expect(said(files('')).length).toBe(1)
  })

  it('they are alternatives where an object of the namespace stands in both', () => {
    expect(said(files(peer('own', `{${API}, mtls: {mode: STRICT}}`)))).toEqual([])
  })
})

it('points at the other one', () => {
  expect(findingsOf(analyse(bad)).find(({ rule }) => rule === name)?.related[0]).toMatchObject({
    message: 'The other PeerAuthentication at this level, "default".',
  })
})

it('fits whatever the names are', () => {
  for (const { message } of findingsOf(
    analyse(
      bad
        .replaceAll('migration', 'x'.repeat(63))
        .replaceAll('name: default', `name: ${'y'.repeat(63)}`),
    ),
  ))
    expect(message.length).toBeLessThanOrEqual(140)
})
