import { qualifiedName } from '../resources/resource.js'
import { choices } from './fixes/choices.js'
import { removePortModes, setModeStrict } from './fixes/mutualTls.js'
import type { Fix } from './fix.js'
import { defineRule } from './rule.js'
import { eachWorkload, nameWorkloads } from './support/coverage.js'
import { AMBIENT_SHOP, MESH_STRICT } from './support/examples.js'
import { peerCoverageOf, peerSubjects, strictAbove, workloadsOf } from './support/peerCoverage.js'
import { fitting, quoted } from './support/words.js'

export const portDisableIgnored = defineRule({
  name: 'port-disable-ignored',
  level: 'error',
  subjects: ['PeerAuthentication'],
  reads: ['AuthorizationPolicy', 'Gateway', 'Gateway.networking.istio.io', 'MeshConfig', 'Namespace', 'Other', 'PeerAuthentication', 'Workload', 'opaque'],
  docs: {
    summary: 'A port-level DISABLE under an inherited STRICT has no effect: plaintext stays refused there.',
    why: 'Where a PeerAuthentication has no mode of its own and inherits STRICT, istiod looks for exceptions among its port-level modes — but only for PERMISSIVE, not for DISABLE. Without a PERMISSIVE port it keeps the inherited STRICT for every port. A sidecar would accept plaintext on the port.',
    bad: `${MESH_STRICT}${AMBIENT_SHOP}apiVersion: security.istio.io/v1
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
`,
    good: `${MESH_STRICT}${AMBIENT_SHOP}apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  mtls:
    mode: STRICT
  portLevelMtls:
    8080:
      mode: PERMISSIVE
`,
    fix: 'Write the inherited mode once more, `mtls.mode: STRICT`: then exceptions for ports hold as written. Or remove the port-level mode.',
    versions: 'All releases from 1.24 on.',
    references: ['istio/istio pilot/pkg/serviceregistry/kube/controller/ambient/authorization.go (convertedSelectorPeerAuthentications)'],
  },
  check(policy, { mesh, report }) {
    const modes = [...policy.portLevelMtls]
    const disabled = modes.filter(([, mode]) => mode === 'DISABLE').map(([port]) => port)
    if (policy.mode !== 'UNSET' || disabled.length === 0 || modes.some(([, mode]) => mode === 'PERMISSIVE')) return
    const coverage = mesh.get(peerCoverageOf, policy)
    if (!coverage) return
    const subjects = peerSubjects(mesh, policy, coverage).filter(({ levels }) => levels.workload === policy && strictAbove(levels, 'workload') !== undefined)
    const strict = subjects[0] && strictAbove(subjects[0].levels, 'workload')
    if (!strict) return
    const workloads = workloadsOf(subjects)
    const fixes = (): Fix[] => choices(setModeStrict(policy, false), removePortModes(policy, disabled))
    for (const port of disabled) {
      report({
        message: fitting(
          `DISABLE has no effect on port ${String(port)}: STRICT is inherited from ${quoted(qualifiedName(strict))}, and ${nameWorkloads(workloads)} still refuse${workloads.length === 1 ? 's' : ''} plaintext.`,
          `DISABLE has no effect on port ${String(port)}: STRICT is inherited from ${quoted(qualifiedName(strict))}, and plaintext is still refused.`,
        ),
        path: ['spec', 'portLevelMtls', String(port), 'mode'],
        certainties: [coverage.certainty],
        related: [{ resource: strict, path: ['spec', 'mtls', 'mode'], message: 'The inherited mode.' }, ...coverage.evidence, ...eachWorkload(workloads, 'plaintext is refused.')],
        fixes,
        tag: 'unnecessary',
      })
    }
  },
})
