// npm run release -- --dry-run: makes all files of a release, with checksums and a bill of materials.
//   --dry-run        changes nothing in the repository
//   --to FOLDER      the folder for the files (default: release)
//   --no-vsix        without the VS Code extension
//   --no-executable  without the single executable
//   --pre-release    marks the extension as a pre-release
// npm run release -- VERSION: sets the version, dates the changelog, commits and tags, then makes the files.
// Nothing is published: the last lines say which commands publish the files.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makeRelease } from './release/files.mjs'
import { datedChangelog } from './release/changelog.mjs'
import { PLACEHOLDER, releaseNames, ROOT } from './release/names.mjs'

const MANIFESTS = [
  'package.json',
  'client/package.json',
  'server/package.json',
  'shared/package.json',
]

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'dry-run': { type: 'boolean', default: false },
    to: { type: 'string', default: 'release' },
    'no-vsix': { type: 'boolean', default: false },
    'no-executable': { type: 'boolean', default: false },
    'pre-release': { type: 'boolean', default: false },
  },
})
const [version, ...others] = positionals
if (others.length > 0 || (version === undefined) !== options['dry-run'])
  fail('use either "npm run release -- --dry-run" or "npm run release -- VERSION"')
if (version !== undefined) commitRelease(version)

const folder = resolve(options.to)
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const made = await makeRelease(folder, {
  vsix: !options['no-vsix'],
  executable: !options['no-executable'],
  preRelease: options['pre-release'],
})
for (const { file, bytes } of made) console.log(`${String(bytes).padStart(10)}  ${file}`)
const names = releaseNames()
if (version !== undefined) tagTree(names.tag)
if (names.organisation === PLACEHOLDER)
  console.log(
    `\nSet the names in packaging/placeholders.json before you publish: "${PLACEHOLDER}" is a placeholder.`,
  )
else
  console.log(`
npm publish ${options.to}/${names.npmPackage}-${names.version}.tgz --provenance
gh release create ${names.tag} ${made.map(({ file }) => `${options.to}/${file}`).join(' ')} --notes-file ${options.to}/NOTES.md
git push origin ${names.tag}`)

/** Sets the version everywhere, dates the changelog and commits. */
function commitRelease(next) {
  if (!/^\d+\.\d+\.\d+$/.test(next)) fail(`VERSION must be like 1.2.3, not "${next}"`)
  if (releaseNames().organisation === PLACEHOLDER)
    fail('set the names in packaging/placeholders.json first')
  if (git('status', '--porcelain') !== '') fail('commit your changes first')
  for (const file of MANIFESTS) {
    const text = readFileSync(`${ROOT}${file}`, 'utf8')
    writeFileSync(`${ROOT}${file}`, text.replace(/("version": )"[^"]+"/, `$1"${next}"`))
  }
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit'], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  const changelog = `${ROOT}CHANGELOG.md`
  const date = new Date().toISOString().slice(0, 10)
  writeFileSync(changelog, datedChangelog(readFileSync(changelog, 'utf8'), { version: next, date }))
  git('commit', '--quiet', '--all', '--message', `Release ${next}`)
}

/** Tags a commit with the folder `tree`, on top of the commit of the release: actions and hooks are read from a tag. */
function tagTree(tag) {
  const env = { ...process.env, GIT_INDEX_FILE: `${folder}/tree.index` }
  const inTree = (...args) =>
    execFileSync('git', [`--work-tree=${folder}/tree`, ...args], {
      cwd: ROOT,
      env,
      encoding: 'utf8',
    }).trim()
  inTree('add', '--all', '--force', '--', `${folder}/tree`)
  const tree = inTree('write-tree')
  const commit = git('commit-tree', tree, '-p', 'HEAD', '-m', `Files of ${tag}`)
  git('tag', '--annotate', tag, commit, '--message', tag)
  rmSync(`${folder}/tree.index`)
}

function git(...args) {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
}

function fail(message) {
  console.error(`release: ${message}`)
  process.exit(2)
}
