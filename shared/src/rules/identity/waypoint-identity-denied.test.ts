import { describe, expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  findingsOf,
  replaceIn,
  type AnalyseOptions,
} from '../../testing/index.js'
import { COMPANION, policyText, SHOP } from '../support/examples.js'
import { waypointIdentityDenied } from './waypoint-identity-denied.js'

const rule = waypointIdentityDenied.name

/** `policy: message` of each finding of the rule. */
function found(documents: readonly string[], options: AnalyseOptions = {}): string[] {
  return findingsOf(analyse(documents.join('---\n'), options))
    .filter((finding) => finding.rule === rule)
    .map(({ place, message, level }) => {
      const name = place.kind === 'field' ? place.resource.name : '?'
      return `${name}: ${level === 'error' ? '' : `${level}: `}${message}`
    })
}

const from = (accounts: string, more = ''): string =>
  `rules:\n- from:\n  - source:\n      serviceAccounts: [${accounts}]\n${more}`
const selecting = (spec: string): string => `selector:\n  matchLabels:\n    app: api\n${spec}`
const ALLOW_WEB = policyText('allow-web', selecting(from('shop/web')))
const DENIED =
  'allow-web: All traffic through waypoint "shop/waypoint" to workload "api" is denied: ' +
  'ztunnel sees ns/shop/sa/waypoint, not the client.'

it('marks the clients of a policy that denies the waypoint', () => {
  const { found: marked, expected } = compareMarked(
    `${SHOP}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-web
  namespace: shop
spec:
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/shop/sa/web"]
#       ^^^^^^^^^^ waypoint-identity-denied: All traffic through waypoint "shop/waypoint" to workload "api" is denied: ztunnel sees ns/shop/sa/waypoint, not the client.
`,
    { rules: [rule] },
  )
  expect(marked).toEqual(expected)
})

describe('the ALLOW policies of a workload together', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['only a client', [ALLOW_WEB], [DENIED]],
    ['a client, beside a policy that allows only the waypoint', [ALLOW_WEB, COMPANION], []],
    [
      'a client, beside a policy with the principal of the waypoint',
      [
        ALLOW_WEB,
        policyText(
          'companion',
          'rules:\n- from:\n  - source:\n      principals: ["cluster.local/ns/shop/sa/waypoint"]',
        ),
      ],
      [],
    ],
    [
      'a client, beside a principal of the waypoint in an unknown trust domain',
      [
        ALLOW_WEB,
        policyText(
          'companion',
          'rules:\n- from:\n  - source:\n      principals: ["corp.example/ns/shop/sa/waypoint"]',
        ),
      ],
      [],
    ],
    [
      'a client, beside an ALLOW of the root namespace for the waypoint',
      [ALLOW_WEB, policyText('mesh', from('shop/waypoint'), 'istio-system')],
      [],
    ],
    [
      'a client, in the root namespace',
      [policyText('allow-web', from('shop/web'), 'istio-system')],
      [DENIED],
    ],
    ['a client, in the whole namespace', [policyText('allow-web', from('shop/web'))], [DENIED]],
    ['no client', [policyText('nothing', '{}')], []],
    [
      'only a client, beside a policy that allows nothing',
      [ALLOW_WEB, policyText('nothing', '{}')],
      [DENIED],
    ],
    ['every client', [ALLOW_WEB, policyText('every-client', 'rules:\n- {}')], []],
    [
      'every client on a port',
      [policyText('port', 'rules:\n- to:\n  - operation:\n      ports: ["8080"]')],
      [],
    ],
    [
      'a client on a port that no Service has',
      [
        policyText(
          'scrape',
          from('monitoring/prometheus', '  to:\n  - operation:\n      ports: ["15020"]'),
        ),
      ],
      [],
    ],
    [
      'a client on the target port',
      [policyText('allow-web', from('shop/web', '  to:\n  - operation:\n      ports: ["8080"]'))],
      [DENIED],
    ],
    [
      'an IP block, which may contain the waypoint',
      [
        ALLOW_WEB,
        policyText('block', 'rules:\n- from:\n  - source:\n      ipBlocks: ["10.0.0.0/8"]'),
      ],
      [],
    ],
    [
      'a client in an HTTP rule, which ztunnel drops',
      [policyText('allow-web', from('shop/web', '  to:\n  - operation:\n      methods: ["GET"]'))],
      [],
    ],
    [
      'a client of another pod',
      [policyText('allow-web', `selector:\n  matchLabels:\n    app: db\n${from('shop/web')}`)],
      [],
    ],
    [
      'a client at the waypoint',
      [policyText('allow-web', `targetRefs:\n- kind: Service\n  name: api\n${from('shop/web')}`)],
      [],
    ],
    [
      'a client in a dry run',
      [
        replaceIn(policyText('allow-web', from('shop/web')), [
          '  name: allow-web\n',
          '  name: allow-web\n  annotations:\n    istio.io/dry-run: "true"\n',
        ]),
      ],
      [],
    ],
    [
      'a value that another tool fills in',
      [policyText('allow-web', from('shop/web, "${WAYPOINT}"'))],
      [],
    ],
    [
      'only a client, by a DENY of every other client',
      [
        policyText(
          'deny',
          'action: DENY\nrules:\n- from:\n  - source:\n      notServiceAccounts: [shop/web]',
        ),
      ],
      [replaceIn(DENIED, ['allow-web', 'deny'])],
    ],
    [
      'nothing, beside a DENY of a client',
      [policyText('deny', 'action: DENY\n' + from('shop/web'))],
      [],
    ],
  ])('policies that allow %s', (_, policies, expected) => {
    expect(found([SHOP, ...policies])).toEqual(expected)
  })
})

it('names the port if other ports are not denied', () => {
  const twoPorts = replaceIn(SHOP, [
    '      targetPort: 8080\n',
    '      targetPort: 8080\n    - name: admin\n      port: 81\n      targetPort: 9090\n',
  ])
  const policy = policyText(
    'allow-web',
    from(
      'shop/web',
      '  to:\n  - operation:\n      ports: ["9090"]\n- to:\n  - operation:\n      ports: ["8080"]',
    ),
  )
  expect(found([twoPorts, policy])).toEqual([
    'allow-web: All traffic on port 9090 through waypoint "shop/waypoint" to workload "api" is denied: ' +
      'ztunnel sees ns/shop/sa/waypoint, not the client.',
  ])
})

it('reports nothing if istiod adds policies that allow the waypoints', () => {
  expect(
    found([SHOP, ALLOW_WEB], { settings: { flags: { PILOT_AUTO_ALLOW_WAYPOINT_POLICY: true } } }),
  ).toEqual([])
})

it('names the assumptions about ambient mode and the waypoint', () => {
  const [finding] = findingsOf(
    analyse(
      `${replaceIn(SHOP, [/^ {4}istio.io\/(dataplane-mode|use-waypoint):.*\n/gm, '    team: shop\n'])}---\n${ALLOW_WEB}`,
    ),
  ).filter((other) => other.rule === rule)
  expect(finding).toMatchObject({ level: 'warning' })
  expect(finding?.assumptions).toEqual([
    'namespace "shop" is ambient, because it has the waypoint "waypoint"',
    'namespace "shop" uses the waypoint "waypoint" that lies in it',
  ])
})
