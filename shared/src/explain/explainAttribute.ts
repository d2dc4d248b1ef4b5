import type { Mesh } from '../mesh/mesh.js'
import type { AuthorizationPolicy } from '../resources/authorizationPolicy.js'
import {
  OPERATION_FIELDS,
  SOURCE_FIELDS,
  type AttributeField,
} from '../vocabulary/attributeFields.js'
import type { AttributeLayer } from '../vocabulary/attributes.js'
import { attributeOfKey } from '../vocabulary/whenKeys.js'
import type { FieldPath, PathSegment } from '../yaml/node.js'
import { layerOfKey } from '../ztunnel/attributes.js'
import { escapeMarkdown } from './escapeMarkdown.js'
import { explainAuthorizationPolicy } from './explainAuthorizationPolicy.js'
import type { AuthorizationPolicyExplanation } from './explanation.js'
import { ATTRIBUTE_WORDS, type AttributeWords } from './support/attributeWords.js'
import { sentence } from './support/notes.js'

interface Attribute {
  readonly title: string
  readonly negative: boolean
  readonly layer: AttributeLayer
  /** Undefined for a `when` key that Istio does not know. */
  readonly words: AttributeWords | undefined
  /** Index in `spec.rules`. */
  readonly rule: number
}

export const LAYER_WORDS: Readonly<Record<AttributeLayer, string>> = {
  L4: 'layer 4 · ztunnel and waypoints match it',
  L7: 'layer 7 · waypoints match it, ztunnel cannot see it',
  ignored: 'waypoints match it, ztunnel ignores it',
}

const DROPPED = 'the whole ALLOW rule is dropped'
const IGNORED = 'ignored: the rule then matches more, or nothing'

/** What an attribute of a rule means, which proxies match it, and its effect here; undefined for other fields. */
export function explainAttribute(
  mesh: Mesh,
  policy: AuthorizationPolicy,
  path: FieldPath,
): string | undefined {
  const attribute = attributeAt(policy, path)
  if (!attribute) return undefined
  const { title, negative, layer, words } = attribute
  const known = words ?? {
    meaning: 'Istio does not know this key; ztunnel treats it as an HTTP attribute.',
    matching: '',
    atWaypoint: '',
  }
  const isDropped = policy.action !== 'DENY' && layer !== 'ignored'
  const lines = [
    `**${escapeMarkdown(title)}** — ${LAYER_WORDS[layer]}`,
    `**Here**: ${escapeMarkdown(effectHere(explainAuthorizationPolicy(mesh, policy), attribute))}`,
    negative ? `Matches if none of the values matches. ${known.meaning}` : known.meaning,
    [
      ...(known.matching === '' ? [] : [`- **Values**: ${known.matching}`]),
      ...(layer === 'L4' ? [] : [`- **At ztunnel**: ${isDropped ? DROPPED : IGNORED}`]),
      ...(known.atWaypoint === '' ? [] : [`- **At a waypoint**: ${known.atWaypoint}`]),
    ].join('\n'),
  ].filter((line) => line !== '')
  return `${lines.join('\n\n')}\n`
}

function attributeAt(policy: AuthorizationPolicy, path: FieldPath): Attribute | undefined {
  const [spec, rules, rule, part, index, holder, name] = path
  if (spec !== 'spec' || rules !== 'rules' || typeof rule !== 'number') return undefined
  if (part === 'when' && typeof index === 'number') return conditionAt(policy, rule, index)
  if (part === 'from' && holder === 'source') return fieldAt(SOURCE_FIELDS, name, rule)
  return part === 'to' && holder === 'operation' ? fieldAt(OPERATION_FIELDS, name, rule) : undefined
}

function fieldAt(
  fields: readonly AttributeField[],
  name: PathSegment | undefined,
  rule: number,
): Attribute | undefined {
  const known = fields.find(({ field }) => field === name)
  return (
    known && {
      title: known.field,
      negative: known.negated,
      layer: known.layer,
      words: ATTRIBUTE_WORDS[known.attribute],
      rule,
    }
  )
}

function conditionAt(
  policy: AuthorizationPolicy,
  rule: number,
  index: number,
): Attribute | undefined {
  const key = policy.rules[rule]?.when?.[index]?.key
  if (key === undefined || key === '') return undefined
  const known = attributeOfKey(key)
  return {
    title: key,
    negative: false,
    layer: layerOfKey(key),
    words: known && ATTRIBUTE_WORDS[known.attribute],
    rule,
  }
}

/** The effect of the attribute in this policy. */
function effectHere(
  { summary, rules, action }: AuthorizationPolicyExplanation,
  { layer, rule }: Attribute,
): string {
  const outcome = rules.find(({ index }) => index === rule)
  const atZtunnel =
    outcome &&
    (outcome.ztunnel === 'dropped' ||
      outcome.ztunnel === 'never matches' ||
      (outcome.ztunnel === 'erased' && layer !== 'L4'))
  const consequence = !atZtunnel
    ? ''
    : outcome.ztunnel === 'never matches'
      ? `at ztunnel this ${action} rule never matches: ${outcome.note}`
      : outcome.note
  return sentence(consequence === '' ? summary : `${summary}. ${sentence(consequence)}`)
}
