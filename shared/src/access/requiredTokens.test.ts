import { describe, expect, it } from 'vitest'
import {
  deployment,
  documents,
  namespace,
  object,
  service,
  Views,
  waypoint,
} from '../testing/index.js'
import type { RequestHttp } from './request.js'
import { reasonInWords } from './reasonInWords.js'

interface JwtRule {
  readonly issuer?: string
  readonly jwksUri?: string
  readonly presence?: string
}

const tokens = (name: string, jwtRules: readonly JwtRule[], spec: object = AT_API): string =>
  object('RequestAuthentication', `desk/${name}`, { spec: { ...spec, jwtRules } })
const AT_API = { targetRefs: [{ kind: 'Service', group: '', name: 'api' }] }
const A = { issuer: 'https://a.example', presence: 'REQUIRED' }
const B = { issuer: 'https://b.example', presence: 'REQUIRED' }
const ofA = { claims: { iss: 'https://a.example', sub: 'u' } }

const desk = (...others: readonly string[]): string =>
  documents(
    namespace('desk', { waypoint: 'door' }),
    waypoint('desk/door', { for: 'all' }),
    service('desk/api', {
      ports: [
        { name: 'http', port: 80 },
        { name: 'tcp-db', port: 90 },
      ],
    }),
    deployment('desk/api'),
    ...others,
  )
const answerTo = (text: string, http: RequestHttp | undefined, port = 80, istioVersion = '1.32') =>
  new Views(text, { istioVersion }).evaluate({
    from: { namespace: 'desk', serviceAccount: 'web' },
    to: { service: 'desk/api', port },
    http,
  })
const verdictOf = (...given: Parameters<typeof answerTo>): string => answerTo(...given).verdict

describe('a token that a RequestAuthentication requires', () => {
  it.each<[string, string, string]>([
    ['without a token', verdictOf(desk(tokens('t', [A])), {}), 'deny'],
    ['with the token', verdictOf(desk(tokens('t', [A])), ofA), 'allow'],
    [
      'as a request principal',
      verdictOf(desk(tokens('t', [A])), { requestPrincipal: 'https://a.example/u' }),
      'allow',
    ],
    ['with the token of another issuer', verdictOf(desk(tokens('t', [B])), ofA), 'deny'],
    [
      'beside an optional one',
      verdictOf(desk(tokens('t', [A, { issuer: 'c' }])), { claims: { iss: 'c' } }),
      'deny',
    ],
    ['each by itself', verdictOf(desk(tokens('t', [A]), tokens('u', [B])), ofA), 'deny'],
    [
      'that is optional',
      verdictOf(desk(tokens('t', [{ ...A, presence: 'OPTIONAL' }])), {}),
      'allow',
    ],
    ['without presence', verdictOf(desk(tokens('t', [{ issuer: 'a' }])), {}), 'allow'],
    [
      'of any issuer',
      verdictOf(
        desk(tokens('t', [{ jwksUri: 'https://a.example/keys', presence: 'REQUIRED' }])),
        ofA,
      ),
      'undecided',
    ],
    [
      'on an HTTP port, if the request specifies nothing',
      verdictOf(desk(tokens('t', [A])), undefined),
      'deny',
    ],
    ['on a TCP port', verdictOf(desk(tokens('t', [A])), {}, 90), 'allow'],
    [
      'with a selector, which a waypoint ignores',
      verdictOf(desk(tokens('t', [A], { selector: { matchLabels: { app: 'api' } } })), {}),
      'allow',
    ],
    [
      'in a release that rejects the field',
      verdictOf(desk(tokens('t', [A])), {}, 80, '1.31'),
      'allow',
    ],
    [
      'at a Gateway',
      verdictOf(
        desk(
          tokens('t', [A], {
            targetRefs: [{ kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'door' }],
          }),
        ),
        {},
      ),
      'deny',
    ],
  ])('%s', (_, verdict, expected) => {
    expect(verdict).toBe(expected)
  })

  it('names the RequestAuthentication and its rule', () => {
    const [hop] = answerTo(desk(tokens('t', [{ issuer: 'c' }, A])), {}).hops
    expect(hop).toMatchObject({
      policy: 'desk/t',
      rule: 1,
      place: { path: ['spec', 'jwtRules', 1] },
    })
    expect(hop && reasonInWords(hop)).toBe('the token that desk/t requires is missing')
  })

  it('is required at a sidecar too', () => {
    const text = documents(
      namespace('desk', { ambient: false, labels: { 'istio-injection': 'enabled' } }),
      service('desk/api'),
      deployment('desk/api'),
      tokens('t', [A], {}),
    )
    expect([verdictOf(text, {}), verdictOf(text, ofA)]).toEqual(['deny', 'allow'])
  })
})

it('an object with the field is rejected by earlier releases', () => {
  const views = new Views(desk(tokens('t', [A])), { istioVersion: '1.31' })
  expect(views.findings('t').map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
    'invalid-resource: spec.jwtRules[0].presence: Istio 1.31 does not have this field.',
  ])
})
