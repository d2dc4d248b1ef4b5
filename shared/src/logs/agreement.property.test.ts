import fc from 'fast-check'
import { expect, it } from 'vitest'
import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest, Hop } from '../access/request.js'
import { questions, toFiles, variedQuestions, type Manifest } from '../testing/generatedMesh.js'
import { analyse } from '../testing/index.js'
import { runs } from '../testing/runs.js'
import { explainLine } from './explainLine.js'
import { parseLogLine } from './parseLogs.js'

/** What controllers add to their name for the name of a pod. */
const SUFFIXES: Readonly<Record<string, string>> = {
  Deployment: '-7d9f8c6b5-x2k4p',
  StatefulSet: '-0',
  DaemonSet: '-x2k4p',
  ReplicaSet: '-x2k4p',
  Job: '-x2k4p',
  CronJob: '-28374620-x2k4p',
}

/** The line of ztunnel's access log for a connection that it denied. */
function lineOf({ name, identity, port, policy }: Hop, kind: string, ip: string): string {
  const [namespace = '', workload = ''] = name.split('/')
  const source = `src.addr=${ip.includes(':') ? `[${ip}]` : ip}:41000`
  const client = identity === null ? '' : ` src.identity="spiffe://${identity}"`
  const address =
    identity === null
      ? `dst.addr=192.0.2.8:${port}`
      : `dst.addr=192.0.2.8:15008 dst.hbone_addr=192.0.2.8:${port}`
  const error =
    policy === null ? 'allow policies exist, but none allowed' : `explicitly denied by: ${policy}`
  return `2026-08-01T00:00:00.000000Z\terror\taccess\tconnection complete\t${source}${client} ${address} dst.workload="${workload}${SUFFIXES[kind] ?? ''}" dst.namespace="${namespace}" direction="inbound" bytes_sent=0 bytes_recv=0 duration="0ms" error="connection closed due to policy rejection: ${error}"`
}

const kindOf = (objects: readonly Manifest[], name: string): string =>
  objects.find(
    ({ kind, metadata }) =>
      (kind === 'Pod' || kind in SUFFIXES) && `${metadata.namespace}/${metadata.name}` === name,
  )?.kind ?? ''

it.each([
  { name: 'a mesh', asked: questions },
  { name: 'a mesh of many kinds', asked: variedQuestions },
])('$name: the log line of each denial at ztunnel agrees with the evaluation', ({ asked }) => {
  let compared = 0
  fc.assert(
    fc.property(asked, ({ objects, requests }) => {
      const { mesh } = analyse(toFiles(objects), { world: 'closed' })
      for (const { ip, ...from } of requests.map((each) => each.from)) {
        const address = ip?.includes('.') ? ip : '203.0.113.9'
        for (const { to } of requests) {
          const { hops } = evaluateRequest(mesh, { from: { ...from, ip: address }, to })
          const denied = hops.filter(
            ({ point, verdict, reason }) =>
              point === 'ztunnel' && verdict === 'deny' && /denied by|none allowed/.test(reason),
          )
          for (const hop of denied) {
            const isDirect = hops.every(({ point }) => point !== 'waypoint')
            const line = parseLogLine(
              lineOf(hop, kindOf(objects, hop.name), isDirect ? address : '203.0.113.77'),
            )
            if (!line) throw new Error('The line is not read.')
            const found = explainLine(mesh, line)
            compared++
            expect({ ...found.hop, rule: found.rule, policy: found.policy }).toEqual({
              point: 'ztunnel',
              name: hop.name,
              identity: hop.identity,
              port: hop.port,
              rule: hop.rule,
              policy: hop.policy,
            })
            expect(found.differences).toEqual([])
          }
        }
      }
    }),
    { numRuns: runs(40) },
  )
  expect(compared).toBeGreaterThan(runs(2))
})

/** The line of a waypoint's access log for a request that it denied. */
function waypointLine({ to, http, from }: AccessRequest, details: string): string {
  const [namespace, name] = 'service' in to ? to.service.split('/') : []
  const host = `${name}.${namespace}.svc.cluster.local`
  const cluster = `inbound-vip|${to.port}|http|${host}`
  return `[2026-08-01T00:00:00.000Z] "${http?.method} ${http?.path} HTTP/1.1" 403 - ${details} - "-" 0 19 0 - "-" "curl/8" "1" "${http?.host}" "-" ${cluster} - 10.96.0.9:${to.port} ${from.ip}:40000 - default`
}

/** Whether a Service has an address: otherwise the line has another cluster. */
const hasAddress = (objects: readonly Manifest[], name: string): boolean =>
  objects.some(
    ({ kind, metadata, spec }) =>
      kind === 'Service' &&
      `${metadata.namespace}/${metadata.name}` === name &&
      !/"ExternalName"|"clusterIP":"None"/.test(JSON.stringify(spec)),
  )

it('the log line of each denial at a waypoint agrees with the evaluation', () => {
  let compared = 0
  fc.assert(
    fc.property(variedQuestions, ({ objects, requests }) => {
      const { mesh } = analyse(toFiles(objects), { world: 'closed' })
      for (const { from } of requests)
        for (const { to, http } of requests) {
          if (!('service' in to) || !hasAddress(objects, to.service)) continue
          const request = {
            from: { ...from, ip: '203.0.113.9' },
            to,
            http: { method: 'GET', path: '/', host: 'x.example.com', ...http },
          }
          const { hops } = evaluateRequest(mesh, request)
          for (const hop of hops) {
            if (hop.point !== 'waypoint' || !/^rbac_access_denied/.test(hop.reason)) continue
            const line = parseLogLine(waypointLine(request, hop.reason))
            if (!line) throw new Error('The line is not read.')
            const found = explainLine(mesh, line)
            compared++
            expect([found.hop.point, found.policy, found.rule]).toEqual([
              'waypoint',
              hop.policy,
              hop.rule,
            ])
            expect(found.differences).toEqual([])
          }
        }
    }),
    { numRuns: runs(40) },
  )
  expect(compared).toBeGreaterThan(runs(6))
})
