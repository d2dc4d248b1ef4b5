import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorsOf, linksIn } from './citations.mjs'
import { documents, ROOT } from './docs/documents.mjs'
import { readManifest } from './readManifest.mjs'
import { commandsWithFlags, flagsTable } from './docs/flags.mjs'
import {
  commandNamesOf,
  countWords,
  identifiersOf,
  launchNamesOf,
  pathsOf,
  withoutBlocks,
} from './docs/references.mjs'
import * as sources from './docs/sources.mjs'

const README_WORDS = 900

/** All files of the program. */
const FILES = ['client', 'scripts', 'server', 'shared'].flatMap(filesIn)
const FILE_NAMES = new Set(FILES.map((file) => basename(file)))

/** Folders that a document can leave out at the start of a path. */
const BASES = ['', 'shared/src', 'server/src', 'client/src']

const read = (file) => readFileSync(join(ROOT, file), 'utf8')
const list = (folder) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name))
const manifest = readManifest()
const program = sources.createProgram({ version: '', out: () => undefined }, () => undefined)

const DOCUMENTS = ['.', 'docs', '.github'].flatMap(list).filter((file) => file.endsWith('.md'))
const LAUNCH_NAMES = ['launch', 'tasks'].flatMap((file) =>
  [...read(`.vscode/${file}.json`).matchAll(/"(?:name|label)": "([^"]+)"/g)].map(
    ([, name]) => name,
  ),
)
const EXTENSION_NAMES = [
  'Welcome: Open Walkthrough…',
  ...manifest.contributes.walkthroughs.map(({ title }) => title),
  ...manifest.contributes.commands.flatMap(({ title, category }) => [
    title,
    `${category}: ${title}`,
  ]),
]

describe.each(DOCUMENTS)('%s', (file) => {
  const text = read(file)
  const prose = withoutBlocks(text)

  it(`all links of ${file} lead to a file and a heading`, () => {
    expect(linksIn(text).filter((link) => !isTarget(file, link))).toEqual([])
  })

  it(`all paths in ${file} exist`, () => {
    expect(pathsOf(prose, isFolder).filter((path) => !isPath(file, path))).toEqual([])
  })

  it(`all npm scripts in ${file} exist`, () => {
    const scripts = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script]) => script)
    expect(scripts.filter((script) => !Object.hasOwn(manifest.scripts, script))).toEqual([])
  })

  it(`all launch configurations and tasks in ${file} exist`, () => {
    expect(launchNamesOf(prose).filter((name) => !LAUNCH_NAMES.includes(name))).toEqual([])
  })

  it(`all commands and walkthroughs in ${file} exist`, () => {
    expect(commandNamesOf(prose).filter((name) => !EXTENSION_NAMES.includes(name))).toEqual([])
  })
})

it.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])('%s names only identifiers of the code', (file) => {
  const code = FILES.filter((path) => path.endsWith('.ts'))
    .map(read)
    .join('\n')
  const words = new Set(code.match(/\w+/g))
  expect(identifiersOf(withoutBlocks(read(file))).filter((name) => !words.has(name))).toEqual([])
})

it(`the README has at most ${README_WORDS} words`, () => {
  expect(countWords(read('README.md'))).toBeLessThanOrEqual(README_WORDS)
})

it('the README starts with the two commands', () => {
  const [first] = /```sh\n[\s\S]*?```/.exec(read('README.md')) ?? []
  expect(first).toMatch(/^npm ci && npm run demo\b/m)
  expect(first).toMatch(/^npm ci && npm test\b/m)
})

it.each(Object.entries(await documents(sources)))(
  'the generated parts of %s are current (to update them: npm run docs)',
  (file, text) => {
    expect(read(file)).toBe(text)
  },
)

it('docs/cli.md describes every command and every flag', () => {
  const text = read('docs/cli.md')
  const commands = program.commands.map((command) => command.name())
  expect(commands.filter((name) => !text.includes(`\n## ${name}\n`))).toEqual([])
  const undescribed = commandsWithFlags(program).filter(
    ({ command }) => !text.includes(flagsTable(command)),
  )
  expect(undescribed.map(({ name }) => name)).toEqual([])
})

function isFolder(name) {
  return name !== '' && BASES.some((base) => existsSync(join(ROOT, base, name)))
}

function isPath(file, path) {
  // Bundles exist only after a build.
  if (path.includes('/dist/')) return read('esbuild.mjs').includes(`'${path}'`)
  if (FILE_NAMES.has(path)) return true
  return [dirname(file), ...BASES].some((base) => existsSync(join(ROOT, base, path)))
}

function filesIn(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist'].includes(entry.name)) return []
    return entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]
  })
}

function isTarget(file, link) {
  const [path, anchor] = link.split('#')
  const target = path === '' ? file : join(dirname(file), path)
  if (!existsSync(join(ROOT, target))) return false
  return anchor === undefined || anchorsOf(read(target)).has(anchor)
}
