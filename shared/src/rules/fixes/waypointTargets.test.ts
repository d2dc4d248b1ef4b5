import { expect, it } from 'vitest'
import { ALLOW_GET, API_SERVICE, SHOP_WITH_WAYPOINT } from '../../testing/allowGetPolicy.js'
import { analyse, findingsOf, replaceAllIn, replaceIn } from '../../testing/index.js'
import { AMBIENT_SHOP } from '../support/examples.js'

const RULE = 'l7-allow-rule-dropped'
const ALLOW_WEB = replaceIn(
  ALLOW_GET,
  ['allow-get', 'allow-web'],
  [/ {2}- to:[^]*/, '  - from:\n    - source:\n        namespaces: ["web"]\n'],
)
const WORKER = replaceIn(replaceAllIn(AMBIENT_SHOP, ['name: api', 'name: worker']), [
  / {8}app: api/,
  '        app: api\n        tier: back',
])

function titlesFor(files: string): string[] {
  return findingsOf(analyse(files))
    .filter(({ rule }) => rule === RULE)
    .flatMap(({ fixes }) => fixes.map(({ title }) => title))
}

it.each([
  ['no Service and no waypoint is known', AMBIENT_SHOP + ALLOW_GET],
  [
    'the only Service is headless',
    replaceIn(SHOP_WITH_WAYPOINT, [
      'spec:\n  selector:\n    app: api\n  ports',
      'spec:\n  clusterIP: None\n  selector:\n    app: api\n  ports',
    ]) + ALLOW_GET,
  ],
  [
    'a container port has no Service port',
    replaceIn(SHOP_WITH_WAYPOINT, ['port: 8080\n---', 'port: 80\n      targetPort: 9090\n---']) +
      ALLOW_GET,
  ],
  [
    'the same number is another port of a second Service',
    SHOP_WITH_WAYPOINT +
      replaceIn(
        API_SERVICE,
        ['name: api,', 'name: other,'],
        ['port: 80, targetPort: 8080', 'port: 8080, targetPort: 9090'],
      ) +
      ALLOW_GET,
  ],
  [
    'a rule has IP addresses, which a waypoint does not know',
    `${SHOP_WITH_WAYPOINT}${ALLOW_GET}    from:\n    - source:\n        ipBlocks: ["10.0.0.0/8"]\n`,
  ],
  [
    'the Service opts out of waypoints',
    replaceIn(SHOP_WITH_WAYPOINT, [
      'kind: Service\nmetadata:\n',
      'kind: Service\nmetadata:\n  labels:\n    istio.io/use-waypoint: none\n',
    ]) + ALLOW_GET,
  ],
  [
    'another policy at ztunnel would see the identity of a new waypoint',
    `${AMBIENT_SHOP}${API_SERVICE}${ALLOW_GET}---\n${ALLOW_WEB}`,
  ],
  [
    'another workload of the selector has no Service',
    replaceIn(`${SHOP_WITH_WAYPOINT}${WORKER}${ALLOW_GET}`, [
      '  selector:\n    app: api\n  ports',
      '  selector:\n    app: api\n    tier: front\n  ports',
    ]),
  ],
])('offers no binding where %s', (_, files) => {
  expect(findingsOf(analyse(files)).map(({ rule }) => rule)).toContain(RULE)
  expect(titlesFor(files).filter((title) => /enforce/i.test(title))).toEqual([])
})
