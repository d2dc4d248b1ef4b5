import { expect, it } from 'vitest'
import { ATTRIBUTE_NAMES } from '../vocabulary/attributes.js'
import { isAddressAtZtunnel, L4_ATTRIBUTES } from './attributes.js'
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
