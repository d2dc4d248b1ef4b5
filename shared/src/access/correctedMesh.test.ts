import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { analyse, describeFindings, type Files } from '../testing/index.js'
import { readFixture } from '../testing/fixtureFiles.js'
import { evaluateRequest } from './evaluateRequest.js'
import type { AccessRequest } from './request.js'

const MESHES = new URL('../../../test-fixtures/meshes/', import.meta.url)
const filesOf = (mesh: string): Files =>
  Object.fromEntries(
    readdirSync(new URL(mesh, MESHES))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => [name, readFixture(`meshes/${mesh}/${name}`)]),
  )
const corrected = filesOf('shop-corrected')
const { mesh } = analyse(corrected, { world: 'closed' })
const verdict = (request: AccessRequest): string => evaluateRequest(mesh, request).verdict

const account = (name: string) => {
  const [namespace = '', serviceAccount = ''] = name.split('/')
  return { namespace, serviceAccount }
}
const OTHERS = ['payments/worker', 'legacy/billing', 'ingress/storefront-istio', 'other/any']
const GET = { method: 'GET', path: '/' }

it('the corrected sample mesh has no error', () => {
  expect(describeFindings(analyse(corrected)).filter((line) => line.includes(' error '))).toEqual(
    [],
  )
})

it.each(OTHERS)('the front end of the corrected sample mesh is closed to %s', (client) => {
  const from = account(client)
  expect(verdict({ from, to: { service: 'shop/web', port: 80 }, http: GET })).toBe('deny')
  expect(verdict({ from, to: { workload: 'shop/web', port: 8080 }, http: GET })).toBe('deny')
})

it('the front end is closed to plaintext, to deletions and to pods that bypass the waypoint', () => {
  const outside = { ip: '203.0.113.7' }
  const to = { service: 'shop/web', port: 80 }
  expect(verdict({ from: outside, to, http: GET })).toBe('deny')
  expect(verdict({ from: account('shop/cart'), to, http: { method: 'DELETE' } })).toBe('deny')
  expect(
    verdict({ from: account('shop/cart'), to: { workload: 'shop/web', port: 8080 }, http: GET }),
  ).toBe('deny')
  expect(verdict({ from: account('shop/cart'), to, http: GET })).toBe('allow')
})

it('the cart writes no reviews', () => {
  const to = { service: 'shop/reviews', port: 80 }
  expect(verdict({ from: account('shop/cart'), to, http: { method: 'POST' } })).toBe('deny')
  expect(verdict({ from: account('shop/web'), to, http: { method: 'POST' } })).toBe('allow')
})
