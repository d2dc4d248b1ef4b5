import type { NotSent } from '../../ztunnel/convertAuthorizationPolicy.js'

/** Why ztunnel does not receive a policy. */
export const NOT_SENT: Readonly<Record<NotSent, string>> = {
  targetRefs: 'istiod does not send policies with targetRefs to ztunnel',
  action: 'ztunnel supports only ALLOW and DENY',
  'dry-run': 'istiod does not send dry-run policies to ztunnel',
}
