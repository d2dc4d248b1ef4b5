import { describe, it } from 'vitest'
import { expectFixed, replaceIn } from '../../testing/index.js'
import { allow, FROM_WEB, LOAD_BALANCER, peer, rule } from '../../testing/plaintextClients.js'
import { AMBIENT_SHOP, MESH_STRICT } from '../support/examples.js'

describe('the fixes', () => {
  const added = (kind: string, spec: string): string =>
    `apiVersion: security.istio.io/v1
kind: ${kind}
metadata:
  name: api-plaintext
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
${spec}---
`
  const ONE_PORT = replaceIn(LOAD_BALANCER, ['  - name: metrics\n    port: 9090\n', ''])

  it('offers a new PeerAuthentication that permits plaintext on the port', () => {
    const text = (more: string): string => `${AMBIENT_SHOP}${MESH_STRICT}${ONE_PORT}${more}`
    expectFixed(
      text(''),
      { rule, title: 'Accept plaintext on port 8080' },
      text(
        added(
          'PeerAuthentication',
          '  mtls:\n    mode: STRICT\n  portLevelMtls:\n    "8080":\n      mode: PERMISSIVE\n',
        ),
      ),
    )
  })

  it.each<[string, string, string]>([
    [
      'with a mode',
      '  mtls:\n    mode: STRICT # for all\n',
      '  mtls:\n    mode: STRICT # for all\n  portLevelMtls:\n    "8080":\n      mode: PERMISSIVE\n',
    ],
    [
      'without a mode',
      '  portLevelMtls:\n    9090:\n      mode: PERMISSIVE\n',
      `  mtls:
    mode: STRICT
  portLevelMtls:
    9090:
      mode: PERMISSIVE
    "8080":
      mode: PERMISSIVE
`,
    ],
  ])('offers a port-level mode in a PeerAuthentication %s', (_, before, after) => {
    const text = (spec: string): string => `${AMBIENT_SHOP}${MESH_STRICT}${ONE_PORT}${peer(spec)}`
    expectFixed(text(before), { rule, title: 'Accept plaintext on port 8080' }, text(after))
  })

  it('offers an ALLOW for every client on the port', () => {
    const text = (more: string): string => `${AMBIENT_SHOP}${allow(FROM_WEB)}${ONE_PORT}${more}`
    expectFixed(
      text(''),
      { rule, title: 'Allow every client on port 8080' },
      text(
        added(
          'AuthorizationPolicy',
          '  action: ALLOW\n  rules:\n  - to:\n    - operation:\n        ports:\n        - "8080"\n',
        ),
      ),
    )
  })

  it('offers plaintext and an ALLOW together if both are needed', () => {
    expectFixed(`${AMBIENT_SHOP}${MESH_STRICT}${allow(FROM_WEB)}${ONE_PORT}`, {
      rule,
      title: 'Accept plaintext and allow every client on port 8080',
    })
  })
})
