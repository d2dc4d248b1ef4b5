import { expect, it } from 'vitest'
import { objectDocumentUri, readObjectDocumentUri } from './objectDocumentUri.js'

const NAME = {
  document: 'received',
  type: 'AuthorizationPolicy',
  namespace: 'shop',
  name: 'readers',
  uri: 'file:///a%20b/100%25/c%3Fd.yaml',
} as const

it('a URI names an object and its file, in any percent-encoding', () => {
  const uri = objectDocumentUri(NAME)
  expect(uri.slice(0, uri.indexOf('?'))).toBe(
    'istio-ambient-policy:/received/AuthorizationPolicy/shop/readers%20-%20what%20ztunnel%20receives.jsonc',
  )
  expect(readObjectDocumentUri(uri)).toEqual(NAME)
  expect(readObjectDocumentUri(uri.replaceAll('%2F', '/').replaceAll('%3A', ':'))).toEqual(NAME)
})

it.each([
  'istio-ambient-policy:/rules/yaml-syntax.md',
  'file:///received/a/b/c?d',
  'istio-ambient-policy:/received/a?b',
  'istio-ambient-policy:/status/A/b/c - what ztunnel receives.jsonc?d',
  'istio-ambient-policy:/status/%/b/c - predicted status.yaml',
])('the URI %s is not read as an object document', (uri) => {
  expect(readObjectDocumentUri(uri)).toBeUndefined()
})
