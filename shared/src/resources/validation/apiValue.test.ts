import { expect, it } from 'vitest'
import type { YamlNode } from '../../yaml/node.js'
import { parseYaml } from '../../yaml/parseYaml.js'
import { apiKey, apiValue } from './apiValue.js'

function root(text: string): YamlNode {
  return parseYaml(text).root!
}

// What sigs.k8s.io/yaml makes of these words.
it.each<[string, unknown]>([
  ['80', 80],
  ['"80"', '80'],
  ["'80'", '80'],
  ['yes', true],
  ['Yes', true],
  ['yEs', 'yEs'],
  ['y', true],
  ['N', false],
  ['on', true],
  ['off', false],
  ['"on"', 'on'],
  ['nobody', 'nobody'],
  ['true', true],
  ['null', null],
  ['~', null],
  ['0o17', 15],
  ['0b11', 3],
  ['1_000', 1000],
  ['-0b1', -1],
  ['0x1F', 31],
  ['1.5', 1.5],
  ['1e3', 1000],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['1.2.3', '1.2.3'],
  ['2024-01-01', '2024-01-01'],
  ['1:30', '1:30'],
  ['0b12', '0b12'],
  ['a_1', 'a_1'],
  ['!!str 80', '80'],
  ['|-\n  yes', 'yes'],
])('the API server reads %s as %j', (text, value) => {
  expect(apiValue(root(`a: ${text}`))).toEqual({ a: value })
})

it.each([
  ['80', '80'],
  ['"080"', '080'],
  ['080', '80'],
  ['0x50', '80'],
  ['80.0', '80'],
  ['a80', 'a80'],
  ['8_080', '8080'],
  ['"8_080"', '8_080'],
])('the API server reads the key %s as %s', (key, value) => {
  const node = root(`${key}: x`)
  expect(node.type === 'map' ? node.entries.map(apiKey) : []).toEqual([value])
})

it('unusual keys are own properties, and single surrogates are replaced', () => {
  const value = apiValue(root('{"__proto__": {"a": 1}, "constructor": 2, "x\\uD800": 3}'))
  expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor', 'x\ufffd'])
})
