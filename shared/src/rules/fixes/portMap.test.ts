import { expect, it } from 'vitest'
import { analyse } from '../../testing/index.js'
import type { Service } from '../../resources/service.js'
import { servicePortsOf, withServicePorts } from './portMap.js'

const pod = (name: string, httpPort: number): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: api}}
spec: {containers: [{name: c, ports: [{name: http, containerPort: ${httpPort}}]}]}
---
`
const service = (name: string, ports: string): string => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: {selector: {app: api}, ports: ${ports}}
---
`

function mapOf(text: string): (port: string) => readonly string[] | undefined {
  const analysis = analyse(text)
  const services = [...analysis.files.values()]
    .flatMap(({ documents }) => documents.flatMap(({ facts }) => facts.resources))
    .filter((resource): resource is Service => resource.type === 'Service')
  return servicePortsOf(analysis.mesh, services)
}

it('finds the Service port for a target port with a number, with a name, and without one', () => {
  const map = mapOf(
    pod('a', 8080) +
      service('api', '[{port: 80, targetPort: http}, {port: 90, targetPort: 9090}, {port: 15}]'),
  )
  expect([map('8080'), map('9090'), map('15'), map('80'), map('http')]).toEqual([
    ['80'],
    ['90'],
    ['15'],
    undefined,
    undefined,
  ])
})

it('finds every Service port that reaches a container port', () => {
  expect(
    mapOf(
      service('api', '[{port: 80, targetPort: 8080}]') +
        service('b', '[{port: 81, targetPort: 8080}]'),
    )('8080'),
  ).toEqual(['80', '81'])
})

it('finds no Service port where pods or Services use the port differently', () => {
  expect(
    mapOf(pod('a', 8080) + pod('b', 8081) + service('api', '[{port: 80, targetPort: http}]'))(
      '8080',
    ),
  ).toBeUndefined()
  expect(mapOf(service('api', '[{port: 80, targetPort: http}]'))('8080')).toBeUndefined()
  expect(
    mapOf(
      service('api', '[{port: 80, targetPort: 8080}]') +
        service('b', '[{port: 80, targetPort: 9090}]'),
    )('8080'),
  ).toBeUndefined()
})

it('replaces all ports of a rule, or none', () => {
  const map = mapOf(service('api', '[{port: 80, targetPort: 8080}, {port: 81, targetPort: 8081}]'))
  const rule = (ports: string[], values: string[]) => ({
    from: undefined,
    to: [{ ports, methods: ['GET'] }, { notPorts: ['8081'] }],
    when: [
      { key: 'destination.port', values, notValues: ['8081'] },
      { key: 'source.ip', values: ['10.0.0.1'], notValues: [] },
    ],
  })
  expect(withServicePorts(rule(['8080'], ['8080', '8081']), map)).toEqual({
    from: undefined,
    to: [{ ports: ['80'], methods: ['GET'] }, { notPorts: ['81'] }],
    when: [
      { key: 'destination.port', values: ['80', '81'], notValues: ['81'] },
      { key: 'source.ip', values: ['10.0.0.1'], notValues: [] },
    ],
  })
  expect(withServicePorts(rule(['1'], []), map)).toBeUndefined()
  expect(withServicePorts(rule([], ['1']), map)).toBeUndefined()
})
