import { expect } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, RequestHttp, RequestSource, Verdict } from '../access/request.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import {
  analyse,
  authorizationPolicy,
  deployment,
  documents,
  namespace,
  service,
  waypoint,
} from './index.js'
import { witnessOf } from '../space/accessSpace.js'
import { cellOf } from '../space/classOf.js'
import { Planner } from '../space/plan.js'

// Each case needs one family of atoms: without it, two of its requests are in one class.
type Expected = readonly [from: RequestSource, http: RequestHttp | undefined, verdict: Verdict]

export const IP = '203.0.113.9'
export const client = (name: string, more: RequestSource = {}): RequestSource => {
  const [at, serviceAccount] = name.split('/')
  return { namespace: at, serviceAccount, ip: IP, ...more }
}
export const OUTSIDE: RequestSource = { ip: IP }
export const WEB = client('shop/web')
export const GET = { method: 'GET', path: '/' }

export function expectClasses(
  text: string,
  target: AccessRequest['to'],
  expected: readonly Expected[],
  settings: MeshSettings = {},
): void {
  const { mesh } = analyse(text, { world: 'closed', settings })
  const planner = new Planner([mesh])
  const plan = planner.plan(target)
  const parts = plan && 'parts' in plan ? plan.parts : []
  const found = expected.map(([source, http]) => {
    const request = { from: source, to: target, http }
    const cell = cellOf(planner, parts, request)
    const part = cell && parts[cell.part]
    return [
      evaluateRequest(mesh, request).verdict,
      part && evaluateRequest(mesh, witnessOf(part, target, cell.classes)).verdict,
    ]
  })
  expect(found).toEqual(expected.map(([, , verdict]) => [verdict, verdict]))
}

export const API = { service: 'shop/api', port: 80 }
export const POD = { workload: 'shop/api', port: 8080 }
export const shop = (...others: readonly string[]): string =>
  documents(
    namespace('shop', { waypoint: 'waypoint' }),
    namespace('other'),
    waypoint('shop/waypoint', { for: 'all' }),
    service('shop/api'),
    deployment('shop/api', { serviceAccount: 'api' }),
    ...others,
  )
export const bare = (...others: readonly string[]): string =>
  documents(namespace('shop'), namespace('other'), deployment('shop/api'), ...others)
export const AT_API = { targetRefs: ['Service/api'] }
export const deny = (rule: object, more: object = AT_API): string =>
  authorizationPolicy('shop/p', { action: 'DENY', rules: [{ ...rule }], ...more })
