import { expect, it } from 'vitest'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  findingsOf,
  from,
  namespace,
  object,
  serviceEntry,
  Views,
  waypoint,
  type AnalyseOptions,
} from '../../testing/index.js'
import { serviceEntryVisibilityPage } from './service-entry-visibility.page.js'
import { serviceEntryVisibility } from './service-entry-visibility.js'

const rule = serviceEntryVisibility.name
const found = (text: string, options: AnalyseOptions = {}): string[] =>
  findingsOf(analyse(text, options))
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`)

const REPORTED =
  'information: Clients outside namespace "egress" bypass its waypoint: they do not see ServiceEntry "payments" (serviceEntryVisibility).'

it('service-entry-visibility reports the bad example of its page', () => {
  expect(found(serviceEntryVisibilityPage.bad)).toEqual([REPORTED])
})

it('service-entry-visibility reports nothing for the good example of its page', () => {
  expect(found(serviceEntryVisibilityPage.good)).toEqual([])
})

const install = (serviceEntryVisibilityOfMesh: unknown): string =>
  object('IstioOperator', 'istio-system/mesh', {
    spec: { meshConfig: { serviceEntryVisibility: serviceEntryVisibilityOfMesh } },
  })
const OWN = { defaultVisibility: 'NAMESPACE' }
const out = (...others: readonly string[]): string =>
  documents(
    namespace('out', { waypoint: 'exit', labels: { tier: 'edge' } }),
    waypoint('out/exit', { allowedNamespaces: 'All' }),
    serviceEntry('out/mail'),
    ...others,
  )
const APP = documents(namespace('app'), deployment('app/web'))
const POLICY = authorizationPolicy('out/p', {
  targetRefs: ['ServiceEntry/mail'],
  rules: [from({ serviceAccounts: ['relay'] })],
})
const bypass = (what: string): string =>
  `Clients outside namespace "out" bypass ${what}: they do not see ServiceEntry "mail" (serviceEntryVisibility).`
const edge = (visibility: string, selector: unknown): unknown => ({
  defaultVisibility: 'PUBLIC',
  policies: [{ visibility, matchingRules: [{ namespaceSelector: selector }] }],
})

it.each<[string, string, string[]]>([
  [
    'captured clients elsewhere',
    out(install(OWN), APP),
    [`information: ${bypass('its waypoint')}`],
  ],
  [
    'a policy of a visibility policy',
    out(install(edge('NAMESPACE', { matchLabels: { tier: 'edge' } })), APP, POLICY),
    [`warning: ${bypass('its policies')}`],
  ],
  [
    'a principal of another namespace',
    out(
      install(OWN),
      authorizationPolicy('out/p', {
        targetRefs: ['Gateway/exit'],
        rules: [from({ principals: ['cluster.local/ns/app/sa/web'] })],
      }),
    ),
    [`warning: ${bypass('its policies')}`],
  ],
  [
    'a policy for an entry with visibility NONE',
    out(install({ defaultVisibility: 'NONE' }), POLICY),
    [
      'warning: No policy for ServiceEntry "mail" is enforced, and it has no effect: serviceEntryVisibility of its namespace is NONE.',
    ],
  ],
])('reports %s', (_, text, expected) => {
  expect(found(text)).toEqual(expected)
})

it.each<[string, string, AnalyseOptions]>([
  ['the policy names accounts of its own namespace', out(install(OWN), POLICY), {}],
  [
    'the other namespace is not in ambient mode',
    out(install(OWN), namespace('app', { ambient: false }), deployment('app/web')),
    {},
  ],
  [
    'clients elsewhere have an entry of their own',
    out(install(OWN), APP, serviceEntry('app/mail')),
    {},
  ],
  [
    'a visibility policy selects another namespace',
    out(install(edge('NAMESPACE', { matchLabels: { tier: 'core' } })), APP, POLICY),
    {},
  ],
  [
    'a rule of the visibility policy has no selector',
    out(
      install({
        defaultVisibility: 'PUBLIC',
        policies: [{ visibility: 'NONE', matchingRules: [{}] }],
      }),
      APP,
      POLICY,
    ),
    {},
  ],
  ['nothing is bound', out(install(OWN), APP).replace('istio.io/use-waypoint: exit', 'x: y'), {}],
  [
    'the release does not have the setting',
    out(install(OWN), APP),
    { settings: { istioVersion: '1.30' } },
  ],
])('reports nothing if %s', (_, text, options) => {
  expect(found(text, options)).toEqual([])
})

const DENY = authorizationPolicy('out/p', {
  targetRefs: ['ServiceEntry/mail'],
  action: 'DENY',
  rules: [{}],
})

it.each<[string, string, string]>([
  ['NAMESPACE', 'app', 'allow'],
  ['NAMESPACE', 'out', 'deny'],
  ['NONE', 'out', 'allow'],
  ['PUBLIC', 'app', 'deny'],
])('with %s the answer for a client of namespace %s is %s', (visibility, client, verdict) => {
  const views = new Views(
    out(install({ defaultVisibility: visibility }), APP, deployment('out/relay'), DENY),
  )
  const answer = views.evaluate({
    from: { namespace: client, serviceAccount: 'default' },
    to: { host: 'mail.example.com', port: 80 },
    http: { method: 'GET' },
  })
  expect(answer.verdict).toBe(verdict)
})

it.each<[string, string | undefined]>([
  ['PUBLIC', 'Public'],
  ['NAMESPACE', 'Namespace'],
  ['NONE', undefined],
])('the condition VisibilityApplied of %s has the reason %s', (visibility, reason) => {
  const conditions = (settings = {}): (string | undefined)[] =>
    new Views(out(install({ defaultVisibility: visibility })), settings).conditions('mail')
  expect(conditions().filter((text) => text?.startsWith('istio.io/VisibilityApplied'))).toEqual(
    reason === undefined ? [] : [`istio.io/VisibilityApplied ${reason}`],
  )
  expect(conditions({ istioVersion: '1.30' })).toEqual(['istio.io/WaypointBound WaypointAccepted'])
})
