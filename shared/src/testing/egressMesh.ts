import type { AccessAnswer } from '../access/request.js'
import { deployment, namespace, serviceEntry, waypoint } from './builders.js'
import { documents, object, type Fields } from './objectText.js'
import { authorizationPolicy } from './policyBuilders.js'
import { Views } from './views.js'

// Clients of namespace `apps` that call site.example.com.

/** A waypoint `NAMESPACE/exit` that denies everything. */
export const closedExit = (at: string): string =>
  documents(
    waypoint(`${at}/exit`, { allowedNamespaces: 'All' }),
    authorizationPolicy(`${at}/closed`, {
      targetRefs: ['Gateway/exit'],
      action: 'DENY',
      rules: [{}],
    }),
  )
export const entry = (at: string, spec: Fields = {}, labels: Record<string, string> = {}): string =>
  serviceEntry(at, { waypoint: 'exit', labels, spec: { hosts: ['site.example.com'], ...spec } })
export const openEntry = (at: string, spec: Fields = {}): string =>
  serviceEntry(at, { spec: { hosts: ['site.example.com'], ...spec } })
export const clientIn = (at: string, annotations?: Record<string, string>): string =>
  deployment(`${at}/web`, { serviceAccount: 'web', podAnnotations: annotations })
export const operator = (spec: Fields): string =>
  object('IstioOperator', 'istio-system/install', { spec })

/** The answer for a client of namespace `apps`. */
export const answer = (
  objects: readonly string[],
  to: { readonly host?: string; readonly port?: number } = {},
  settings = {},
): AccessAnswer =>
  new Views(documents(namespace('apps'), ...objects), settings).evaluate({
    from: { namespace: 'apps', serviceAccount: 'web' },
    to: { host: 'site.example.com', port: 80, ...to },
    http: { method: 'GET', path: '/' },
  })
export const OWN = [closedExit('apps'), clientIn('apps')]
