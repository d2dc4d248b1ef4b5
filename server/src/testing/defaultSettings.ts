import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Settings } from '@istio-ambient-policy/shared'

const MANIFEST = fileURLToPath(new URL('../../../package.json', import.meta.url))
const SECTION = 'istioAmbientPolicy.'

/** What VS Code sends to the server where the user has changed no setting. */
export function defaultSettings(): Partial<Settings> {
  const { contributes } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {
    contributes: { configuration: { properties: Record<string, { default?: unknown }> } }
  }
  const settings: Record<string, unknown> = {}
  for (const [key, { default: value }] of Object.entries(contributes.configuration.properties)) {
    if (value === undefined) continue
    const names = key.slice(SECTION.length).split('.')
    const last = names.pop() ?? ''
    let group = settings
    for (const name of names) group = (group[name] ??= {}) as Record<string, unknown>
    group[last] = value
  }
  return settings
}
