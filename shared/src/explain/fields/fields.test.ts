import { describe, expect, it } from 'vitest'
import { labelsAt } from '../../testing/completionsAt.js'
import type { FieldPath } from '../../yaml/node.js'
import { describeField } from '../describeField.js'
import { fieldsAt, isDescribed } from './fieldsOf.js'
import { WRITTEN_KINDS } from './objectFields.js'

/**
 * The keys of the API of Istio 1.30 and of the Gateway API 1.4 below `spec`, from their custom resource definitions:
 * `*` is an item of a list, `+` any key.
 */
const API: Readonly<Record<string, readonly string[]>> = {
  AuthorizationPolicy: [
    'spec.selector',
    'spec.selector.matchLabels',
    'spec.targetRefs',
    'spec.targetRefs.*.group',
    'spec.targetRefs.*.kind',
    'spec.targetRefs.*.name',
    'spec.action',
    'spec.provider',
    'spec.provider.name',
    'spec.rules',
    'spec.rules.*.from',
    'spec.rules.*.from.*.source',
    ...['principals', 'requestPrincipals', 'namespaces', 'ipBlocks', 'remoteIpBlocks'].flatMap(
      (name) => [
        `spec.rules.*.from.*.source.${name}`,
        `spec.rules.*.from.*.source.not${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      ],
    ),
    'spec.rules.*.from.*.source.serviceAccounts',
    'spec.rules.*.from.*.source.notServiceAccounts',
    'spec.rules.*.from.*.source.trustDomains',
    'spec.rules.*.from.*.source.notTrustDomains',
    'spec.rules.*.to',
    'spec.rules.*.to.*.operation',
    ...['hosts', 'ports', 'methods', 'paths'].flatMap((name) => [
      `spec.rules.*.to.*.operation.${name}`,
      `spec.rules.*.to.*.operation.not${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    ]),
    'spec.rules.*.when',
    'spec.rules.*.when.*.key',
    'spec.rules.*.when.*.values',
    'spec.rules.*.when.*.notValues',
  ],
  PeerAuthentication: [
    'spec.selector',
    'spec.selector.matchLabels',
    'spec.mtls',
    'spec.mtls.mode',
    'spec.portLevelMtls',
    'spec.portLevelMtls.+.mode',
  ],
  RequestAuthentication: [
    'spec.selector',
    'spec.selector.matchLabels',
    'spec.targetRefs',
    'spec.targetRefs.*.group',
    'spec.targetRefs.*.kind',
    'spec.targetRefs.*.name',
    'spec.jwtRules',
    ...[
      'issuer',
      'audiences',
      'jwksUri',
      'jwks',
      'fromHeaders',
      'fromParams',
      'fromCookies',
      'forwardOriginalToken',
      'outputPayloadToHeader',
      'outputClaimToHeaders',
      'timeout',
      'spaceDelimitedClaims',
      'fromHeaders.*.name',
      'fromHeaders.*.prefix',
      'outputClaimToHeaders.*.header',
      'outputClaimToHeaders.*.claim',
    ].map((name) => `spec.jwtRules.*.${name}`),
  ],
  Gateway: [
    'spec.gatewayClassName',
    'spec.addresses',
    'spec.infrastructure',
    'spec.listeners',
    ...['name', 'hostname', 'port', 'protocol', 'tls', 'allowedRoutes'].map(
      (name) => `spec.listeners.*.${name}`,
    ),
    'spec.listeners.*.allowedRoutes.kinds',
    'spec.listeners.*.allowedRoutes.namespaces',
    'spec.listeners.*.allowedRoutes.namespaces.from',
    'spec.listeners.*.allowedRoutes.namespaces.selector',
    'spec.listeners.*.allowedRoutes.namespaces.selector.matchLabels',
  ],
}
const OF_ALL_KINDS = ['apiVersion', 'kind', 'metadata', 'spec', 'metadata.name', 'metadata.labels']

function pathOf(text: string): FieldPath {
  return text
    .split('.')
    .map((segment) => (segment === '*' ? 0 : segment === '+' ? '8080' : segment))
}

const isWritten = (kind: string): kind is (typeof WRITTEN_KINDS)[number] =>
  WRITTEN_KINDS.some((each) => each === kind)

describe.each(Object.keys(API))('the keys of %s', (kind) => {
  const keys = [...OF_ALL_KINDS, ...(API[kind] ?? [])]

  it.each(keys)('%s has a hover with documentation', (key) => {
    expect(isWritten(kind) && isDescribed(kind)).toBe(true)
    const name = key.split('.').at(-1) ?? ''
    const hover = describeField({ type: kind as 'Gateway' }, pathOf(key), undefined)
    expect(hover).toMatch(new RegExp(`^\\*\\*${name}\\*\\*\\n\\n\\S`))
  })
})

it('every described key of every kind has documentation', () => {
  for (const kind of WRITTEN_KINDS) {
    const seen: string[] = []
    const visit = (path: FieldPath): void => {
      if (path.length > 10) return
      for (const { name, holds } of fieldsAt(kind, path)) {
        const at = [...path, name]
        seen.push(at.join('.'))
        expect([kind, at.join('.'), describeField({ type: kind }, at, undefined)]).toEqual([
          kind,
          at.join('.'),
          expect.stringMatching(/^\*\*.*\*\*\n\n\S/),
        ])
        if (holds === 'list') visit([...at, 0])
        else if (holds === 'map') visit(at)
      }
    }
    visit([])
    expect(seen.length).toBeGreaterThan(4)
  }
})

it('a key that no API has is not described', () => {
  expect(describeField({ type: 'Gateway' }, ['spec', 'listener'], undefined)).toBeUndefined()
  expect(describeField({ type: 'Deployment' }, ['spec'], undefined)).toBeUndefined()
})

it('every key of a rule is completed', () => {
  const rule = 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nspec:\n  rules:\n  - █'
  expect(labelsAt(rule)).toEqual(expect.arrayContaining(['from', 'to', 'when']))
})
