// The settings as tables, from the manifest of the extension.
import { table } from './regions.mjs'

const SECTION = 'istioAmbientPolicy.'

/** One row for each setting, with its key in a settings file. */
export function settingsTable(properties) {
  const rows = Object.entries(properties).map(([key, property]) => {
    return [
      `\`${key.slice(SECTION.length)}\``,
      typeOf(property),
      defaultOf(property),
      meaningOf(property),
    ]
  })
  return table(['setting', 'type', 'default', 'meaning'], rows)
}

/** One row for each flag of istiod that the setting `flags` knows. @param defaults of istiod, by name. */
export function istiodFlagsTable(defaults) {
  const rows = Object.entries(defaults).map(([name, value]) => [`\`${name}\``, `\`${value}\``])
  return table(['flag of istiod', 'default'], rows)
}

function typeOf({ type, items }) {
  return type === 'array'
    ? `list of ${items.type === 'object' ? 'mapping' : items.type}s`
    : type === 'object'
      ? 'mapping'
      : type
}

function defaultOf({ default: value }) {
  const isEmpty = value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
  return isEmpty ? '' : `\`${value}\``
}

function meaningOf({
  markdownDescription,
  enum: values = [],
  enumDescriptions = [],
  additionalProperties,
  ...limits
}) {
  const described = values.map((value, index) => {
    const description = enumDescriptions[index]
    return description ? `\`${value}\`: ${description}` : `\`${value}\``
  })
  const ofEach = additionalProperties?.enum?.map((value) => `\`${value}\``) ?? []
  return [markdownDescription, ...limitsOf(limits), valuesText(described), valuesText(ofEach)]
    .filter((text) => text !== '')
    .join(' ')
}

function limitsOf({ minimum, exclusiveMinimum, maximum }) {
  return [
    minimum === undefined ? '' : `At least ${minimum}.`,
    exclusiveMinimum === undefined ? '' : `Above ${exclusiveMinimum}.`,
    maximum === undefined ? '' : `At most ${maximum}.`,
  ]
}

function valuesText(values) {
  if (values.length === 0) return ''
  return values.some((value) => value.endsWith('.'))
    ? values.map((value) => `<br>${value}`).join(' ')
    : `Values: ${values.join(', ')}.`
}
