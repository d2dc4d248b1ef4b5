import { readFileSync } from 'node:fs'
import {
  DEFAULT_SETTINGS,
  ISTIOD_FLAGS,
  LEVELS,
  PRODUCT_NAME,
  SETTINGS_SECTION,
} from '@istio-ambient-policy/shared'
import { describe, expect, it } from 'vitest'
import { readManifest } from '../../scripts/readManifest.mjs'
import * as commandNames from './commands/commandNames.js'

interface Property {
  readonly type: string
  readonly default: unknown
  readonly scope: string
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, unknown>>
  readonly additionalProperties?: { readonly enum?: readonly string[] } | boolean
  readonly markdownDescription: string
}

interface Manifest {
  readonly displayName: string
  readonly main: string
  readonly version: string
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string }[]
    readonly menus: Readonly<
      Record<string, readonly { readonly command: string; readonly when: string }[]>
    >
    readonly keybindings: readonly { readonly command: string; readonly when: string }[]
    readonly configuration: {
      readonly title: string
      readonly properties: Readonly<Record<string, Property>>
    }
  }
}

const manifest = readManifest() as Manifest
const properties = manifest.contributes.configuration.properties

/** `{a: {b: 1}}` → `[['a.b', 1]]`. `rules` and empty mappings are one setting. */
function flatten(value: object, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const name = `${prefix}${key}`
    const section =
      typeof item === 'object' && item !== null && !Array.isArray(item) && name !== 'rules'
    return section ? flatten(item, `${name}.`) : [[name, item]]
  })
}

describe('package.json', () => {
  it('the extension, its commands and its settings have one name', () => {
    const { commands, configuration } = manifest.contributes
    expect(new Set(commands.map(({ category }) => category))).toEqual(new Set([PRODUCT_NAME]))
    expect([manifest.displayName, configuration.title]).toEqual([PRODUCT_NAME, PRODUCT_NAME])
  })

  it('the manifest has every setting, with the default of the server', () => {
    // An empty value means that the files of the mesh decide. Editors have no other way to say it.
    const unset = {
      istioVersion: '',
      rootNamespace: '',
      trustDomain: '',
      flags: {},
      assumeAmbient: 'unknown-namespaces',
    }
    const expected = Object.fromEntries([...Object.entries(unset), ...flatten(DEFAULT_SETTINGS)])
    const offered = Object.fromEntries(
      Object.entries(properties).map(([name, { default: value }]) => [
        name.slice(SETTINGS_SECTION.length + 1),
        value,
      ]),
    )
    expect(Object.keys(properties).every((name) => name.startsWith(`${SETTINGS_SECTION}.`))).toBe(
      true,
    )
    expect(offered).toEqual(expected)
  })

  it('the manifest has all flags of istiod and all levels of rules', () => {
    expect(Object.keys(properties[`${SETTINGS_SECTION}.flags`]?.properties ?? {}).sort()).toEqual(
      Object.keys(ISTIOD_FLAGS).sort(),
    )
    expect(properties[`${SETTINGS_SECTION}.rules`]?.additionalProperties).toMatchObject({
      enum: [...LEVELS, 'off'],
    })
  })

  it('each setting has a description and a folder scope, except the trace', () => {
    for (const [name, { scope, markdownDescription }] of Object.entries(properties)) {
      expect([name, scope]).toEqual([name, name.endsWith('.trace.server') ? 'window' : 'resource'])
      expect(markdownDescription).toMatch(/\.$/)
    }
  })

  it('the manifest has the commands that the client registers', () => {
    expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(
      Object.values(commandNames).sort(),
    )
  })

  it('menus and keys run known commands, and only where there is a mesh', () => {
    const { keybindings, menus } = manifest.contributes
    const shown = Object.entries(menus).filter(([menu]) => menu !== 'commandPalette')
    const entries = [...shown.flatMap(([, items]) => items), ...keybindings]
    expect(entries.length).toBeGreaterThan(0)
    for (const { command, when } of entries) {
      expect(Object.values(commandNames)).toContain(command)
      expect(when).toMatch(/istioAmbientPolicy\.(hasMesh|mesh)\b/)
    }
  })

  it('every text of the manifest can be translated, and no translated text is unused', () => {
    const read = (file: string): string =>
      readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    const keys = Object.keys(JSON.parse(read('package.nls.json')) as object)
    const used = [...read('package.json').matchAll(/"%([^%"]+)%"/g)].flatMap(([, key]) => key ?? [])
    expect([...new Set(used)].sort()).toEqual(keys.sort())
    const { contributes } = JSON.parse(read('package.json')) as { contributes: object }
    // Language models read the names and schemas of tools.
    const shown = JSON.stringify(contributes, (key, value: unknown) =>
      key === 'inputSchema' || String(value).startsWith('ambient_policy_') ? undefined : value,
    )
    const texts = [
      ...shown.matchAll(
        /"(?:title|category|description|displayName|userDescription|markdownDescription|name|patternErrorMessage)":"([^"]*)"/g,
      ),
    ].flatMap(([, text]) => text ?? [])
    expect(texts.filter((text) => !text.startsWith('%'))).toEqual([])
  })
})
