import type { PeerAuthenticationExplanation, PortMutualTls } from '../explanation.js'
import { asItem, limitedRows, list, type Block, type Row } from './blocks.js'

export function peerBlocks({ workloads, effect }: PeerAuthenticationExplanation): Block[] {
  const rows = workloads.flatMap(({ name, ports }) =>
    ports.map((port): Row => ({
      cells: [name, portInWords(port, ports.length), port.mode, port.why],
      mark: 'no',
    })),
  )
  return [
    list('Effect', effect.map(asItem)),
    { type: 'table', columns: ['Workload', 'Port', 'mTLS', 'Why'], rows: limitedRows(rows) },
  ]
}

function portInWords({ port }: PortMutualTls, rows: number): string {
  if (port !== null) return String(port)
  return rows === 1 ? 'all ports' : 'other ports'
}
