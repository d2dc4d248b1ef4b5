import { rankFixes } from '../fixes/rankFixes.js'
import { permitPlaintext } from '../fixes/permitPlaintext.js'
import { defineRule } from '../rule.js'
import { plaintextClients, type PlaintextClient } from './plaintextClients.js'
import { refusalOf, type PlaintextRefusal } from './plaintextRefusal.js'
import { firstThatFits, listed, quoted } from '../support/words.js'

export const plaintextClientRefused = defineRule({
  name: 'plaintext-client-refused',
  level: 'warning',
  subjects: [
    'APIService',
    'Ingress',
    'MutatingWebhookConfiguration',
    'Service',
    'ValidatingWebhookConfiguration',
  ],
  reads: [
    'AuthorizationPolicy',
    'Gateway',
    'Gateway.networking.istio.io',
    'MeshConfig',
    'Namespace',
    'PeerAuthentication',
    'Service',
    'Workload',
    'opaque',
  ],
  check(source, { mesh, report }) {
    for (const client of plaintextClients(mesh, source)) {
      const refusal = refusalOf(mesh, client)
      if (!refusal) continue
      report({
        message: messageOf(client, refusal),
        path: client.path,
        certainties: refusal.certainties,
        related: [...client.evidence, ...refusal.evidence],
        fixes: () => rankFixes(permitPlaintext(mesh, client.service, refusal)),
      })
    }
  },
})

function messageOf(
  { who, pronoun, service }: PlaintextClient,
  { ports, strictPorts, allowPorts }: PlaintextRefusal,
): string {
  const head = `${who} ${service.type} ${quoted(service.name, 24)} without mTLS`
  const on = ports.length > 3 ? '' : ` on port ${listed(ports.map(String))}`
  if (allowPorts.length === 0)
    return firstThatFits(
      `${head}: STRICT refuses ${pronoun}${on}.`,
      `${head}: STRICT refuses ${pronoun}.`,
    )
  const by =
    strictPorts.length > 0
      ? 'STRICT and ALLOW policies by identity refuse'
      : 'ALLOW policies by identity refuse'
  return firstThatFits(`${head}: ${by} ${pronoun}${on}.`, `${head}: ${by} ${pronoun}.`)
}
