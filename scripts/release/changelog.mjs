// The changelog of a release.

/**
 * The changelog with the heading of the release in place of "Unreleased".
 *
 * @param {string} text
 * @param {{ version: string, date: string }} release the date as YYYY-MM-DD
 */
export function datedChangelog(text, { version, date }) {
  if (!/^## Unreleased$/m.test(text))
    throw new Error('CHANGELOG.md has no heading "## Unreleased".')
  return text
    .replace(/^## Unreleased$/m, `## Unreleased\n\n## ${version} (${date})`)
    .replace(/ Nothing is released yet: the next release is [\d.]+\.$/m, '')
}

/** The notes of a release: its part of the changelog, or the unreleased part before the release. */
export function releaseNotes(text, version) {
  const parts = text.split(/^## /m)
  const part =
    parts.find((each) => each.startsWith(`${version} (`)) ??
    parts.find((each) => each.startsWith('Unreleased\n')) ??
    ''
  return part.slice(part.indexOf('\n') + 1).trim()
}
