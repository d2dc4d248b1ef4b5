import type { Settings } from '@istio-ambient-policy/shared'

/** The settings that influence findings, as text. */
export function settingsKey({
  inlayHints: _hints,
  codeLens: _lenses,
  trace: _trace,
  cache: _cache,
  ...settings
}: Settings): string {
  return JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)))
}
