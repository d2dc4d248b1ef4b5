import type { Condition, Rule } from '../../resources/authorizationPolicy.js'
import {
  fieldNamed,
  OPERATION_FIELDS,
  SOURCE_FIELDS,
  type AttributeField,
} from '../../vocabulary/attributeFields.js'
import type { ValueFormat } from '../../vocabulary/attributes.js'
import { compact } from '../../text/collections.js'
import { isPlaceholder, openPattern } from '../../yaml/placeholder.js'

/**
 * Which values another tool fills in: those with which a rule matches the fewest requests, or those with which it
 * matches the most.
 */
export type Extreme = 'fewest' | 'most'

const EVERY_ADDRESS = ['0.0.0.0/0', '::/0']

/** The rules with the values that another tool may fill in. */
export function openRules(rules: readonly Rule[], extreme: Extreme): readonly Rule[] {
  return compact(
    rules.flatMap(({ from, to, when }): Rule[] => {
      const sources = entriesAs(from, SOURCE_FIELDS, extreme)
      const operations = entriesAs(to, OPERATION_FIELDS, extreme)
      const conditions = when?.map((condition) => conditionAs(condition, extreme))
      if (sources === 'none' || operations === 'none' || conditions?.includes('none')) return []
      return [
        {
          from: sources,
          to: operations,
          when: conditions?.filter((each) => typeof each !== 'string'),
        },
      ]
    }),
  )
}

type Entry = Readonly<Record<string, readonly string[]>>

/** The entries of `from` or `to`; undefined if they match every request, `none` if they match no request. */
function entriesAs<F extends string>(
  entries: readonly (Readonly<Partial<Record<F, readonly string[]>>> | undefined)[] | undefined,
  fields: readonly AttributeField<F>[],
  extreme: Extreme,
): readonly (Entry | undefined)[] | undefined | 'none' {
  if (entries === undefined) return undefined
  const open = entries.map((entry) => entry && entryAs(entry, fields, extreme))
  if (open.includes('all')) return undefined
  const left = open.filter((entry) => typeof entry !== 'string')
  return left.length === 0 && entries.length > 0 ? 'none' : left
}

function entryAs<F extends string>(
  entry: Readonly<Partial<Record<F, readonly string[]>>>,
  fields: readonly AttributeField<F>[],
  extreme: Extreme,
): Entry | 'all' | 'none' {
  const result: Record<string, readonly string[]> = {}
  for (const { field, negated, format } of fields) {
    const values = entry[field]
    if (!values) continue
    const open = valuesAs(values, format, { negated, extreme })
    if (open === 'none') return 'none'
    if (open === 'any account') result[negated ? 'notPrincipals' : 'principals'] = ['*']
    else if (open !== 'all') result[field] = open
  }
  return Object.keys(result).length === 0 ? 'all' : result
}

/** The values of a field; `all` if it matches every request, `none` if it matches no request. */
function valuesAs(
  values: readonly string[],
  format: ValueFormat,
  { negated, extreme }: { readonly negated: boolean; readonly extreme: Extreme },
): readonly string[] | 'all' | 'none' | 'any account' {
  if (!values.some(isPlaceholder)) return values
  const isWide = negated === (extreme === 'fewest')
  if (!isWide) {
    // No request has a placeholder as its value, but an address and a port cannot have one.
    if (format === 'any' || format === 'wildcard' || format === 'path') return values
    const known = values.filter((value) => !isPlaceholder(value))
    return known.length > 0 ? known : negated ? 'all' : 'none'
  }
  if (format === 'port') return negated ? 'none' : 'all'
  if (format === 'service account') return 'any account'
  return values.flatMap((value) => {
    if (!isPlaceholder(value)) return value
    return format === 'address' ? EVERY_ADDRESS : openPattern(value)
  })
}

function conditionAs(condition: Condition, extreme: Extreme): Condition | 'all' | 'none' {
  const { key } = condition
  if (isPlaceholder(key)) return extreme === 'most' ? 'all' : 'none'
  const format = formatOfKey(key)
  const values = listAs(condition.values, format, { negated: false, extreme })
  const notValues = listAs(condition.notValues, format, { negated: true, extreme })
  if (values === 'none' || notValues === 'none') return 'none'
  if (values === 'any account' || notValues === 'any account')
    return {
      key: 'source.principal',
      values: values === 'any account' ? ['*'] : [],
      notValues: notValues === 'any account' ? ['*'] : [],
    }
  const open = {
    key,
    values: values === 'all' ? [] : values,
    notValues: notValues === 'all' ? [] : notValues,
  }
  return open.values.length + open.notValues.length === 0 ? 'all' : open
}

function listAs(...given: Parameters<typeof valuesAs>): ReturnType<typeof valuesAs> {
  return given[0].length === 0 ? given[0] : valuesAs(...given)
}

const FIELD_OF_KEY: Readonly<Record<string, string>> = {
  'source.ip': 'ipBlocks',
  'remote.ip': 'remoteIpBlocks',
  'destination.ip': 'ipBlocks',
  'destination.port': 'ports',
  'source.serviceAccount': 'serviceAccounts',
}

function formatOfKey(key: string): ValueFormat {
  return fieldNamed(FIELD_OF_KEY[key] ?? '')?.format ?? 'any'
}
