import { rankFixes } from '../fixes/rankFixes.js'
import { permitPlaintext } from './permitPlaintext.js'
import { defineRule } from '../rule.js'
import { plaintextClients, type PlaintextClient } from './plaintextClients.js'
import { denialOf, type PlaintextDenial } from './plaintextDenial.js'
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
    'MeshConfig',
    'Namespace',
    'Other',
    'PeerAuthentication',
    'Service',
    'Workload',
    'opaque',
  ],
  check(source, { mesh, report }) {
    for (const client of plaintextClients(mesh, source)) {
      const denial = denialOf(mesh, client)
      if (!denial) continue
      report({
        message: messageOf(client, denial),
        path: client.path,
        certainties: denial.certainties,
        related: [...client.evidence, ...denial.evidence],
        fixes: () => rankFixes(permitPlaintext(mesh, client.service, denial)),
      })
    }
  },
})

function messageOf(
  { name, connects, service }: PlaintextClient,
  { ports, strictPorts, allowPorts }: PlaintextDenial,
): string {
  const to = `${connects} to ${service.type} ${quoted(service.name, 24)}`
  const on = `on port${ports.length > 1 ? 's' : ''} ${listed(ports.map(String))}`
  const wording = (deny: string, lacking: string): string =>
    firstThatFits(
      `${deny} ${name} ${on}: ${to} without ${lacking}.`,
      `${deny} ${name}: ${to} without ${lacking}.`,
    )
  if (allowPorts.length === 0) return wording('STRICT denies', 'mTLS')
  if (strictPorts.length === 0) return wording('ALLOW policies deny', 'an identity')
  return wording('STRICT and ALLOW policies deny', 'mTLS')
}
