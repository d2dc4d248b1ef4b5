import type { Resource } from '../resources/resource.js'
import { isKindName } from '../vocabulary/kinds.js'
import type { FieldPath } from '../yaml/node.js'
import { fieldAt, isDescribed } from './fields/fieldsOf.js'
import { escapeMarkdown } from './escapeMarkdown.js'

/**
 * What a key of the API means, or one of its values, in Markdown. Undefined for keys and kinds that are not described.
 *
 * @param value the text of the value, if the description is about it.
 */
export function describeField(
  { type }: Pick<Resource, 'type'>,
  path: FieldPath,
  value: string | undefined,
): string | undefined {
  const kind = isKindName(type) ? type : undefined
  const field = isDescribed(kind) ? fieldAt(kind, path) : undefined
  if (!field) return undefined
  const { documentation = '', values = {} } = field
  const effect = value === undefined ? undefined : values[value]
  const title = effect === undefined ? field.name : `${field.name}: ${value ?? ''}`
  const choices = Object.entries(values).map(([each, meaning]) => `- \`${each}\`: ${meaning}`)
  const parts = [
    `**${escapeMarkdown(title)}**`,
    effect ?? documentation,
    effect === undefined ? choices.join('\n') : '',
  ].filter((part) => part !== '')
  return parts.length === 1 ? undefined : `${parts.join('\n\n')}\n`
}
