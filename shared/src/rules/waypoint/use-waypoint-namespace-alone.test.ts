import { expect, it } from 'vitest'
import { analyse, expectFixed, findingsOf, replaceIn } from '../../testing/index.js'
import { useWaypointNamespaceAlonePage } from './use-waypoint-namespace-alone.page.js'
import { useWaypointNamespaceAlone } from './use-waypoint-namespace-alone.js'

const found = (text: string): string[] =>
  findingsOf(analyse(text))
    .filter(({ rule }) => rule === useWaypointNamespaceAlone.name)
    .map(({ level, message }) => `${level}: ${message}`)

it('use-waypoint-namespace-alone reports the bad example of its page', () => {
  expect(found(useWaypointNamespaceAlonePage.bad)).toEqual([
    'warning: This label chooses no waypoint: Istio reads istio.io/use-waypoint-namespace only beside istio.io/use-waypoint.',
  ])
})

it('use-waypoint-namespace-alone reports nothing for the good example of its page', () => {
  expect(found(useWaypointNamespaceAlonePage.good)).toEqual([])
})

const withoutArrow = replaceIn(useWaypointNamespaceAlonePage.bad, [/ # ←.*/, ''])
const ALONE = '    istio.io/use-waypoint-namespace: infra\n'

it('reports a Service although its Namespace has the other label', () => {
  const text = replaceIn(useWaypointNamespaceAlonePage.good, [
    'name: api\n  namespace: orders\n',
    'name: api\n  namespace: orders\n  labels: {istio.io/use-waypoint-namespace: infra}\n',
  ])
  expect(found(text)).toHaveLength(1)
})

it.each<[string, string]>([
  [
    'the other label is "none"',
    replaceIn(withoutArrow, [ALONE, `${ALONE}    istio.io/use-waypoint: none\n`]),
  ],
  [
    'istiod has made the object',
    replaceIn(withoutArrow, [
      ALONE,
      `${ALONE}    gateway.istio.io/managed: istio.io-mesh-controller\n`,
    ]),
  ],
  [
    'another tool fills in a label',
    replaceIn(withoutArrow, [ALONE, `${ALONE}    "\${LABEL}": exit\n`]),
  ],
])('reports nothing if %s', (_, text) => {
  expect(found(text)).toEqual([])
})

it('offers fixes that complete the label or remove it', () => {
  const rule = useWaypointNamespaceAlone.name
  expectFixed(
    withoutArrow,
    { rule, title: 'Use waypoint "infra/shared"' },
    replaceIn(withoutArrow, [ALONE, `${ALONE}    istio.io/use-waypoint: shared\n`]),
  )
  expectFixed(
    withoutArrow,
    { rule, title: 'Remove istio.io/use-waypoint-namespace' },
    replaceIn(withoutArrow, [ALONE, '']),
  )
})
