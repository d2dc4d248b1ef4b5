// Makes the files of a release in a folder.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { buildSite } from '../site/build.mjs'
import { releaseNotes } from './changelog.mjs'
import {
  dockerfile,
  homebrewFormula,
  krewManifest,
  npmManifest,
  PROGRAM_FILES,
} from './manifests.mjs'
import { canMakeExecutable, executableName, makeExecutable } from './executable.mjs'
import { releaseNames, ROOT } from './names.mjs'
import { billOfMaterials } from './sbom.mjs'

const TSC = 'node_modules/@typescript/native/bin/tsc'
const VSCE = 'node_modules/@vscode/vsce/vsce'
const META = `${ROOT}.build/release-metafiles.json`

/** The files and folders of the package, and where the build makes them. */
const PACKAGE = {
  'cli.cjs': 'server/dist/cli.cjs',
  cli: 'server/dist/cli',
  'evaluator.cjs': 'server/dist/evaluator.cjs',
  'evaluator.d.ts': '.build/server/evaluator/evaluator.d.ts',
  LICENSE: 'LICENSE',
  'THIRD_PARTY_LICENSES.txt': 'dist/THIRD_PARTY_LICENSES.txt',
}

/**
 * Builds the program and makes all files: `npm` (the package, packed as a tarball), `tree` (what a tag contains, for the
 * action and pre-commit), `docker` (the context of the image), `site` (the documents), manifests, the extension, an
 * executable for the platform of this machine, a bill of materials, checksums.
 *
 * @param {string} folder an empty folder
 * @param {{ vsix: boolean, executable: boolean, preRelease?: boolean }} options
 * @returns the files at the top of the folder, with their sizes
 */
export async function makeRelease(folder, { vsix, executable, preRelease = false }) {
  const names = releaseNames()
  const write = (file, content) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
  }
  run('node', [TSC, '-b', 'shared', 'server', 'client'])
  run('node', ['esbuild.mjs', '--meta', META])

  makePackage(`${folder}/npm`, names)
  run(
    'npm',
    ['pack', '--pack-destination', folder, '--silent', '--ignore-scripts'],
    `${folder}/npm`,
  )
  const tarball = `${names.npmPackage}-${names.version}.tgz`
  const sha256 = checksumOf(join(folder, tarball))

  makePackage(`${folder}/tree`, names)
  for (const file of ['action.yml', 'dist/action.cjs', '.pre-commit-hooks.yaml'])
    write(`tree/${file}`, readFileSync(`${ROOT}${file}`))

  write('docker/Dockerfile', dockerfile(names))
  for (const file of PROGRAM_FILES)
    cpSync(join(folder, 'npm', file), join(folder, 'docker', file), { recursive: true })

  write(`${names.npmPackage}.yaml`, krewManifest(names, { archive: tarball, sha256 }))
  write(`${names.npmPackage}.rb`, homebrewFormula(names, { sha256 }))
  const metafiles = JSON.parse(readFileSync(META, 'utf8'))
  const bom = billOfMaterials(metafiles, { root: ROOT, names })
  write(`${names.npmPackage}-${names.version}.cdx.json`, `${JSON.stringify(bom, undefined, 2)}\n`)
  const changelog = readFileSync(`${ROOT}CHANGELOG.md`, 'utf8')
  write('NOTES.md', `${releaseNotes(changelog, names.version)}\n`)
  buildSite(`${folder}/site`, names)
  if (vsix)
    makeExtension(join(folder, `istio-ambient-policy-${names.version}.vsix`), { names, preRelease })
  if (executable && canMakeExecutable()) {
    run('node', ['esbuild.mjs', '--only', 'executable'])
    const name = executableName(`${names.npmPackage}-${names.version}`)
    makeExecutable(`${ROOT}.build/executable/cli.cjs`, join(folder, name), `${ROOT}.build`)
  }
  write('SHA256SUMS', checksums(folder))
  return topFiles(folder)
}

/** The images of the readme are those of the site, if there is one. */
function makeExtension(out, { names, preRelease }) {
  run('node', [
    VSCE,
    'package',
    '--no-dependencies',
    ...(preRelease ? ['--pre-release'] : []),
    ...(names.site === '' ? [] : ['--baseImagesUrl', names.site]),
    '--out',
    out,
  ])
}

function makePackage(folder, names) {
  mkdirSync(folder, { recursive: true })
  for (const [file, source] of Object.entries(PACKAGE))
    cpSync(`${ROOT}${source}`, join(folder, file), { recursive: true })
  chmodSync(join(folder, 'cli.cjs'), 0o755)
  const readme = readFileSync(`${ROOT}packaging/README.md`, 'utf8')
  writeFileSync(join(folder, 'README.md'), readme.replace('REPOSITORY', names.repositoryUrl))
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify(npmManifest(names), undefined, 2)}\n`,
  )
}

function topFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ file: name, bytes: readFileSync(join(folder, name)).length }))
}

/** A line for each file, as `sha256sum --check` reads it. */
function checksums(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => `${checksumOf(file)}  ${relative(folder, file).replaceAll('\\', '/')}\n`)
    .join('')
}

function checksumOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

function run(command, args, cwd = ROOT) {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}
