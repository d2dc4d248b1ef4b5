import { describe, expect, it } from 'vitest'
import { decodeRequest } from './decodeRequest.js'

const FROM = { namespace: 'a', serviceAccount: 'x' }
const TO = { service: 'b/api', port: 80 }

describe('decodeRequest', () => {
  it('a request with all fields is decoded', () => {
    const given = {
      id: '1',
      from: { ...FROM, ip: '10.0.0.1', trustDomain: 'cluster.local' },
      to: TO,
      http: {
        method: 'GET',
        path: '/',
        host: 'api',
        headers: { 'x-a': '1', 'x-b': ['1', '2'] },
        requestPrincipal: 'iss/sub',
        claims: { groups: ['a'], deep: { er: 1 } },
      },
    }
    expect(decodeRequest(given)).toEqual({ request: given })
  })

  it.each(['10.9.9.9', '2001:db8::1', '::ffff:10.244.1.77'])(
    'the address %s is decoded as a client outside the mesh',
    (ip) => {
      expect(
        decodeRequest({ from: { ip }, to: { host: 'httpbin.org', port: 443 } }).request?.from.ip,
      ).toBe(ip)
    },
  )

  it('a number is decoded as id', () => {
    expect(decodeRequest({ id: 7, from: FROM, to: TO }).request?.id).toBe('7')
  })

  it.each([
    [[], 'a request must be an object'],
    [null, 'a request must be an object'],
    [{ from: FROM, to: TO, htpp: {} }, 'unknown field "htpp" in a request'],
    [{ id: {}, from: FROM, to: TO }, 'id must be a string'],
    [{ to: TO }, 'from must be an object'],
    [{ from: {}, to: TO }, 'from needs namespace and serviceAccount, or ip'],
    [{ from: { namespace: 'a' }, to: TO }, 'from needs namespace and serviceAccount together'],
    [
      { from: { ...FROM, serviceaccount: 'x' }, to: TO },
      'unknown field "from.serviceaccount" in a request',
    ],
    [
      { from: { namespace: 'a', serviceAccount: '' }, to: TO },
      'from.serviceAccount must be a non-empty string',
    ],
    [{ from: { ip: '10.0.0' }, to: TO }, 'from.ip must be an IP address, not "10.0.0"'],
    [{ from: FROM }, 'to must be an object'],
    [{ from: FROM, to: { port: 80 } }, 'to needs one of service, workload and host'],
    [{ from: FROM, to: { ...TO, host: 'api' } }, 'to needs one of service, workload and host'],
    [
      { from: FROM, to: { service: 'api', port: 80 } },
      'to.service must be namespace/name, not "api"',
    ],
    [{ from: FROM, to: { workload: 'b/api' } }, 'to.port must be a port, 1 to 65535'],
    [{ from: FROM, to: { service: 'b/api', port: '80' } }, 'to.port must be a port, 1 to 65535'],
    [{ from: FROM, to: TO, http: 'GET' }, 'http must be an object'],
    [{ from: FROM, to: TO, http: { verb: 'GET' } }, 'unknown field "http.verb" in a request'],
    [
      { from: FROM, to: TO, http: { headers: { a: 1 } } },
      'http.headers.a must be a string or a list of strings',
    ],
    [{ from: FROM, to: TO, http: { claims: [] } }, 'http.claims must be an object'],
  ])('the request %j has the problem: %s', (value, problem) => {
    expect(decodeRequest(value)).toEqual({ problem })
  })
})
