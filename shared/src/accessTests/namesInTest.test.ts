import { expect, it } from 'vitest'
import { thingKey } from '../navigation/mention.js'
import { namesInTest } from './namesInTest.js'

/** The names of a test file, as `thing: the text of its range`. */
function namesOf(text: string): string[] {
  const lines = text.split('\n')
  return namesInTest(text).map(({ thing, range: { start, end }, literal }) => {
    const written = lines[start.line]?.slice(start.character, end.character) ?? ''
    return `${thingKey(thing)}: ${written}${literal ? '' : ' (not literal)'}`
  })
}

const request = (text: string): string => `cases:\n  - name: a\n    request: ${text}\n`
const WEB = ['Namespace||shop: shop', 'ServiceAccount|shop|web: web']
const API = ['Namespace||shop: shop', 'Service|shop|api: api']

it.each([
  ['{from: shop/web}', WEB],
  ['{from: "shop/web"}', WEB],
  ['{from: [outside, shop/web]}', WEB],
  ['[{from: shop/web}, {from: shop/web}]', [...WEB, ...WEB]],
  ['{from: {namespace: shop, serviceAccount: web}}', WEB],
  ['{from: {namespace: shop, serviceAccount: web, ip: 10.0.0.1}}', WEB],
  ['{from: {namespace: shop, serviceAccount: web, trustDomain: other}}', []],
  ['{from: {ip: 10.0.0.1}}', []],
  ['{from: web}', []],
  ['{to: service shop/api:80}', API],
  ["{to: 'service shop/api:80'}", API],
  ['{to: {service: shop/api, port: 80}}', API],
  ['{to: {workload: shop/api, port: 80}}', [API[0], 'Workload|shop|api: api']],
  ['{to: ["workload shop/api:80"]}', [API[0], 'Workload|shop|api: api']],
  ['{to: "host api.shop.svc.cluster.local:80"}', [API[1], API[0]]],
  ['{to: {host: api.shop.svc, port: 80}}', [API[1], API[0]]],
  ['{to: "host example.com:80"}', []],
  ['{http: {host: api.shop.svc.cluster.local}}', [API[1], API[0]]],
  [
    '{from: "sh\\x6fp/web"}',
    [
      'Namespace||shop: "sh\\x6fp/web" (not literal)',
      'ServiceAccount|shop|web: "sh\\x6fp/web" (not literal)',
    ],
  ],
])('the names in the request %s', (text, names) => {
  expect(namesOf(request(text))).toEqual(names)
})

it('the names in a rule, and in the policy of a case', () => {
  expect(
    namesOf(`cases:
  - by: shop/readers
rules:
  - name: a
    never:
      from: [namespace:shop, shop/web]
      notFrom: shop/web
      to: [namespace:shop, service shop/api]
      http: {host: api.shop.svc.cluster.local}
  - name: b
    always: {from: shop/web}
`),
  ).toEqual([WEB[0], WEB[0], ...WEB, ...WEB, WEB[0], ...API, API[1], API[0], ...WEB])
})

it.each(['', '[', 'cases: 1', 'cases: [1, {request: 1}]', 'rules: {never: 1}'])(
  'a file without names: %j',
  (text) => {
    expect(namesOf(text)).toEqual([])
  },
)
