import type { AuthorizationPolicy, Rule } from '../../resources/authorizationPolicy.js'
import { SOURCE_FIELDS } from '../../vocabulary/attributeFields.js'
import type { Conversion, ConvertedRule } from '../../ztunnel/convertAuthorizationPolicy.js'
import type { RuleExplanation } from '../explanation.js'
import { listed } from './notes.js'
import { ruleSentence } from './ruleWords.js'

/** Rule by rule what ztunnel makes of a policy (`ambient/authorization.go:398-657`). */
export function fatesOf(policy: AuthorizationPolicy, conversion: Conversion): RuleExplanation[] {
  return policy.rules.flatMap((rule, index) => {
    const converted = conversion.rules[index]
    return converted
      ? [
          {
            index,
            text: ruleSentence(policy, rule, 'written'),
            ...fateOf(policy, rule, { converted, conversion }),
          },
        ]
      : []
  })
}

function fateOf(
  policy: AuthorizationPolicy,
  rule: Rule,
  { converted, conversion }: { converted: ConvertedRule; conversion: Conversion },
): Pick<RuleExplanation, 'ztunnel' | 'note'> {
  if (conversion.notSent) return { ztunnel: 'not sent', note: '' }
  const unsupported = listed([...new Set(converted.unsupported.map(({ name }) => name))], 'and')
  if (!converted.rule)
    return {
      ztunnel: 'dropped',
      note: `ztunnel sees connections only and drops the whole rule because of ${unsupported}`,
    }
  const ignored = ignoredFields(rule)
  const left = listed(
    [...new Set([...converted.unsupported.map(({ name }) => name), ...ignored])],
    'and',
  )
  if (!converted.effective)
    return {
      ztunnel: 'never matches',
      note:
        left === ''
          ? 'no value in it can be matched'
          : `ztunnel leaves out ${left}, and a part of the rule is empty without`,
    }
  if (left === '') return { ztunnel: 'kept', note: '' }
  return {
    ztunnel: 'erased',
    note: `ztunnel leaves out ${left}, which makes the rule wider: it ${ruleSentence(policy, rule, 'ztunnel')}`,
  }
}

/** The fields that istiod removes without a status that reports it. */
function ignoredFields(rule: Rule): string[] {
  const ignored = SOURCE_FIELDS.filter(({ layer }) => layer === 'ignored').map(({ field }) => field)
  return (rule.from ?? []).flatMap((source) => ignored.filter((field) => source?.[field]))
}
