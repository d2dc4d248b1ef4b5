import type { Mesh } from '../mesh/mesh.js'
import type { PeerAuthentication } from '../resources/peerAuthentication.js'
import type { FieldPath } from '../yaml/node.js'
import { escapeMarkdown } from './escapeMarkdown.js'
import { explainPeerAuthentication } from './explainPeerAuthentication.js'
import { sentence } from './support/notes.js'

const MODES = [
  '- `STRICT`: plaintext is refused',
  '- `PERMISSIVE`: plaintext and mTLS are both admitted',
  '- `DISABLE`: as `PERMISSIVE`; ambient mode never switches mTLS off',
  '- `UNSET` or absent: inherited from workload, namespace, mesh, else `PERMISSIVE`',
].join('\n')

/** What `mtls.mode` and `portLevelMtls` mean, and what becomes of them here; undefined for other fields. */
export function explainMode(
  mesh: Mesh,
  policy: PeerAuthentication,
  path: FieldPath,
): string | undefined {
  const [spec, field, port] = path
  if (spec !== 'spec') return undefined
  const { summary, workloads } = explainPeerAuthentication(mesh, policy)
  if (field === 'mtls')
    return page('mtls.mode', 'Whether ztunnel admits plaintext connections.', summary)
  if (field !== 'portLevelMtls') return undefined
  const meaning =
    'The mode of single ports. They are **container ports**, and istiod reads them only where the selector names labels.'
  const here = port === undefined ? summary : atPort(workloads, Number(port))
  return page(
    port === undefined ? 'portLevelMtls' : `portLevelMtls, port ${String(port)}`,
    meaning,
    here ?? summary,
  )
}

function page(title: string, meaning: string, here: string): string {
  return `**${escapeMarkdown(title)}**\n\n${meaning}\n\n${MODES}\n- **Here**: ${escapeMarkdown(sentence(here))}\n`
}

function atPort(
  workloads: ReturnType<typeof explainPeerAuthentication>['workloads'],
  number: number,
): string | undefined {
  const found = workloads.flatMap(({ name, ports }) =>
    ports
      .filter(({ port }) => port === number)
      .map(({ mode, why }) => `${mode} at ${name}: ${why}`),
  )
  return found.length === 0 ? undefined : found.slice(0, 3).join('; ')
}
