// The settings file `.ambient-policy.yaml` as a JSON schema for editors, and as a table for the language server. Both
// come from the manifest of the extension.
import { formatted } from '../formatted.mjs'
import { readManifest } from '../readManifest.mjs'

const SECTION = 'istioAmbientPolicy.'

/** The JSON schema of the settings file. @param rules the catalogue: each rule with `name`; @param docsOf its page. */
export function settingsJsonSchema(properties, { rules, docsOf }) {
  const tree = nested(properties)
  const level = tree.properties.rules.additionalProperties
  tree.properties.rules = {
    ...tree.properties.rules,
    additionalProperties: false,
    properties: Object.fromEntries(
      rules.map((rule) => [rule.name, { ...level, description: docsOf(rule).summary }]),
    ),
  }
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Settings of ${readManifest().displayName}`,
    ...tree,
  }
  return formatted('schema.json', JSON.stringify(schema, null, 2))
}

/** The TypeScript file with the same table, without the rules. */
export function settingsTableFile(properties) {
  const text = `// Generated from package.json by \`npm run docs\`.
import type { SettingFacts } from './settingFacts.js'

/** The settings that a settings file can have. */
export const SETTING_FACTS: SettingFacts = ${JSON.stringify(factsOf(nested(properties)))}
`
  return formatted('settings.ts', text)
}

/** `a.b` becomes a mapping `a` with the property `b`. */
function nested(properties) {
  const root = { type: 'object', additionalProperties: false, properties: {} }
  for (const [key, property] of Object.entries(properties)) {
    const path = key.slice(SECTION.length).split('.')
    let parent = root
    for (const segment of path.slice(0, -1))
      parent = parent.properties[segment] ??= {
        type: 'object',
        additionalProperties: false,
        properties: {},
      }
    parent.properties[path.at(-1)] = schemaOf(property)
  }
  return root
}

/** A property of the manifest without what only VS Code reads. */
function schemaOf({
  markdownDescription,
  scope: _scope,
  patternErrorMessage: _message,
  default: value,
  ...schema
}) {
  const isUnset = value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
  return {
    ...schema,
    // YAML reads a release without quotes as a number.
    ...(schema.pattern === undefined ? {} : { type: ['string', 'number'] }),
    ...(isUnset ? {} : { default: value }),
    description: inFile(markdownDescription),
  }
}

/** Paths in a settings file are relative to the file. */
function inFile(text) {
  return text.replaceAll('relative to the workspace folder', 'relative to this file')
}

function factsOf({
  type,
  description = '',
  properties,
  items,
  enum: values,
  enumDescriptions = [],
  default: value,
}) {
  return {
    type: Array.isArray(type) ? type[0] : type,
    description,
    ...(value === undefined ? {} : { default: String(value) }),
    ...(values
      ? {
          values: Object.fromEntries(
            values.map((name, index) => [name, enumDescriptions[index] ?? '']),
          ),
        }
      : {}),
    ...(items ? { items: factsOf(items) } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, schema]) => [name, factsOf(schema)]),
          ),
        }
      : {}),
  }
}
