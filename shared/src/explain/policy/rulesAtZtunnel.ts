import type { AuthorizationPolicy, Rule } from '../../resources/authorizationPolicy.js'
import { SOURCE_FIELDS } from '../../vocabulary/attributeFields.js'
import type { Conversion, ConvertedRule } from '../../ztunnel/convertAuthorizationPolicy.js'
import type { RuleExplanation } from '../explanation.js'
import { listedUpTo } from '../support/notes.js'
import { ruleSentence } from './ruleWords.js'

/** The effect of each rule of a policy at ztunnel (`ambient/authorization.go:398-657`). */
export function rulesAtZtunnel(
  policy: AuthorizationPolicy,
  conversion: Conversion,
): RuleExplanation[] {
  return policy.rules.flatMap((rule, index) => {
    const converted = conversion.rules[index]
    return converted
      ? [
          {
            index,
            text: ruleSentence(policy, rule, 'written'),
            ...ruleAtZtunnel(policy, rule, { converted, conversion }),
          },
        ]
      : []
  })
}

function ruleAtZtunnel(
  policy: AuthorizationPolicy,
  rule: Rule,
  { converted, conversion }: { converted: ConvertedRule; conversion: Conversion },
): Pick<RuleExplanation, 'ztunnel' | 'note'> {
  if (conversion.notSent) return { ztunnel: 'not sent', note: '' }
  const unsupported = listedUpTo([...new Set(converted.unsupported.map(({ name }) => name))], 'and')
  if (!converted.rule)
    return {
      ztunnel: 'dropped',
      note: `ztunnel sees only connections: it drops the whole rule because of ${unsupported}`,
    }
  const ignored = ignoredFields(rule)
  const left = listedUpTo(
    [...new Set([...converted.unsupported.map(({ name }) => name), ...ignored])],
    'and',
  )
  if (!converted.effective)
    return {
      ztunnel: 'never matches',
      note:
        left === ''
          ? 'no value in it can match'
          : `ztunnel ignores ${left}: a part of the rule is then empty, and an empty part matches nothing`,
    }
  if (left === '') return { ztunnel: 'kept', note: '' }
  return {
    ztunnel: 'erased',
    note: `ztunnel ignores ${left}, so the rule matches more: it ${ruleSentence(policy, rule, 'ztunnel')}`,
  }
}

/** Attributes that ztunnel ignores, which no status reports. */
function ignoredFields(rule: Rule): string[] {
  const ignored = SOURCE_FIELDS.filter(({ layer }) => layer === 'ignored').map(({ field }) => field)
  return (rule.from ?? []).flatMap((source) => ignored.filter((field) => source?.[field]))
}
