import { expect, it } from 'vitest'
import { enrolmentOf } from '../../mesh/enrolment.js'
import { peerAuthenticationOf } from '../../ztunnel/enforcement.js'
import { acceptsPlaintext, intendedMode } from '../../ztunnel/peerAuthentication.js'
import { analyse, findingsOf } from '../../testing/index.js'
import { runs, sampled } from '../../testing/runs.js'

const MODES = ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']
const ABSENT = ''
const FILES = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
`
/** Two ports with a port-level mode, and one without. */
const PORTS = [8080, 9090, 7070]

const wide = (namespace: string, mode: string): string =>
  mode === ABSENT
    ? ''
    : `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: wide, namespace: ${namespace}}
spec: {mtls: {mode: ${mode}}}
`

function own(mode: string, ports: readonly string[]): string {
  const levels = ports.flatMap((portMode, at) =>
    portMode === ABSENT ? [] : [`${String(PORTS[at])}: {mode: ${portMode}}`],
  )
  return `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: own, namespace: shop}
spec: {selector: {matchLabels: {app: api}}, mtls: {mode: ${mode}}, portLevelMtls: {${levels.join(', ')}}}
`
}

/**
 * The ports on which ztunnel differs from the configured modes: as the rules report it, and as it
 * is.
 */
function divergences(text: string): {
  readonly reported: readonly string[]
  readonly real: readonly string[]
} {
  const analysis = analyse(text)
  const pod = [...analysis.files.values()]
    .flatMap(({ documents }) => documents.flatMap(({ facts }) => facts.resources))
    .find((resource) => resource.type === 'Pod')
  if (pod?.type !== 'Pod' || analysis.mesh.get(enrolmentOf, pod).mode !== 'ambient')
    throw new Error('no captured pod')
  const effective = analysis.mesh.get(peerAuthenticationOf, pod)
  const real = PORTS.flatMap((port) => {
    const isStrict = intendedMode(effective, port) === 'STRICT'
    const accepted = acceptsPlaintext(effective, port)
    return isStrict === !accepted ? [] : [`${String(port)} ${accepted ? 'open' : 'closed'}`]
  })
  const reported = findingsOf(analysis).flatMap(({ rule, place }) => {
    if (rule !== 'port-disable-ignored' && rule !== 'strict-port-not-enforced') return []
    const port = place.kind === 'field' ? place.path[2] : undefined
    return [`${String(port ?? PORTS[2])} ${rule === 'port-disable-ignored' ? 'closed' : 'open'}`]
  })
  return { reported, real }
}

/** The modes of the mesh, the namespace, the pod, and two of its ports. */
const CASES = [ABSENT, ...MODES].flatMap((mesh) =>
  [ABSENT, ...MODES].flatMap((namespace) =>
    MODES.flatMap((mode) =>
      MODES.flatMap((first) =>
        [ABSENT, 'PERMISSIVE', 'STRICT'].map((second) => ({
          mesh,
          namespace,
          mode,
          first,
          second,
        })),
      ),
    ),
  ),
)

it('the rules report every port on which ztunnel differs from the configured modes, and no other', () => {
  let differing = 0
  for (const { mesh, namespace, mode, first, second } of sampled(CASES, 7)) {
    const text =
      FILES + wide('istio-system', mesh) + wide('shop', namespace) + own(mode, [first, second])
    const { reported, real } = divergences(text)
    // There is one finding for all ports without a port-level mode.
    const lost = real.includes('7070 open')
    const listed = lost
      ? real.filter((port) => port === '7070 open' || reported.includes(port))
      : real
    expect([...reported].sort(), text).toEqual([...listed].sort())
    if (real.length > 0) differing++
  }
  expect(differing).toBeGreaterThan(Math.min(20, runs(5)))
}, 60_000)
