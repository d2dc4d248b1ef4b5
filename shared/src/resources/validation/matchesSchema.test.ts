import { validate, type Schema } from '@cfworker/json-schema'
import { expect, it } from 'vitest'
import { readVectors } from '../../testing/fixtureFiles.js'
import { sampled } from '../../testing/runs.js'
import type { YamlNode } from '../../yaml/node.js'
import { parseYaml } from '../../yaml/parseYaml.js'
import { apiValue } from './apiValue.js'
import { matchesSchema } from './matchesSchema.js'
import {
  AUTHORIZATION_POLICY,
  GATEWAY,
  PEER_AUTHENTICATION,
  REQUEST_AUTHENTICATION,
} from './schemas.js'

const SCHEMAS: Readonly<Record<string, Schema>> = {
  AuthorizationPolicy: AUTHORIZATION_POLICY,
  PeerAuthentication: PEER_AUTHENTICATION,
  RequestAuthentication: REQUEST_AUTHENTICATION,
  Gateway: GATEWAY,
}
const GATEWAY_MANIFEST = {
  kind: 'Gateway',
  metadata: { name: 'w', labels: { a: 'b' } },
  spec: {
    gatewayClassName: 'istio-waypoint',
    listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
  },
}
const REPLACEMENTS = [
  'null',
  '0',
  '1.5',
  '70000',
  'true',
  '"x"',
  '""',
  '[]',
  '[1]',
  '{}',
  '{"x": 1}',
  'yes',
  '"DENY"',
].map(parse)
/** More than any list of a schema may have. */
const MANY = Array<YamlNode>(600).fill(parse('"x"'))

it('the result is the one of the library for every field of every vector and any value', () => {
  const manifests = [
    GATEWAY_MANIFEST,
    ...sampled(readVectors<{ readonly manifest: { readonly kind: string } }>('validation'), 24).map(
      ({ manifest }) => manifest,
    ),
  ]
  let yes = 0
  let no = 0
  for (const manifest of manifests) {
    const schema = SCHEMAS[manifest.kind]!
    for (const root of variantsOf(parse(JSON.stringify(manifest)))) {
      const fitting = matchesSchema(root, schema)
      if (fitting !== validate(apiValue(root), schema, '7', {}, true).valid)
        throw new Error(`fits says ${String(fitting)}: ${JSON.stringify(apiValue(root))}`)
      if (fitting) yes++
      else no++
    }
  }
  expect(yes).toBeGreaterThan(1000)
  expect(no).toBeGreaterThan(1000)
})

function parse(text: string): YamlNode {
  return parseYaml(text).root!
}

/** The node itself, and copies in which one part is something else or is missing. */
function* variantsOf(node: YamlNode): Generator<YamlNode> {
  yield node
  yield* REPLACEMENTS
  if (node.type === 'map') {
    for (const [index, entry] of node.entries.entries()) {
      yield { ...node, entries: node.entries.toSpliced(index, 1) }
      yield { ...node, entries: node.entries.with(index, { ...entry, key: `${entry.key}x` }) }
      for (const value of variantsOf(entry.value))
        yield { ...node, entries: node.entries.with(index, { ...entry, value }) }
    }
  }
  if (node.type === 'seq') {
    for (const [index, item] of node.items.entries())
      for (const value of variantsOf(item)) yield { ...node, items: node.items.with(index, value) }
    yield { ...node, items: [...node.items, ...MANY] }
  }
}
