import { expect, it } from 'vitest'
import {
  authorizationPolicy,
  deployment,
  documents,
  namespace,
  replaceIn,
  Views,
} from '../testing/index.js'

const SHOP = documents(namespace('shop'), deployment('shop/api'))
const broken = (text: string): string => `${text}extra: "no end\n`
const MARK = 'counts as far as it can be read'
const marked = (text: string): readonly string[] =>
  new Views(text)
    .evaluate({
      from: { namespace: 'shop', serviceAccount: 'web' },
      to: { workload: 'shop/api', port: 8080 },
    })
    .assumptions.filter((each) => each.includes(MARK))
const said = (what: string): string => `the ${what} ${MARK}: its document has an error of syntax`

it.each([
  [
    'a policy',
    documents(SHOP, broken(authorizationPolicy('shop/p', {}))),
    ['AuthorizationPolicy shop/p'],
  ],
  ['the Namespace', replaceIn(SHOP, ['---', 'extra: "no end\n---']), ['Namespace shop']],
  ['the workload', broken(SHOP), ['Deployment shop/api']],
  [
    'a policy of the whole mesh',
    documents(SHOP, broken(authorizationPolicy('istio-system/p', {}))),
    ['AuthorizationPolicy istio-system/p'],
  ],
  ['no intact object', documents(SHOP, authorizationPolicy('shop/p', {})), []],
  [
    'no policy of another namespace',
    documents(SHOP, broken(authorizationPolicy('bank/p', {}))),
    [],
  ],
])('an answer says that its document has an error of syntax: %s', (_, text, objects) => {
  expect(marked(text)).toEqual(objects.map(said))
})
