import { describe, expect, it } from 'vitest'
import { createCliFolder } from '../cli/testing/cliFolder.js'
import { MESH } from '../cli/testing/commandMesh.js'
import { ScriptedClient } from '../testing/scriptedClient.js'

const POLICY =
  'apiVersion: security.istio.io/v1beta1\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: shop}\n'
const many = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(', ')
const laughs = Array.from(
  { length: 12 },
  (_, level) => `l${level}: &l${level} [${many(10, () => (level === 0 ? 'x' : `*l${level - 1}`))}]`,
).join('\n')

/** Settings files, and the start of the message about them. Undefined: they set nothing. */
const FILES: Readonly<Record<string, readonly [text: string, message: RegExp | undefined]>> = {
  'an empty file': ['', undefined],
  'only a comment': ['# x\n', undefined],
  null: ['~\n', undefined],
  'a list': ['[a]\n', /^1: The settings must be a mapping/],
  'a text': ['a text\n', /^1: The settings must be a mapping/],
  'invalid YAML': ['a: [\n', /^\d: /],
  'two documents': ['exclude: [a]\n---\nexclude: [b]\n', /^2: The settings must be one document/],
  'an empty document': ['# x\n---\n', undefined],
  'a marker before the settings': ['# x\n---\nmaxFiles: 9\n', undefined],
  'an alias bomb': [laughs, /^\d+: The aliases/],
  'an alias of itself': ['exclude: &a [*a]\n', /^1: Alias/],
  'deep nesting': [`a: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`, /^1: /],
  'an unknown key': ['excludes: [a]\n', /^1: Unknown setting "excludes"/],
  'a key of each object': ['__proto__: {exclude: [a]}\n', /^1: Unknown setting "__proto__"/],
  'the constructor': ['constructor: 1\n', /^1: Unknown setting "constructor"/],
  'a long key': [`${'a'.repeat(1_000)}: 1\n`, /^1: /],
  'many keys': [`{${many(5_000, (index) => `k${index}: 1`)}}\n`, /^1: The settings have more than/],
  'many unknown rules': [
    `rules: {${many(5_000, (index) => `r${index}: off`)}}\n`,
    /^1: rules has more than 1000 entries/,
  ],
  'an unknown rule': ['rules: {no-such-rule: off}\n', /^1: Unknown rule "no-such-rule"/],
  'an unknown level': ['rules: {yaml-syntax: loud}\n', /^1: rules\.yaml-syntax must be one of/],
  'rules as a list': ['rules: [yaml-syntax]\n', /^1: rules must be a mapping/],
  'exclude as a text': ['exclude: "**"\n', /^1: exclude must be a list/],
  'exclude with a number': ['exclude: [1]\n', /^1: exclude must be a list/],
  'many mesh roots': [`meshRoots: [${many(2_000, (index) => `r${index}`)}]\n`, /^1: meshRoots has/],
  'a negative limit': ['maxFiles: -1\n', /^1: maxFiles must be/],
  'a limit that is no number': ['maxFileSize: .nan\n', /^1: maxFileSize must be/],
  'a limit without an end': ['maxFileSize: .inf\n', /^1: maxFileSize must be/],
  'a large limit': ['maxFileSize: 100000\n', /^1: maxFileSize must be/],
  'a long trust domain': [`trustDomain: ${'a'.repeat(300)}\n`, /^1: trustDomain must be/],
  'a trust domain with a slash': ['trustDomain: a/b\n', /^1: trustDomain must be/],
  'a namespace that is none': ['rootNamespace: ../x\n', /^1: rootNamespace must be/],
  'a release that is none': ['istioVersion: "1.30; rm"\n', /^1: istioVersion must be/],
  'a chart outside': ['charts: [{path: "-x"}]\n', /^1: /],
  'a file that is too large': [`# ${'x'.repeat(1_100_000)}\n`, /^ ?is too large/],
  'bytes that are not UTF-8': ['\ufffd', /must be a mapping/],
}

describe.each(Object.entries(FILES))('settings: %s', (_, [text, message]) => {
  it('is named on the command line, which checks nothing', async () => {
    const cli = createCliFolder({ '.ambient-policy.yaml': text, 'a.yaml': MESH })
    try {
      const { errors, status } = await cli.run(['check'])
      if (message === undefined) expect({ errors, status }).toEqual({ errors: [], status: 0 })
      else {
        expect(status).toBe(2)
        expect(errors).toHaveLength(1)
        expect(errors[0]?.replace(/^\.ambient-policy\.yaml:?/, '').trimStart()).toMatch(message)
      }
    } finally {
      cli.remove()
    }
  })
})

it('settings: the server ignores wrong settings, and publishes the findings of the folder', async () => {
  const client = await ScriptedClient.start({ folders: { mesh: { 'a.yaml': POLICY } } })
  try {
    for (const [text] of Object.values(FILES)) {
      client.write('mesh/.ambient-policy.yaml', text)
      await client.changedOnDisk(['mesh/.ambient-policy.yaml', 'changed'])
      expect(client.codes('mesh/a.yaml')).toContain('deprecated-api-version')
    }
  } finally {
    await client.stop()
  }
})
