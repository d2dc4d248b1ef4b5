import type { Workload } from '../../inventory/workloads.js'
import { enrolmentOf } from '../../mesh/enrolment.js'
import type { Mesh } from '../../mesh/mesh.js'
import type { PeerAuthentication } from '../../resources/peerAuthentication.js'
import { peerAuthenticationOf } from '../../ztunnel/enforcement.js'
import {
  acceptsPlaintext,
  intendedMode,
  levelsOf,
  type EffectivePeerAuthentication,
  type PeerAuthenticationLevels,
} from '../../ztunnel/peerAuthentication.js'
import type { PortMutualTls } from '../explanation.js'
import { shownName, type Notes } from './notes.js'
import { portsOf } from './ports.js'

export const DISABLE_MEANING =
  'in ambient mode DISABLE acts as PERMISSIVE: plaintext is accepted, and clients in the mesh still use mTLS (HBONE)'
/** Represents every port without a mode of its own: no workload listens on port 0. */
const ANY_OTHER_PORT = 0

/**
 * The mTLS mode of a workload, port by port; one entry if all ports have the same mode, none for pods outside the mesh.
 * Follows what istiod really generates, including its defects (`ambient/authorization.go:81-396`).
 */
export function mutualTlsOf(mesh: Mesh, workload: Workload, notes: Notes): PortMutualTls[] {
  const { mode } = mesh.get(enrolmentOf, workload)
  if (mode === 'none') return []
  if (isHidden(mesh, notes)) return [HIDDEN]
  const effective = mesh.get(peerAuthenticationOf, workload)
  const modeAt = (port: number): PortMutualTls =>
    mode === 'sidecar' ? asWritten(effective, port) : asEnforced(effective, port)
  const named = [
    ...new Set([...(effective.workload?.portLevelMtls.keys() ?? []), ...portsOf(mesh, workload)]),
  ]
    .sort((a, b) => a - b)
    .map(modeAt)
  const rest = modeAt(ANY_OTHER_PORT)
  const different = named.filter(
    (port) =>
      port.mode !== rest.mode || effective.workload?.portLevelMtls.has(port.port ?? ANY_OTHER_PORT),
  )
  return [rest, ...different]
}

/** The mTLS mode of pods in a namespace that no PeerAuthentication selects. */
export function namespaceMutualTls(mesh: Mesh, namespace: string, notes: Notes): PortMutualTls[] {
  if (isHidden(mesh, notes)) return [HIDDEN]
  const levels = namespaceLevels(mesh, namespace)
  return [asWritten(levels, ANY_OTHER_PORT)]
}

function namespaceLevels(mesh: Mesh, namespace: string): PeerAuthenticationLevels {
  const root = mesh.settings.rootNamespace
  const own = mesh.inNamespace('PeerAuthentication', namespace)
  const meshWide =
    namespace === root
      ? []
      : mesh
          .inNamespace('PeerAuthentication', root)
          .filter(({ selector }) => selector === undefined)
  return { ...levelsOf([...own, ...meshWide], root), workload: undefined }
}

const HIDDEN: PortMutualTls = {
  port: null,
  mode: 'UNKNOWN',
  level: 'default',
  why: 'a template in the workspace makes a PeerAuthentication that cannot be read',
}

function isHidden(mesh: Mesh, notes: Notes): boolean {
  if (mesh.world === 'closed' || !mesh.hasOpaque('PeerAuthentication')) return false
  notes.missing(`mTLS unknown: ${HIDDEN.why}`)
  return true
}

function asWritten(levels: PeerAuthenticationLevels, port: number): PortMutualTls {
  return {
    port: shown(port),
    mode: intendedMode(levels, port) === 'STRICT' ? 'STRICT' : 'PERMISSIVE',
    ...originOf(levels, port),
  }
}

function asEnforced(effective: EffectivePeerAuthentication, port: number): PortMutualTls {
  const mode = acceptsPlaintext(effective, port) ? 'PERMISSIVE' : 'STRICT'
  const intended = intendedMode(effective, port)
  const { level, why } = originOf(effective, port)
  if (mode === 'STRICT' && intended !== 'STRICT')
    return {
      port: shown(port),
      mode,
      level,
      why: `${why}, but istiod ignores a port-level DISABLE under an inherited STRICT; PERMISSIVE works`,
    }
  if (mode === 'PERMISSIVE' && intended === 'STRICT')
    return {
      port: shown(port),
      mode,
      level,
      why:
        `${why}, but istiod generates no policy for it: plaintext is accepted. ` +
        `Fix: set mtls.mode STRICT in ${nameOf(effective.workload)}`,
    }
  return { port: shown(port), mode, level, why }
}

function shown(port: number): number | null {
  return port === ANY_OTHER_PORT ? null : port
}

/** The level that sets the mode, and the reason in words. */
function originOf(
  { workload, namespace, mesh }: PeerAuthenticationLevels,
  port: number,
): Pick<PortMutualTls, 'level' | 'why'> {
  const atPort = workload?.portLevelMtls.get(port)
  if (workload && atPort !== undefined && atPort !== 'UNSET')
    return { level: 'port', why: `portLevelMtls of ${nameOf(workload)} sets ${atPort}` }
  if (workload && workload.mode !== 'UNSET')
    return { level: 'workload', why: `${nameOf(workload)} sets ${workload.mode}` }
  if (namespace && namespace.mode !== 'UNSET')
    return { level: 'namespace', why: `${nameOf(namespace)} sets ${namespace.mode}` }
  if (mesh && mesh.mode !== 'UNSET')
    return { level: 'mesh', why: `${nameOf(mesh)} sets ${mesh.mode}` }
  return { level: 'default', why: 'no PeerAuthentication in the workspace sets a mode' }
}

function nameOf(policy: PeerAuthentication | undefined): string {
  return policy ? shownName(policy) : 'it'
}

/** `mTLS STRICT (mesh)`, `mTLS PERMISSIVE (default), STRICT on 8080 (port)`; undefined for pods outside the mesh. */
export function mutualTlsTitle(ports: readonly PortMutualTls[]): string | undefined {
  const [first, ...others] = ports
  if (!first) return undefined
  if (first.mode === 'UNKNOWN') return 'mTLS unknown'
  const words = [first, ...others.filter(({ mode }) => mode !== first.mode)].map(
    ({ port, mode, level }) => `${mode}${port === null ? '' : ` on ${String(port)}`} (${level})`,
  )
  return `mTLS ${words.join(', ')}`
}
