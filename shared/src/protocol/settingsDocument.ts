import type { Completion, Completions, Suggestion } from '../completion/completion.js'
import { fieldItem, valueItem } from '../completion/completionItems.js'
import * as known from '../completion/known.js'
import type { Cursor } from '../completion/looseDocument.js'
import { readLoosely } from '../completion/readLoosely.js'
import type { Field } from '../explain/fields/field.js'
import type { Mesh } from '../mesh/mesh.js'
import { ISTIOD_FLAGS } from '../mesh/settings.js'
import { RULE_CATALOGUE } from '../rules/catalogue.js'
import { NEWEST_RELEASE } from '../vocabulary/releases.js'
import type { FieldPath } from '../yaml/node.js'
import type { SettingFacts } from './settingFacts.js'
import { SETTING_FACTS } from './settingTable.js'

/** The keys and values at the cursor of a settings file; undefined if there are none. */
export function completeSettings(
  mesh: Mesh,
  text: string,
  offset: number,
): Completions | undefined {
  const document = readLoosely(text, offset)
  const { cursor } = document
  const facts = cursor && factsOfSetting(cursor.path)
  if (!facts) return undefined
  const written = document.keys(...cursor.path)
  const keys = cursor.on === 'value' ? [] : fieldsOf(facts, cursor.path)
  const items = [
    ...keys.filter(({ name }) => !written.includes(name)).map((key) => fieldItem(key, cursor, '')),
    ...(cursor.on === 'key' ? [] : valueItems(mesh, facts, cursor)),
  ]
  return items.length === 0 ? undefined : { span: cursor.span, items }
}

/** What a setting does, in Markdown; undefined for a path that is no setting. */
export function explainSetting(path: FieldPath): string | undefined {
  const name = path.filter((segment) => typeof segment === 'string').join('.')
  const facts = factsOfSetting(path)
  if (!facts || name === '') return undefined
  const { description, values = {} } = facts
  const choices = Object.entries(values).map(([value, effect]) =>
    effect === '' ? `- \`${value}\`` : `- \`${value}\`: ${effect}`,
  )
  const preset = defaultOf(facts, path)
  const parts = [
    `**${name}**`,
    description,
    choices.join('\n'),
    preset === undefined ? '' : `Default: \`${preset}\``,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** The setting at a path; undefined if it is not known. */
function factsOfSetting(path: FieldPath): SettingFacts | undefined {
  let facts: SettingFacts | undefined = SETTING_FACTS
  for (const [depth, segment] of path.entries()) {
    if (depth === 1 && path[0] === 'rules') return isRule(segment) ? LEVEL : undefined
    facts = typeof segment === 'number' ? facts?.items : facts?.properties?.[segment]
  }
  return facts
}

function isRule(name: string | number): boolean {
  return RULE_CATALOGUE.some((rule) => rule.name === name)
}

const LEVEL: SettingFacts = {
  type: 'string',
  description: 'The level of the findings of this rule.',
  values: {
    error: 'The command line fails.',
    warning: '',
    information: '',
    hint: '',
    off: 'The rule reports nothing.',
  },
}

function fieldsOf({ properties = {} }: SettingFacts, path: FieldPath): readonly Field[] {
  if (path.length === 1 && path[0] === 'rules')
    return RULE_CATALOGUE.map(({ name, level }) => ({ name, holds: 'scalar', detail: level }))
  return Object.entries(properties).map(([name, facts]) => {
    const preset = defaultOf(facts, [...path, name])
    return {
      name,
      holds: facts.type === 'object' ? 'map' : facts.type === 'array' ? 'list' : 'scalar',
      documentation: facts.description,
      ...(preset === undefined ? {} : { detail: `default: ${preset}` }),
    }
  })
}

function defaultOf({ default: value }: SettingFacts, path: FieldPath): string | undefined {
  const [section, name] = path
  const flag =
    section === 'flags' ? Object.entries(ISTIOD_FLAGS).find(([key]) => key === name) : undefined
  const level =
    section === 'rules' ? RULE_CATALOGUE.find((rule) => rule.name === name)?.level : undefined
  return value ?? level ?? (flag ? String(flag[1]) : undefined)
}

function valueItems(mesh: Mesh, facts: SettingFacts, cursor: Cursor): Completion[] {
  const isList =
    facts.type === 'array' && cursor.on === 'open' && typeof cursor.path.at(-1) !== 'number'
  if (isList || facts.type === 'object') return []
  return suggestionsFor(mesh, facts, cursor.path).map((value) => valueItem(value, cursor, ''))
}

function suggestionsFor(mesh: Mesh, facts: SettingFacts, path: FieldPath): readonly Suggestion[] {
  if (facts.values)
    return Object.entries(facts.values).map(([value, documentation]) => ({
      value,
      kind: 'enum',
      documentation,
    }))
  if (facts.type === 'boolean')
    return ['true', 'false'].map((value) => ({ value, kind: 'enum', isLiteral: true }))
  switch (path.at(-1)) {
    case 'istioVersion':
      return RELEASES.map((value) => ({ value, kind: 'enum', isText: true }))
    case 'rootNamespace':
    case 'namespace':
      return mesh.get(known.namespaces, '')
    case 'trustDomain':
      return [{ value: mesh.settings.trustDomain, kind: 'value', detail: 'of this mesh' }]
    default:
      return []
  }
}

/** The newest releases. */
const RELEASES: readonly string[] = Array.from({ length: 8 }, (_, index) => {
  const [major = '1', minor = '0'] = NEWEST_RELEASE.split('.')
  return `${major}.${Number(minor) - index}`
})
