import type { ObjectReader } from './objectReader.js'
import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'
import { decodeSelector, type WorkloadSelector } from './selector.js'

/** `UNSET` if a mode is absent. */
export type MutualTlsMode = 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT'

export interface PeerAuthentication extends ResourceBase {
  readonly type: 'PeerAuthentication'
  readonly selector: WorkloadSelector | undefined
  readonly mode: MutualTlsMode
  /** Container port → mode, in the order of the text. Keys that are not numbers are left out. */
  readonly portLevelMtls: ReadonlyMap<number, MutualTlsMode>
}

export function decodePeerAuthentication({ base, reader }: DecodeInput): PeerAuthentication {
  const spec = reader.object('spec')
  const portLevelMtls = new Map<number, MutualTlsMode>()
  for (const [port, mtls] of spec?.objectMap('portLevelMtls') ?? []) {
    if (/^\d{1,5}$/.test(port)) portLevelMtls.set(Number(port), modeOf(mtls))
  }
  return objectOf(base, {
    type: 'PeerAuthentication',
    selector: decodeSelector(spec),
    mode: modeOf(spec?.object('mtls')),
    portLevelMtls,
  })
}

function modeOf(mtls: ObjectReader | undefined): MutualTlsMode {
  const mode = mtls?.string('mode')
  return mode === 'DISABLE' || mode === 'PERMISSIVE' || mode === 'STRICT' ? mode : 'UNSET'
}
