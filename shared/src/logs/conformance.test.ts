import { expect, it } from 'vitest'
import type { AccessRequest } from '../access/request.js'
import { evaluateRequest } from '../access/evaluateRequest.js'
import { readVectors } from '../testing/fixtureFiles.js'
import { analyse } from '../testing/index.js'
import { runs, sampled } from '../testing/runs.js'
import { explainLine } from './explainLine.js'
import { parseLogLine } from './parseLogs.js'

interface MeshVector {
  readonly name: string
  readonly files: Record<string, string>
  readonly requests: readonly (AccessRequest & {
    readonly id: string
    readonly verdict: string
    readonly reason?: string
    readonly hops?: readonly {
      readonly point: string
      readonly name: string
      readonly identity: string | null
      readonly port: number
      readonly verdict: string
      readonly policies?: readonly string[]
    }[]
  })[]
}

const POD = '-7d9f8c6b5-x2k4p'

/** The line of ztunnel's access log for a connection. */
function ztunnelLine(
  hop: { readonly name: string; readonly identity: string | null; readonly port: number },
  ip: string | undefined,
  error: string,
): string {
  const [namespace = '', name = ''] = hop.name.split('/')
  const source = (ip ?? '10.244.9.9').includes(':') ? `[${ip}]:41000` : `${ip}:41000`
  const identity = hop.identity === null ? '' : ` src.identity="spiffe://${hop.identity}"`
  const address =
    hop.identity === null
      ? `dst.addr=10.244.8.8:${hop.port}`
      : `dst.addr=10.244.8.8:15008 dst.hbone_addr=10.244.8.8:${hop.port}`
  return `2026-08-01T00:00:00.000000Z\terror\taccess\tconnection complete\tsrc.addr=${source}${identity} ${address} dst.workload="${name}${POD}" dst.namespace="${namespace}" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: ${error}"`
}

/** The line of Istio's text access log for a request that a waypoint denied. */
function envoyLine({ to, http, from }: AccessRequest, details: string): string {
  const [namespace, name] = 'service' in to ? to.service.split('/') : []
  const host = 'host' in to ? to.host : `${name}.${namespace}.svc.cluster.local`
  const cluster = `inbound-vip|${to.port}|${http ? 'http' : 'tcp'}|${host}`
  return http
    ? `[2026-08-01T00:00:00.000Z] "${http.method} ${http.path} HTTP/1.1" 403 - ${details} - "-" 0 19 0 - "-" "curl/8" "1" "${http.host}" "-" ${cluster} - 10.96.0.9:${to.port} ${from.ip}:40000 - default`
    : `[2026-08-01T00:00:00.000Z] "- - -" 0 - - ${details} "-" 0 0 0 - "-" "-" "-" "-" "-" ${cluster} - 10.96.0.9:${to.port} ${from.ip}:40000 - -`
}

/** What an explanation says about a denial, in words that can be compared. */
function explained(mesh: Parameters<typeof explainLine>[0], text: string): string {
  const line = parseLogLine(text)
  if (!line) return `not a log line: ${text}`
  const { policy, rule, decidedBy, unmatched, agreement, differences } = explainLine(mesh, line)
  const object = decidedBy?.resource
  const place =
    object && `${object.type} ${object.namespace}/${object.name} ${decidedBy.path.join('.')}`
  return [policy, rule, place, unmatched.length > 0 ? 'unmatched' : '', agreement, ...differences]
    .map((part) => part ?? 'none')
    .join(' | ')
}

it.each(['mesh-worlds', 'mesh-worlds-1.31'])(
  'every refusal of ztunnel in %s resolves to the policy and a rule of it',
  (file) => {
    let refusals = 0
    const wrong: string[] = []
    for (const { name, files, requests } of sampled(readVectors<MeshVector>(file), 4)) {
      const { mesh } = analyse(files, { world: 'closed' })
      for (const { hops, from, id } of requests) {
        const hop = hops?.at(-1)
        if (hop?.verdict !== 'deny' || hop.point !== 'ztunnel') continue
        const behindWaypoint = (hops?.length ?? 0) > 1
        const ip = behindWaypoint ? '10.244.7.7' : from.ip
        const policies = hop.policies ?? []
        for (const policy of policies) {
          refusals++
          const got = explained(mesh, ztunnelLine(hop, ip, `explicitly denied by: ${policy}`))
          const [, policyName = ''] = policy.split('/')
          const isPeer = /^(converted_peer|istio_converted)/.test(policyName)
          const wanted = isPeer
            ? new RegExp(
                `^${policy} \\| none \\| PeerAuthentication \\S+ spec\\..* \\| {2}\\| agrees$`,
              )
            : new RegExp(
                `^${policy} \\| (\\d+) \\| AuthorizationPolicy ${policy} spec\\.rules\\.\\1 \\| {2}\\| agrees$`,
              )
          if (!wanted.test(got)) wrong.push(`${name} ${id}: ${policy} → ${got}`)
        }
        if (policies.length > 0) continue
        refusals++
        const text = ztunnelLine(hop, ip, 'allow policies exist, but none allowed')
        const got = explained(mesh, text)
        if (got !== 'none | none | none | unmatched | agrees') wrong.push(`${name} ${id}: ${got}`)
      }
    }
    expect(wrong.slice(0, 5)).toEqual([])
    expect(refusals).toBeGreaterThan(Math.min(200, runs(50)))
  },
)

it.each(['waypoint-l7', 'mesh-worlds', 'mesh-worlds-1.31', 'egress'])(
  'every refusal of a waypoint in %s resolves to the policy and the rule',
  (file) => {
    let refusals = 0
    const wrong: string[] = []
    for (const { name, files, requests } of sampled(readVectors<MeshVector>(file), 4)) {
      const { mesh } = analyse(files, { world: 'closed' })
      for (const request of requests) {
        const hop = request.hops?.at(-1)
        if ('workload' in request.to || request.verdict !== 'deny') continue
        if (hop && hop.point !== 'waypoint') continue
        const details = request.reason ?? evaluateRequest(mesh, request).hops.at(-1)?.reason ?? ''
        refusals++
        const got = explained(mesh, envoyLine(request, details))
        const [, namespace, policy, rule] =
          /ns\[(.*)\]-policy\[(.*)\]-rule\[(\d+)\]/.exec(details) ?? []
        const full = `${namespace}/${policy}`
        const wanted =
          namespace === undefined
            ? 'none | none | none | unmatched | agrees'
            : `${full} | ${rule} | AuthorizationPolicy ${full} spec.rules.${rule} |  | agrees`
        if (got !== wanted) wrong.push(`${name} ${request.id}: ${details} → ${got}`)
      }
    }
    expect(wrong.slice(0, 5)).toEqual([])
    expect(refusals).toBeGreaterThan(Math.min(30, runs(5)))
  },
)
