import {
  analyse,
  authorizationPolicy,
  documents,
  findingsOf,
  namespace,
  object,
  serviceEntry,
  waypoint,
  type Fields,
} from './index.js'

/** The findings of a rule about some objects. */
export const reports =
  (rule: { readonly name: string }, settings = {}) =>
  (...objects: readonly string[]): string[] =>
    findingsOf(analyse(documents(...objects), { settings }))
      .filter((finding) => finding.rule === rule.name)
      .map(({ level, message }) => `${level}: ${message}`)

/** Namespace `north` with the waypoint `out` for all namespaces. */
export const NORTH = documents(
  namespace('north'),
  waypoint('north/out', { allowedNamespaces: 'All' }),
)
/** A ServiceEntry that uses this waypoint. */
export const entry = (at: string, spec: Fields = {}, labels: Record<string, string> = {}): string =>
  serviceEntry(at, { waypoint: 'north/out', labels, spec: { hosts: ['pay.example.com'], ...spec } })
/** A policy that denies all requests to a ServiceEntry. */
export const restrict = (at: string, name: string): string =>
  authorizationPolicy(at, { targetRefs: [`ServiceEntry/${name}`], action: 'DENY', rules: [{}] })
/** An install with ambient mode. */
export const values = (fields: Fields): string =>
  object('IstioOperator', 'istio-system/install', { spec: { profile: 'ambient', ...fields } })
