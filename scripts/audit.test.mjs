import { expect, it } from 'vitest'
import { readAudit } from './audit.mjs'

it('the audit lists the vulnerable packages', () => {
  const answer = {
    vulnerabilities: { a: { severity: 'high' }, b: { severity: 'low' } },
    metadata: { vulnerabilities: { info: 0, low: 1, moderate: 0, high: 1, critical: 0, total: 2 } },
  }
  expect(readAudit(JSON.stringify(answer))).toEqual({ vulnerable: ['a (high)', 'b (low)'] })
  expect(
    readAudit(JSON.stringify({ vulnerabilities: {}, metadata: { vulnerabilities: { total: 0 } } })),
  ).toEqual({ vulnerable: [] })
})

it('an audit without counts has no answer, and says why', () => {
  expect(
    readAudit('{"message": "405 Method Not Allowed", "statusCode": 405, "error": {"summary": ""}}'),
  ).toEqual({ unanswered: '405 Method Not Allowed' })
  expect(
    readAudit(
      '{"error": {"code": "ENOLOCK", "summary": "This command requires an existing lockfile."}}',
    ),
  ).toEqual({ unanswered: 'This command requires an existing lockfile.' })
  expect(readAudit('{}')).toEqual({ unanswered: 'the answer has no counts' })
  expect(readAudit('npm error network\nmore')).toEqual({ unanswered: 'npm error network' })
  expect(readAudit('')).toEqual({ unanswered: 'npm printed nothing' })
})
