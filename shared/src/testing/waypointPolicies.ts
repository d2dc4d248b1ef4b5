import { policyText } from '../rules/support/examples.js'

/** `targetRefs` of a policy, as in `policyText`. */
export const SERVICE_REF = 'targetRefs:\n- kind: Service\n  name: api\n'
export const GATEWAY_REF =
  'targetRefs:\n- kind: Gateway\n  group: gateway.networking.k8s.io\n  name: waypoint\n'
/** Rules that allow the method GET. */
export const GET = 'rules:\n- to:\n  - operation:\n      methods: ["GET"]\n'
/** A policy that allows GET at the waypoint of the Service. */
export const ALLOW_GET = policyText('allow-get', SERVICE_REF + GET)

/** Rules that allow service accounts. */
export function from(accounts: string, more = ''): string {
  return `rules:\n- from:\n  - source:\n      serviceAccounts: [${accounts}]\n${more}`
}
