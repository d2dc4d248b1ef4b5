import { expect, it } from 'vitest'
import {
  analyse,
  compareMarked,
  expectFixed,
  findingsOf,
  replaceIn,
  withoutArrows,
} from '../../testing/index.js'
import { portDisableIgnored } from './port-disable-ignored.js'
import { portDisableIgnoredPage } from './port-disable-ignored.page.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

const { name } = portDisableIgnored
const bad = withoutArrows(portDisableIgnoredPage.bad)
const rules = [name]

it('marks a port-level DISABLE under an inherited STRICT', () => {
  const { found, expected } = compareMarked(
    `${MESH_STRICT}${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  portLevelMtls:
    8080:
      mode: DISABLE
      #     ^^^^^^^ port-disable-ignored: Plaintext is still denied on port 8080 of workload "api": istiod ignores DISABLE under the STRICT of "istio-system/default".
    9090:
      mode: STRICT
`,
    { rules },
  )
  expect(found).toEqual(expected)
})

const NAMESPACE_MODE = (mode: string): string =>
  `${bad}---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: ns, namespace: shop}
spec: {mtls: {mode: ${mode}}}
`

it.each([
  ['the namespace is STRICT', replaceIn(NAMESPACE_MODE('STRICT'), [MESH_STRICT, '']), 1],
  ['the namespace is UNSET', NAMESPACE_MODE('UNSET'), 1],
  ['the namespace is PERMISSIVE', NAMESPACE_MODE('PERMISSIVE'), 0],
  ['no PeerAuthentication is STRICT', replaceIn(bad, [MESH_STRICT, '']), 0],
  [
    'another port is PERMISSIVE, so that istiod applies DISABLE',
    `${bad}    9090:\n      mode: PERMISSIVE\n`,
    0,
  ],
  [
    'the policy has a mode',
    replaceIn(bad, ['  portLevelMtls', '  mtls:\n    mode: STRICT\n  portLevelMtls']),
    0,
  ],
  [
    'the workload is not captured',
    replaceIn(bad, ['dataplane-mode: ambient', 'dataplane-mode: none']),
    0,
  ],
  [
    'two policies select the workload',
    `${bad}---\n${replaceIn(bad.slice(bad.lastIndexOf('apiVersion: security')), ['name: api', 'name: second'])}`,
    0,
  ],
])('reports DISABLE only under an inherited STRICT: %s', (_, text, count) => {
  expect(compareMarked(text, { rules }).found.length).toBe(count)
})

it('is a warning if ambient mode is assumed', () => {
  const text = replaceIn(bad, [AMBIENT_SHOP, ''], ['  namespace: shop\n', ''])
  expect(findingsOf(analyse(text))).toMatchObject([
    { rule: name, level: 'warning', assumptions: ['the namespace it is applied to is ambient'] },
  ])
})

it('offers to remove the mode, which is safe, or to set STRICT, which allows plaintext on the port', () => {
  expectFixed(
    bad,
    { rule: name, title: 'Set the mode to STRICT: plaintext is then accepted on port 8080' },
    replaceIn(bad, ['  portLevelMtls:', '  mtls:\n    mode: STRICT\n  portLevelMtls:']),
  )
  expectFixed(
    bad,
    { rule: name, title: 'Remove the port-level mode' },
    replaceIn(bad, [/ {2}portLevelMtls:[^]*/, '']),
  )
  expect(findingsOf(analyse(bad))[0]?.fixes.map(({ safe }) => safe)).toEqual([true, false])
})
