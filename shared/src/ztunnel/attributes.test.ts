import { expect, it } from 'vitest'
import { fieldNamed } from '../vocabulary/attributeFields.js'
import { ATTRIBUTE_NAMES, type OperationField, type SourceField } from '../vocabulary/attributes.js'
import { isAddressAtZtunnel, L4_ATTRIBUTES, layerOfKey } from './attributes.js'
import { MATCH_FIELDS, type Match } from './authorization.js'
import { dropsUnreadable } from './convertMatch.js'

it('ztunnel matches six attributes, two of them addresses', () => {
  expect([...L4_ATTRIBUTES].sort()).toEqual([
    'destinationIp',
    'namespace',
    'port',
    'principal',
    'serviceAccount',
    'sourceIp',
  ])
  expect(ATTRIBUTE_NAMES.filter(isAddressAtZtunnel)).toEqual(['sourceIp', 'destinationIp'])
})

it('each field of a match tests one attribute', () => {
  const full: Required<Match> = {
    namespaces: [],
    notNamespaces: [],
    serviceAccounts: [],
    notServiceAccounts: [],
    principals: [],
    notPrincipals: [],
    sourceIps: [],
    notSourceIps: [],
    destinationIps: [],
    notDestinationIps: [],
    destinationPorts: [],
    notDestinationPorts: [],
  }
  expect(Object.values(MATCH_FIELDS).flat().sort()).toEqual(Object.keys(full).sort())
  expect(Object.values(MATCH_FIELDS).map(([, notField]) => notField.startsWith('not'))).toEqual(
    Array<boolean>(6).fill(true),
  )
})

it('istiod drops addresses and ports that it cannot read', () => {
  expect(L4_ATTRIBUTES.filter(dropsUnreadable)).toEqual(['sourceIp', 'port', 'destinationIp'])
})

it('each field and each key has the layer that istiod gives it', () => {
  const layerOfField = (field: string) => fieldNamed(field)?.layer
  const l4: SourceField[] = [
    'principals',
    'notPrincipals',
    'namespaces',
    'notNamespaces',
    'ipBlocks',
    'notIpBlocks',
    'serviceAccounts',
    'notServiceAccounts',
  ]
  const l7: SourceField[] = [
    'requestPrincipals',
    'notRequestPrincipals',
    'remoteIpBlocks',
    'notRemoteIpBlocks',
  ]
  const ignored: SourceField[] = ['trustDomains', 'notTrustDomains']
  expect([
    ...new Set(l4.map(layerOfField)),
    ...new Set(l7.map(layerOfField)),
    ...new Set(ignored.map(layerOfField)),
  ]).toEqual(['L4', 'L7', 'ignored'])
  expect(
    (
      [
        'ports',
        'notPorts',
        'hosts',
        'notHosts',
        'methods',
        'notMethods',
        'paths',
        'notPaths',
      ] satisfies OperationField[]
    ).map(layerOfField),
  ).toEqual(['L4', 'L4', ...Array<string>(6).fill('L7')])
  expect(
    [
      'source.ip',
      'source.namespace',
      'source.principal',
      'destination.ip',
      'destination.port',
      'source.serviceAccount',
      'connection.sni',
      'nonsense',
    ].map(layerOfKey),
  ).toEqual([...Array<string>(5).fill('L4'), 'L7', 'L7', 'L7'])
})
