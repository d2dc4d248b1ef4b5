import { expect, it } from 'vitest'
import type { Resource } from '../../resources/resource.js'
import { analyse, replaceIn } from '../../testing/index.js'
import { applyTextEdits } from '../../yaml/edit/textEdit.js'
import { sourceLookupOf } from '../../analysis/sourceLookup.js'
import { renderEdits } from '../../analysis/renderEdits.js'
import { SHOP_BEHIND_WAYPOINT } from '../support/examples.js'
import { allowOnlyFromWaypoint } from './allowOnlyFromWaypoint.js'

const WAYPOINT = SHOP_BEHIND_WAYPOINT.slice(
  0,
  SHOP_BEHIND_WAYPOINT.lastIndexOf('apiVersion: security'),
)
const POLICY = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-get
  namespace: shop
spec:
  targetRefs:
  - kind: Service
    group: ""
    name: api
  rules:
  - to:
    - operation:
        methods: ["GET"]
`

/** What is added for the object of a name and kind; undefined where nothing is offered. */
function added(
  text: string,
  type: 'AuthorizationPolicy' | 'Service',
  name: string,
): string | undefined {
  const analysis = analyse(text)
  const isWanted = (resource: Resource): boolean => resource.type === type && resource.name === name
  const subject = [...analysis.files.values()]
    .flatMap(({ documents }) => documents.flatMap(({ facts }) => facts.resources))
    .find(isWanted)
  if (subject?.type !== 'AuthorizationPolicy' && subject?.type !== 'Service')
    throw new Error(`no ${name}`)
  const fix = allowOnlyFromWaypoint(analysis.mesh, subject)
  const [edit] = fix
    ? (renderEdits(
        fix.edits,
        sourceLookupOf(analysis, () => text),
      ) ?? [])
    : []
  if (!edit) return undefined
  const after = applyTextEdits(text, edit.edits)
  return after.slice(after.indexOf('kind: AuthorizationPolicy\nmetadata:\n  name: allow-only'))
}

it('protects the workloads of a Service that a policy targets', () => {
  expect(added(WAYPOINT + POLICY, 'AuthorizationPolicy', 'allow-get')).toMatchInlineSnapshot(`
    "kind: AuthorizationPolicy
    metadata:
      name: allow-only-from-waypoint
      namespace: shop
    spec:
      selector:
        matchLabels:
          app: api
      action: ALLOW
      rules:
      - from:
        - source:
            serviceAccounts:
            - shop/waypoint
    "
  `)
})

it('adds one policy for each Service of a waypoint that a policy targets', () => {
  const second = replaceIn(
    WAYPOINT.slice(
      WAYPOINT.indexOf('apiVersion: v1\nkind: Service'),
      WAYPOINT.indexOf('apiVersion: gateway'),
    ),
    ['name: api', 'name: web'],
    ['app: api', 'app: web'],
  )
  const policy = replaceIn(
    POLICY,
    ['kind: Service', 'kind: Gateway'],
    ['group: ""', 'group: gateway.networking.k8s.io'],
    ['name: api', 'name: waypoint'],
  )
  expect(added(WAYPOINT + second + policy, 'AuthorizationPolicy', 'allow-get'))
    .toMatchInlineSnapshot(`
    "kind: AuthorizationPolicy
    metadata:
      name: allow-only-from-waypoint-api
      namespace: shop
    spec:
      selector:
        matchLabels:
          app: api
      action: ALLOW
      rules:
      - from:
        - source:
            serviceAccounts:
            - shop/waypoint
    ---
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata:
      name: allow-only-from-waypoint-web
      namespace: shop
    spec:
      selector:
        matchLabels:
          app: web
      action: ALLOW
      rules:
      - from:
        - source:
            serviceAccounts:
            - shop/waypoint
    "
  `)
})

it('protects a Service with a policy whose name is free', () => {
  expect(added(SHOP_BEHIND_WAYPOINT, 'Service', 'api')).toContain(
    'name: allow-only-from-waypoint-2\n',
  )
})

it('allows the account of the waypoint and that of its canary', () => {
  const text = replaceIn(
    WAYPOINT,
    [
      'kind: Service\nmetadata:\n',
      'kind: Service\nmetadata:\n  labels:\n    istio.io/use-waypoint-canary: next\n' +
        '  annotations:\n    istio.io/use-waypoint-canary-weight: "5"\n',
    ],
    [
      'labels:\n    istio.io/waypoint-for',
      'annotations:\n    gateway.istio.io/service-account: proxy\n  labels:\n    istio.io/waypoint-for',
    ],
  )
  const next = replaceIn(WAYPOINT.slice(WAYPOINT.indexOf('apiVersion: gateway')), [
    'name: waypoint',
    'name: next',
  ])
  expect(added(text + next, 'Service', 'api')).toMatch(
    /serviceAccounts:\n +- shop\/proxy\n +- shop\/next\n/,
  )
})

it.each([
  [
    'the Service has no waypoint',
    replaceIn(WAYPOINT, ['    istio.io/use-waypoint: waypoint\n', '']) + POLICY,
  ],
  ['the target is not in the files', WAYPOINT + replaceIn(POLICY, ['name: api', 'name: other'])],
  [
    'a class of waypoints is the target',
    WAYPOINT +
      replaceIn(
        POLICY,
        ['kind: Service', 'kind: GatewayClass'],
        ['group: ""', 'group: gateway.networking.k8s.io'],
      ),
  ],
])('offers no companion policy where %s', (_, text) => {
  expect(added(text, 'AuthorizationPolicy', 'allow-get')).toBeUndefined()
})

it.each([
  ['has a weight', '5', ['shop/waypoint', 'shop/next']],
  ['has the weight 0', '0', ['shop/waypoint']],
])('allows the accounts of a canary of the namespace that %s', (_, weight, accounts) => {
  const next = replaceIn(WAYPOINT.slice(WAYPOINT.indexOf('apiVersion: gateway')), [
    'name: waypoint',
    'name: next',
  ])
  const text = replaceIn(WAYPOINT, [
    'use-waypoint: waypoint\n',
    'use-waypoint: waypoint\n    istio.io/use-waypoint-canary: next\n  annotations:\n' +
      `    istio.io/use-waypoint-canary-weight: "${weight}"\n`,
  ])
  const policy = added(`${text}${next}${POLICY}`, 'AuthorizationPolicy', 'allow-get')
  expect(policy?.match(/shop\/\w+/g)).toEqual(accounts)
})
