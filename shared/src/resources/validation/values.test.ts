import { describe, expect, it } from 'vitest'
import { checkDuration, parseDuration } from './duration.js'
import { checkJwks } from './jwks.js'
import { checkJwksUri } from './jwksUri.js'
import { parseAddress, parseCidr } from '../../text/ip.js'
import {
  checkPath,
  checkPort,
  checkServiceAccount,
  checkTrustDomain,
  type ValueCheck,
} from './values.js'

function table(
  name: string,
  check: ValueCheck,
  values: { readonly accepted: readonly string[]; readonly rejected: readonly string[] },
): void {
  describe(name, () => {
    it.each(values.accepted)('accepts %j', (value) => {
      expect(check(value)).toBeUndefined()
    })
    it.each(values.rejected)('rejects %j', (value) => {
      expect(check(value)).toMatch(/^\S.*\.$/)
    })
  })
}

const asCheck =
  (accepts: (value: string) => boolean): ValueCheck =>
  (value) =>
    accepts(value) ? undefined : 'no.'

const ADDRESSES = {
  accepted: [
    '1.2.3.4',
    '0.0.0.0',
    '::',
    '::1',
    '1::',
    '2001:db8::1',
    '1:2:3:4:5:6:7:8',
    '::ffff:1.2.3.4',
    '1:2:3:4:5:6:1.2.3.4',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7::',
    '::A',
  ],
  rejected: [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    '1.2.3.4 ',
    'localhost',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    'fe80::1%',
    '1.2.3.4%a',
    '::1.2.3',
    '1.2.3.4::',
    ':1',
    '1:',
    '::01.2.3.4',
  ],
}
const PREFIXES = {
  accepted: ['10.0.0.0/8', '10.0.0.1/8', '0.0.0.0/0', '::/0', '::/128', '::ffff:1.2.3.4/96'],
  rejected: [
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/+8',
    '10.0.0.0/',
    '/8',
    '10.0.0/8',
    '::/129',
    'fe80::%a/64',
    '10.0.0.0/8/8',
    '1.2.3.4/ 8',
  ],
}
table(
  'addresses, as netip.ParseAddr',
  asCheck((text) => parseAddress(text) !== undefined),
  ADDRESSES,
)
table(
  'prefixes, as netip.ParsePrefix',
  asCheck((text) => text.includes('/') && parseCidr(text) !== undefined),
  PREFIXES,
)
table('ports, as strconv.ParseUint', checkPort, {
  accepted: ['0', '80', '080', '65535'],
  rejected: ['', '65536', '-1', '+80', ' 80', '80 ', 'http', '8000-8010', '0x50', '1e3', '*'],
})
table('service accounts', checkServiceAccount, {
  accepted: ['a', 'a/b', 'a b'],
  rejected: ['a/b/c', '/b', 'a/', '/', 'a/*', '*'],
})
table('trust domains', checkTrustDomain, {
  accepted: ['td', '*', 'td*', '*td'],
  rejected: ['**', '*a*', 'a*b', 'a/b'],
})
table('paths', checkPath, {
  accepted: [
    '/a',
    '/a*',
    '*a',
    '/{*}',
    '/a/{*}/b',
    '/a/{**}',
    '/{*}/{**}/c',
    '{**}',
    '/a/{*}/',
    '/a b',
  ],
  rejected: [
    '/{a}',
    '/}',
    '/a{*}',
    '/{***}',
    '/{**}/{*}',
    '/{**}/{**}',
    '/{*}/a b',
    '/{*}//a',
    '/{*}/a*b?',
  ],
})
table('durations, as time.ParseDuration', checkDuration, {
  accepted: [
    '1ms',
    '5s',
    '1.5s',
    '1h2m3s',
    '+5s',
    '.5s',
    '1.s',
    '1000us',
    '1000000ns',
    '1000µs',
    '2540400h',
  ],
  rejected: [
    '',
    '0',
    '0s',
    '5',
    'x',
    '-5s',
    '1us',
    '0.5ms',
    '1.0005s',
    '1d',
    '5 s',
    '1.2.3s',
    '9999999999h',
    '.s',
  ],
})
table('JWKS URLs, as url.ParseRequestURI', checkJwksUri, {
  accepted: [
    'http://a',
    'https://a/b?c=d',
    'https://a:99999/x',
    'https://',
    'HTTPS://a',
    'https://[::1]:443/',
    'https:a',
    'https://u:p@a/',
    'https://a/%20',
    'https://a:/x',
    'https://<host>/jwks',
    'https:///x',
    'https://a/b?%zz',
  ],
  rejected: [
    'a',
    '/a',
    'ftp://a',
    'file:///a',
    '//a',
    'https',
    'hTPp\\\blah',
    'https://a b/',
    'https://a:x/',
    'https://a/%zz',
    'https://a\n',
    'https://%20/',
    'https://[::1',
    'https://a#b',
    ' https://a',
  ],
})
table('key sets, as jwk.Parse', checkJwks, {
  accepted: [
    '{"keys":[]}',
    '{"keys":null}',
    '{"keys":[{"kty":"RSA","e":"AQAB","n":"sXch"}]}',
    '{"kty":"oct","k":"AyM"}',
    '{"keys":[{"kty":"EC","crv":"P-256","x":"a-_A","y":"b+/B"}],"x":1}',
    '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qY"}]}',
    ' {"keys": [ ] } ',
  ],
  rejected: [
    '{}',
    'x',
    '[]',
    'null',
    '1',
    '"x"',
    '{"keys":{}}',
    '{"keys":[1]}',
    '{"keys":[{}]}',
    '{"keys":[{"kty":"RSA"}]}',
    '{"keys":[{"kty":"RSA","e":"AQAB"}]}',
    '{"keys":[{"kty":"rsa","e":"AQAB","n":"sXch"}]}',
    '{"keys":[{"kty":"RSA","e":"AQAB","n":"?"}]}',
    '{"keys":[{"kty":"RSA","e":1,"n":"sXch"}]}',
    '{"keys":[]',
    '{"keys":[]} x',
    "{'keys':[]}",
    '{"keys":[{"kty":"toString"}]}',
  ],
})

it('the parts of a duration are added', () => {
  expect(parseDuration('1h1m1.5s')).toBe(3_661_500_000_000n)
  expect(parseDuration('-1.5h')).toBe(-5_400_000_000_000n)
})
