// The bill of materials of the bundles, in the format CycloneDX 1.6.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @param {readonly import('esbuild').Metafile[]} metafiles of the bundles
 * @param {{ root: string, names: ReturnType<import('./names.mjs').releaseNames> }} options
 */
export function billOfMaterials(metafiles, { root, names }) {
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const folders = new Set(
    metafiles
      .flatMap(({ inputs }) => Object.keys(inputs))
      .map((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
      .filter((folder) => folder !== undefined),
  )
  const components = [...folders].sort().map((folder) => componentOf(root, folder, locked[folder]))
  const product = `pkg:npm/${names.npmPackage}@${names.version}`
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': product,
        name: names.npmPackage,
        version: names.version,
        licenses: [{ license: { id: names.license } }],
        purl: product,
      },
    },
    components,
    dependencies: [{ ref: product, dependsOn: components.map(({ purl }) => purl) }],
  }
}

function componentOf(root, folder, locked) {
  const { name, version, license } = JSON.parse(
    readFileSync(join(root, folder, 'package.json'), 'utf8'),
  )
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  const [, algorithm, digest] = /^(sha512)-(.+)$/.exec(locked?.integrity ?? '') ?? []
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    ...(license === undefined ? {} : { licenses: [{ license: { id: license } }] }),
    purl,
    ...(algorithm === undefined
      ? {}
      : { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] }),
  }
}
