// The names that a publisher sets, from packaging/placeholders.json, and what follows from them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const PLACEHOLDER = 'OWNER'

const read = (file) => JSON.parse(readFileSync(`${ROOT}${file}`, 'utf8'))

/** The names of a release. @param given the names of the publisher */
export function releaseNames(given = read('packaging/placeholders.json')) {
  const { organisation, repository, host, registry, npmRegistry, npmPackage, site } = given
  const { version, license, description, keywords, engines } = read('package.json')
  const repositoryUrl = `${host}/${organisation}/${repository}`
  return {
    version,
    license,
    description,
    keywords,
    engines,
    organisation,
    npmPackage,
    repositoryUrl,
    site,
    rulePages: rulePages({ organisation, repositoryUrl, site, version }),
    tag: `v${version}`,
    downloads: `${repositoryUrl}/releases/download/v${version}`,
    image: `${registry}/${organisation.toLowerCase()}/${npmPackage}`,
    npmTarball: `${npmRegistry}/${npmPackage}/-/${npmPackage}-${version}.tgz`,
  }
}

/** The address of rule pages with `{rule}`: on the site, else in the repository at the tag. Empty without names. */
function rulePages({ organisation, repositoryUrl, site, version }) {
  if (site !== '') return `${site.replace(/\/$/, '')}/rules/{rule}.html`
  return organisation === PLACEHOLDER
    ? ''
    : `${repositoryUrl}/blob/v${version}/docs/rules/{rule}.md`
}
