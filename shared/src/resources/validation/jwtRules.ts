import { checkDuration } from './duration.js'
import type { Field } from './field.js'
import { checkJwks } from './jwks.js'
import { checkJwksUri } from './jwksUri.js'
import { problemAt, type ReportProblem } from './problem.js'
import type { ValueCheck } from './values.js'

/**
 * The rules of a RequestAuthentication (its resource definition; `validation.go` validateJwtRule).
 */
export function checkJwtRules(spec: Field, report: ReportProblem): void {
  for (const rule of spec.get('jwtRules').items) {
    const sources = ['jwksUri', 'jwks_uri', 'jwks']
      .map((name) => rule.get(name))
      .filter((field) => field.exists)
    if (sources.length > 1) report(problemAt(rule.path, 'only one of jwks or jwksUri can be set.'))
    if (
      rule.isMapping &&
      ['issuer', 'jwksUri', 'jwks_uri'].every((name) => rule.get(name).node === undefined)
    ) {
      report(problemAt([...rule.path, 'issuer'], 'issuer or jwksUri must be a non-empty string.'))
    }
    checkText(rule.get('jwksUri'), checkJwksUri, report)
    checkText(rule.get('jwks_uri'), checkJwksUri, report)
    checkText(rule.get('jwks'), checkJwks, report)
    checkText(rule.get('timeout'), checkDuration, report)
  }
}

function checkText(field: Field, check: ValueCheck, report: ReportProblem): void {
  const words = field.text === undefined ? undefined : check(field.text)
  if (words !== undefined) report(problemAt(field.path, words))
}
