import { expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn, Views } from '../../testing/index.js'
import { externalNameTargetPage } from './external-name-target.page.js'
import { externalNameTarget } from './external-name-target.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === externalNameTarget.name)
    .map(({ level, message }) => `${level}: ${message}`)

it('external-name-target reports the bad example of its page', () => {
  expect(found(externalNameTargetPage.bad)).toEqual([
    'error: No proxy enforces this policy: Service "backend" is an ExternalName, which no waypoint serves.',
  ])
})

it('external-name-target reports nothing for the good example of its page', () => {
  expect(found(externalNameTargetPage.good)).toEqual([])
})

const withoutArrow = replaceIn(externalNameTargetPage.bad, [/ # ←.*/, ''])

it.each<[string, string]>([
  [
    'the Service has another type',
    replaceIn(withoutArrow, ['type: ExternalName', 'type: ClusterIP']),
  ],
  ['no policy targets it', replaceIn(withoutArrow, ['      name: backend', '      name: api'])],
  [
    'another tool fills in the type',
    replaceIn(withoutArrow, ['type: ExternalName', 'type: "${TYPE}"']),
  ],
])('reports nothing if %s', (_, text) => {
  expect(found(text)).toEqual([])
})

it('reports a RequestAuthentication for a host outside of the cluster, and offers no other name', () => {
  const text = replaceIn(
    withoutArrow,
    ['externalName: api.shop.svc.cluster.local', 'externalName: db.corp.example'],
    [/kind: AuthorizationPolicy(?![^]*kind: AuthorizationPolicy)/, 'kind: RequestAuthentication'],
    [
      / {2}action: ALLOW(?![^]*action: ALLOW)[^]*$/,
      '  jwtRules: [{issuer: "https://id.example"}]\n',
    ],
  )
  const findings = findingsOf(analyse(text)).filter(({ rule }) => rule === externalNameTarget.name)
  expect(findings.map(({ fixes }) => fixes)).toEqual([[]])
})

it('offers a fix that targets the Service behind the name', () => {
  expectFixed(
    withoutArrow,
    { rule: externalNameTarget.name, title: 'Change to "api"' },
    externalNameTargetPage.good,
  )
})

it.each<[string, string, string]>([
  ['a host outside of the cluster', 'db.corp.example', 'allow'],
  ['a Service behind the waypoint', 'api.shop.svc.cluster.local', 'deny'],
])('evaluate follows the name to %s', (_, host, verdict) => {
  const views = new Views(
    replaceIn(externalNameTargetPage.good, ['api.shop.svc.cluster.local', host]),
  )
  const answer = views.evaluate({
    from: { namespace: 'shop', serviceAccount: 'web' },
    to: { service: 'shop/backend', port: 80 },
    http: { method: 'POST', path: '/' },
  })
  expect(answer.verdict).toBe(verdict)
})

it('has no WaypointBound, while the policy is accepted', () => {
  const views = new Views(withoutArrow)
  expect(views.status('backend')).toBeUndefined()
  expect(views.status('allow-get')).toMatchObject({
    status: 'True',
    message: 'bound to shop/waypoint',
  })
  expect(views.explain('AuthorizationPolicy', 'shop', 'allow-get').summary).toBe('not enforced')
})
