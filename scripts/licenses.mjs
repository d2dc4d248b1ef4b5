// Writes the licences of all bundled packages to one file.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * @param {readonly import('esbuild').Metafile[]} metafiles of the bundles
 * @param {{ root: string, out: string }} paths the folder of the inputs, and the file to write
 */
export function writeLicenses(metafiles, { root, out }) {
  const folders = new Set(
    metafiles
      .flatMap(({ inputs }) => Object.keys(inputs))
      .map(packageFolderOf)
      .filter((folder) => folder !== undefined),
  )
  const texts = new Map([...folders].sort().map((folder) => licenseOf(join(root, folder))))
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(
    out,
    ['This extension contains the following software.', ...texts.values()].join(
      `\n\n${'-'.repeat(100)}\n\n`,
    ),
  )
}

/** `node_modules/a/node_modules/@b/c/lib/x.js` → `node_modules/a/node_modules/@b/c` */
function packageFolderOf(input) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]
}

function licenseOf(folder) {
  const { name, version, license, homepage } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  )
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry))
  if (file === undefined && license === undefined) throw new Error(`${name} has no licence.`)
  const text =
    file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8').trim()
  return [
    `${name}@${version}`,
    `${name} ${version} (${license})${homepage === undefined ? '' : `\n${homepage}`}\n\n${text}`,
  ]
}
