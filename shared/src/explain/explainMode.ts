import type { Mesh } from '../mesh/mesh.js'
import type { PeerAuthentication } from '../resources/peerAuthentication.js'
import type { FieldPath } from '../yaml/node.js'
import { escapeMarkdown } from './escapeMarkdown.js'
import { explainPeerAuthentication } from './explainPeerAuthentication.js'
import { sentence } from './support/notes.js'

const MODES = [
  '- `STRICT`: plaintext is rejected',
  '- `PERMISSIVE`: plaintext and mTLS are both accepted',
  '- `DISABLE`: same as `PERMISSIVE`; ambient mode never switches mTLS off',
  '- `UNSET` or absent: inherited from the workload, namespace or mesh level, else `PERMISSIVE`',
].join('\n')

/** What `mtls.mode` and `portLevelMtls` mean, and their effect here; undefined for other fields. */
export function explainMode(
  mesh: Mesh,
  policy: PeerAuthentication,
  path: FieldPath,
): string | undefined {
  const [spec, field, port] = path
  if (spec !== 'spec') return undefined
  const { summary, workloads } = explainPeerAuthentication(mesh, policy)
  if (field === 'mtls')
    return page('mtls.mode', 'Whether ztunnel accepts plaintext connections.', summary)
  if (field !== 'portLevelMtls') return undefined
  const meaning =
    'The mode of individual **container ports**. istiod reads it only if the selector has labels.'
  const here = port === undefined ? summary : atPort(workloads, Number(port))
  return page(
    port === undefined ? 'portLevelMtls' : `portLevelMtls, port ${String(port)}`,
    meaning,
    here ?? summary,
  )
}

function page(title: string, meaning: string, here: string): string {
  return `**${escapeMarkdown(title)}**\n\n**Here**: ${escapeMarkdown(sentence(here))}\n\n${meaning}\n\n${MODES}\n`
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
