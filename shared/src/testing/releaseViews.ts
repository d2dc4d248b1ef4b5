import type { AccessRequest } from '../access/request.js'
import type { ServiceOptions } from './builders.js'
import { deployment, documents, namespace, service, type Views, waypoint } from './index.js'

/** The effect that one part of the product reports, in the words of the case. */
export type View = (views: Views) => string | undefined
/** An answer of a part that the fact does not change: it is the same in both releases. */
export type Same = (views: Views) => unknown

export interface ReleaseCase {
  readonly files: string
  readonly flags?: Readonly<Record<string, boolean>>
  readonly before: string
  readonly since: string
  readonly explain: View | { readonly same: Same }
  readonly evaluate: View | { readonly same: Same }
  readonly status: View | { readonly same: Same }
  readonly check: View | { readonly same: Same }
}

/** Service and Deployment `api`. */
export const api = (options: ServiceOptions = {}): string =>
  documents(service('shop/api', options), deployment('shop/api'))
export const SHOP = namespace('shop')
export const ROOT = namespace('istio-system', { ambient: false })
/** The waypoint `shop/waypoint` and the Service that uses it. */
export const BEHIND_WAYPOINT = documents(waypoint('shop/waypoint'), api({ waypoint: 'waypoint' }))

export const request = (
  target: AccessRequest['to'] = { service: 'shop/api', port: 80 },
): AccessRequest => ({
  from: { namespace: 'shop', serviceAccount: 'web', ip: '10.0.0.9' },
  to: target,
  http: { method: 'GET' },
})
export const verdict = (views: Views): string => views.evaluate(request()).verdict
export const rules = (views: Views, name = 'p'): string[] =>
  views.findings(name).map(({ rule }) => rule)
/** The explanation without the status, which is another part. */
export const effectOf = (views: Views): unknown => ({
  ...views.explain('AuthorizationPolicy', 'shop', 'p'),
  status: undefined,
})
export const sameEffect = { same: effectOf }
export const sameVerdict = { same: (views: Views) => ({ ...views.evaluate(request()), hops: [] }) }
export const sameStatus = { same: (views: Views) => views.status('p') }
export const sameFindings = { same: (views: Views) => rules(views) }
/** `enforced` or `not enforced`, by the targets of the policy. */
export const byTargets =
  (at: string): View =>
  (views) => {
    const explanation = views.explain('AuthorizationPolicy', at, 'p')
    return 'targets' in explanation &&
      explanation.targets.some(({ enforcedBy }) => enforcedBy !== 'nobody')
      ? 'enforced'
      : 'not enforced'
  }
export const byStatus: View = (views) =>
  views.status('p')?.status === 'True' ? 'enforced' : 'not enforced'
export const unless =
  (rule: string, without: string, withIt: string): View =>
  (views) =>
    rules(views).includes(rule) ? withIt : without
