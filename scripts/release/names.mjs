// The names that a publisher sets, from packaging/placeholders.json, and what follows from them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const PLACEHOLDER = 'OWNER'

const read = (file) => JSON.parse(readFileSync(`${ROOT}${file}`, 'utf8'))

/** The names of a release. */
export function releaseNames() {
  const { organisation, repository, host, registry, npmRegistry, npmPackage, site } = read(
    'packaging/placeholders.json',
  )
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
    tag: `v${version}`,
    downloads: `${repositoryUrl}/releases/download/v${version}`,
    image: `${registry}/${organisation.toLowerCase()}/${npmPackage}`,
    npmTarball: `${npmRegistry}/${npmPackage}/-/${npmPackage}-${version}.tgz`,
  }
}
